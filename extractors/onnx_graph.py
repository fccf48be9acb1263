"""An ONNX model rewritten so that it runs faster and computes the same, without the library that writes such files.

Models are protocol buffers: messages of fields, each a tag (its number and how it is written) and a value. Only the few
fields that are changed are understood here; all others are copied as they stand.
"""

from collections.abc import Iterable, Mapping

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
_FIXED = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}

# Tags, as in the format's definition: model, graph, node, attribute, tensor.
_GRAPH = 7 << 3 | _BYTES
_NODE, _INITIALIZER = 1 << 3 | _BYTES, 5 << 3 | _BYTES
_INPUT, _OPERATOR, _ATTRIBUTE = 1 << 3 | _BYTES, 4 << 3 | _BYTES, 5 << 3 | _BYTES
_ATTRIBUTE_NAME, _ATTRIBUTE_FLOAT, _ATTRIBUTE_TYPE = 1 << 3 | _BYTES, 2 << 3 | _FOUR_BYTES, 20 << 3 | _VARINT
_TENSOR_TYPE, _TENSOR_NAME, _TENSOR_BYTES = 2 << 3 | _VARINT, 8 << 3 | _BYTES, 9 << 3 | _BYTES
_FLOAT = 1

_Field = tuple[int, bytes]


def with_leaky_units(model: bytes) -> bytes:
    """Return a model whose learned slopes are constants where each has a single one for all channels.

    A `PRelu` of one slope is a `LeakyRelu`; the runtime joins that, and not the other, with the convolution before it.

    Raises:
        ValueError: the bytes are no model.
    """
    return _joined((tag, _graph(value) if tag == _GRAPH else value) for tag, value in _fields(model))


def _graph(graph: bytes) -> bytes:
    fields = _fields(graph)
    slopes = dict(slope for tag, value in fields if tag == _INITIALIZER for slope in _single_floats(value))
    return _joined((tag, _node(value, slopes) if tag == _NODE else value) for tag, value in fields)


def _single_floats(tensor: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Return the name and the four bytes of a tensor that holds one float, nothing for others."""
    fields = dict(_fields(tensor))
    single = fields.get(_TENSOR_TYPE) == _number(_FLOAT) and len(fields.get(_TENSOR_BYTES, b"")) == 4
    return [(fields[_TENSOR_NAME], fields[_TENSOR_BYTES])] if single else []


def _node(node: bytes, slopes: Mapping[bytes, bytes]) -> bytes:
    fields = _fields(node)
    inputs = [value for tag, value in fields if tag == _INPUT]
    if (_OPERATOR, b"PRelu") not in fields or inputs[-1] not in slopes:
        return node
    kept = [field for field in fields if field[0] != _OPERATOR and field != (_INPUT, inputs[-1])]
    slope = [
        (_ATTRIBUTE_NAME, b"alpha"),
        (_ATTRIBUTE_FLOAT, slopes[inputs[-1]]),
        (_ATTRIBUTE_TYPE, _number(_FLOAT)),
    ]
    return _joined([*kept, (_OPERATOR, b"LeakyRelu"), (_ATTRIBUTE, _joined(slope))])


def _fields(message: bytes) -> list[_Field]:
    """Take a message apart; a number stays the bytes that it is written as."""
    found: list[_Field] = []
    at = 0
    while at < len(message):
        tag, start = _read_number(message, at)
        kind = tag & 7
        if kind == _BYTES:
            size, start = _read_number(message, start)
            at = start + size
        elif kind == _VARINT:
            at = _read_number(message, start)[1]
        elif kind in _FIXED:
            at = start + _FIXED[kind]
        else:
            raise ValueError(f"no ONNX model: a field of kind {kind}")
        if at > len(message):
            raise ValueError("no ONNX model: it ends within a field")
        found.append((tag, message[start:at]))
    return found


def _joined(fields: Iterable[_Field]) -> bytes:
    parts: list[bytes] = []
    for tag, value in fields:
        parts += (_number(tag), _number(len(value)) if tag & 7 == _BYTES else b"", value)
    return b"".join(parts)


def _read_number(message: bytes, at: int) -> tuple[int, int]:
    """Return a number that is written seven bits a byte, the low ones first, and where it ends."""
    number = shift = 0
    while at < len(message):
        byte = message[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
    raise ValueError("no ONNX model: it ends within a number")


def _number(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
