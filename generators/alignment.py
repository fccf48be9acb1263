"""Where a quote stands in a text, although a model copies with other blanks, quotation marks or dashes."""

import unicodedata
from typing import Final

from schemas.geometry import Span

_SHORTEST: Final = 3
_FOLDED: Final = str.maketrans("“”„‟«»‘’‚‛′´`–—−‐‑", "\"\"\"\"\"\"'''''''-----")
_TRIMMED: Final = " \"'…."


def align(quote: str, text: str) -> Span | None:
    r"""Return the span of `text` that `quote` copies, or None when it does not stand there.

    Blanks count as equal, however many; so do the kinds of quotation marks and dashes, ligatures and their letters. A
    difference of case is accepted only when nothing else fits.

    >>> align("two  words", "Here are two\nwords.")
    Span(start=9, end=18)
    """
    folded, places = _fold(text)
    wanted = _fold(quote)[0].strip()
    for needle in (wanted, wanted.strip(_TRIMMED)):
        if len(needle) < _SHORTEST:
            continue
        start = folded.find(needle)
        if start < 0 and len(folded.casefold()) == len(folded):
            start = folded.casefold().find(needle.casefold())
        if start >= 0:
            return Span(places[start], places[start + len(needle) - 1] + 1)
    return None


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text in its folded form, and for each of its characters the place where it came from."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKC", char).translate(_FOLDED):
            plain = " " if part.isspace() else part
            if plain == " " and out and out[-1] == " ":
                continue
            out.append(plain)
            places.append(place)
    return "".join(out), places
