"""Text as it was meant: ligatures taken apart, accents put on their letters, words joined over line ends."""

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00a0": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u3000": " ",
        "\t": " ",
        "\u200b": None,
        "\ufeff": None,
    }
    # Adobe's private places for old-style figures and small capitals.
    | {chr(0xF730 + digit): str(digit) for digit in range(10)}
    | {chr(0xF760 + letter): chr(0x60 + letter) for letter in range(1, 27)}
)
_SOFT_HYPHEN = re.compile("\u00ad(?=.)")
# TeX's fonts without a map to Unicode print these by the numbers they have in its own encodings (OT1 and T1).
_TEX_LIGATURES = dict(
    zip("\x0b\x0c\x0e\x0f\x1b\x1c\x1d\x1e\x1f", ["ff", "fi", "ffi", "ffl", "ff", "fi", "fl", "ffi", "ffl"], strict=True)
)
_TEX_LIGATURE = re.compile(r"(?<=[^\W\d_])[\x0b\x0c\x0e\x0f\x1b-\x1f]|[\x0b\x0c\x0e\x0f\x1b-\x1f](?=[a-z])")
_TEX_QUOTED = re.compile(r"\x10([^\x10\x11]+)\x11")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# TeX's old fonts print an accent as a character of its own, before its letter.
_ACCENTED = {
    accent + letter: whole
    for accent, pairs in {
        "´": "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝcćnńsśzź",
        "`": "aàeèiìoòuùAÀEÈIÌOÒUÙ",
        "¨": "aäeëiïoöuüAÄEËIÏOÖUÜ",
        "ˆ": "aâeêiîoôuûAÂEÊIÎOÔUÛ",
        "˜": "aãnñoõAÃNÑOÕ",
        "ˇ": "cčeěrřsšzžCČRŘSŠZŽ",
    }.items()
    for letter, whole in zip(pairs[::2], pairs[1::2], strict=True)
}
_ACCENT = re.compile("[´`¨ˆ˜ˇ](?=[A-Za-z])")
_ACCENT_PAIR = re.compile("|".join(map(re.escape, _ACCENTED)))
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60"
_CJK_END, _CJK_START = re.compile(rf"[{_CJK}、。]$"), re.compile(rf"^[{_CJK}、。]")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_CONTINUED = re.compile(r"^([^\W\d_]+)")
_COMPOUND_LEFT = frozenset({"non", "self", "well", "cross", "semi", "quasi", "high", "low", "long", "short", "state"})


def repair(text: str) -> str:
    """Return `text` with ligatures taken apart, detached accents put on, control characters and soft hyphens dropped.

    >>> repair("ﬁnite Schr¨odinger")
    'finite Schrödinger'
    """
    if text.isascii() and text.isprintable() and "`" not in text:
        return text
    text = _SOFT_HYPHEN.sub("", without_controls(text.translate(_LIGATURES)))
    if _ACCENT.search(text):
        text = _ACCENT_PAIR.sub(_accented, text)
    return text


def writable(text: str | None) -> str | None:
    """Return text without halves of surrogate pairs, which metadata and page labels hold and no table can."""
    return (text or "").encode("utf-8", "ignore").decode("utf-8") or None


def without_controls(text: str) -> str:
    r"""Return `text` without control characters; those that stand for letters or quotes in TeX's encodings become them.

    >>> without_controls("e\x1ecient"), without_controls("\x07Age")
    ('efficient', 'Age')
    """
    if text.isprintable() or not _CONTROL.search(text):
        return text
    return _CONTROL.sub("", _TEX_QUOTED.sub(r"“\1”", _TEX_LIGATURE.sub(_tex_ligature, text)))


def _tex_ligature(match: re.Match[str]) -> str:
    return _TEX_LIGATURES[match[0]]


def _accented(match: re.Match[str]) -> str:
    return _ACCENTED[match[0]]


def accented(accent: str, letter: str) -> str | None:
    """Return a letter with the accent that TeX has set before it, or None when there is no such letter.

    >>> accented("´", "E")
    'É'
    """
    return _ACCENTED.get(accent + letter) if accent and not accent.isascii() else None


def collapse(text: str) -> str:
    """Return `text` with every run of blanks as one blank, none at the ends."""
    return " ".join(text.split())


def join_lines(lines: Sequence[str], known: Container[str] = frozenset()) -> str:
    """Return the lines of one paragraph as running text; words broken at a line end become one again.

    Args:
        lines: repaired lines, top to bottom.
        known: words (case-folded) seen whole elsewhere, which settle whether a hyphen belongs to the word.
    """
    return join_with_starts(lines, known).text


class Joined(NamedTuple):
    """Lines as running text, where each line begins in it, and where a hyphen was dropped that may belong there."""

    text: str
    starts: list[int]
    doubts: list[int]


def join_with_starts(lines: Sequence[str], known: Container[str] = frozenset()) -> Joined:
    """Return what `join_lines` does, with the places of the lines and of doubtful joints."""
    parts: list[str] = []
    starts: list[int] = []
    doubts: list[int] = []
    length = 0
    for line in map(collapse, lines):
        doubtful = bool(parts and line) and _is_doubtful(parts[-1], line, known)
        length += _append(parts, line, known) if line else 0
        starts.append(length - len(line))
        if doubtful:
            doubts.append(starts[-1])
    return Joined("".join(parts), starts, doubts)


def _is_doubtful(last: str, line: str, known: Container[str]) -> bool:
    """Say whether a hyphen goes away for want of a better reason."""
    if not last.endswith(("-", "\u2010")):
        return False
    left, right = _BROKEN.search(last), _CONTINUED.match(line)
    if left is None or right is None:
        return False
    return not _keeps_hyphen(last, line, known) and (left[1] + right[1]).casefold() not in known


def _append(parts: list[str], line: str, known: Container[str]) -> int:
    """Add a line that is not empty; return by how much the text grows."""
    glue = _glue(parts[-1], line, known) if parts else ""
    if glue is None:
        parts[-1] = parts[-1][:-1]
        parts.append(line)
        return len(line) - 1
    parts.append(glue + line)
    return len(glue) + len(line)


def _glue(last: str, line: str, known: Container[str]) -> str | None:
    """Return what goes between two lines; None when the hyphen at the end of the first one goes away."""
    if last.endswith(("-", "\u00ad", "\u2010")) and line[0].isalpha():
        return "" if _keeps_hyphen(last, line, known) else None
    together = (_CJK_END.match(last[-1:]) and _CJK_START.match(line)) or _inside_address(last, line)
    return "" if together else " "


def _inside_address(last: str, line: str) -> bool:
    word = last.rsplit(" ", 1)[-1]
    return word.startswith(("http://", "https://", "www.")) and word.endswith(("/", "=", "_", "?", "&"))


def _keeps_hyphen(last: str, line: str, known: Container[str]) -> bool:
    left, right = _BROKEN.search(last), _CONTINUED.match(line)
    if last.endswith("\u00ad"):
        return False
    if left is None or right is None or not right[1][0].islower():
        return True
    head, tail = left[1].casefold(), right[1].casefold()
    if head + tail in known:
        return False
    return head in _COMPOUND_LEFT or f"{head}-{tail}" in known or last[: left.start()].endswith("-")
