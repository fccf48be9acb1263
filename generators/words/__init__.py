"""Lists of words that the wording of questions relies on: one text file each, a comment line says what for."""

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of a list in this folder.

    >>> "germany" in word_list("countries")
    True
    """
    lines = files("generators.words").joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
