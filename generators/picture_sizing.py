"""Pictures for engines, judges and embedders: no larger than they can take, in a form that they can read.

The same picture gives the same bytes, for what goes to an engine is part of the key under which its answer is stored.
"""

import io
from functools import lru_cache
from typing import Final

from PIL import Image, UnidentifiedImageError

from generators.engines.exchange import Picture

_READABLE: Final = frozenset({"JPEG", "PNG"})
_QUALITY: Final = 90
_MOST_COLOURS: Final = 4096
_UNREADABLE: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
)


@lru_cache(maxsize=32)
def fitting(picture: Picture, longest: int) -> Picture | None:
    """Return a picture whose longer side has at most `longest` pixels; a smaller one comes back as it is.

    A PNG or JPEG that is small enough is not touched; other formats are written anew. Drawings, of few colours, become
    PNG, whose thin lines and small print stay sharp; photographs become JPEG. What is transparent shows white. What
    cannot be read as a picture, or is a decompression bomb, gives None.
    """
    try:
        with Image.open(io.BytesIO(picture.bytes)) as opened:
            if max(opened.size) <= longest and opened.format in _READABLE:
                return picture
            opened.draft("RGB", (longest, longest))
            shown = _flat(opened)
    except _UNREADABLE:
        return None
    is_drawing = shown.getcolors(_MOST_COLOURS) is not None
    shown.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _encoded(shown, is_drawing=is_drawing)


def _flat(opened: Image.Image) -> Image.Image:
    if not opened.has_transparency_data:
        return opened.convert("RGB")
    layer = opened.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _encoded(shown: Image.Image, *, is_drawing: bool) -> Picture:
    written = io.BytesIO()
    if is_drawing:
        shown.save(written, "PNG", optimize=True)
        return Picture(written.getvalue(), "png")
    shown.save(written, "JPEG", quality=_QUALITY)
    return Picture(written.getvalue(), "jpeg")
