"""Plain English nouns in the singular and in the plural."""

import re
from typing import Final

# The "e" of most nouns in "ses" is their own ("case"), of these it is not.
_IRREGULAR: Final = {"gases": "gas", "buses": "bus", "viruses": "virus", "biases": "bias", "lenses": "lens"}


def singular(noun: str) -> str:
    """Return the singular of a plain English noun phrase.

    >>> singular("Countries"), singular("classes"), singular("status")
    ('Country', 'class', 'status')
    """
    last = noun.rpartition(" ")[2].lower()
    if last in _IRREGULAR:
        return noun[: len(noun) - len(last)] + _IRREGULAR[last]
    if re.search(r"[^aeiou]ies$", noun):
        return noun[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x)es$", noun):
        return noun[:-2]
    return noun[:-1] if re.search(r"[^sui]s$", noun) else noun


def plural(noun: str) -> str:
    """Return the plural of a plain English noun phrase."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|sh|ch|x)$", noun) else "s")
