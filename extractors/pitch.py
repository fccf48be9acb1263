"""Fonts whose characters are all of one width: the width of their text tells, not what they say of themselves."""

from schemas.geometry import Box

# Runs of at least so many letters tell the width of a font's characters; so many of them settle the matter.
_TELLING_LENGTH = 5
_TELLING_RUNS = 3
_WIDTH_SPREAD = 0.03


class Pitches:
    """How wide the characters of each font are, as runs of text tell one after the other."""

    def __init__(self) -> None:
        """Begin without a font."""
        self._widths: dict[str, list[float]] = {}
        self._unlike: set[str] = set()

    def is_open(self, font: str) -> bool:
        """Say whether a font may still turn out to have characters of one width."""
        return font not in self._unlike

    def add(self, font: str, text: str, bbox: Box, *, size: float) -> None:
        """Take note of how wide a run of text is; `size` is that of its font."""
        length = len(text)
        if font in self._unlike or sum(map(str.isalpha, text)) < max(_TELLING_LENGTH, 0.5 * length):
            return  # digits are of one width in most fonts
        if text.isupper():
            return  # and a few words in capitals are, by chance
        seen = self._widths.setdefault(font, [])
        seen.append(bbox.width / (length * size))
        if max(seen[0], seen[-1]) - min(seen[0], seen[-1]) > _WIDTH_SPREAD * seen[0]:
            self._unlike.add(font)

    def fixed(self) -> frozenset[str]:
        """Return the fonts in which every run of text is as wide as its number of characters says."""
        likely = (font for font, seen in self._widths.items() if len(seen) >= _TELLING_RUNS)
        return frozenset(font for font in likely if font not in self._unlike)
