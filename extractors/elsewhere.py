"""Whether a numbered thing that a text names stands in another work: "Table 2 of Smith et al. [3]"."""

import re

_OF = r"(?:of|in|from|by|after|von|aus|bei|nach|de|du|des|da|do|di|del|della|en|dans|em|из|в|у|по)"
_NO_NAME = (
    "(?:Sections?|Secs?|Tables?|Tabs?|Figures?|Figs?|Chapters?|Chaps?|Appendix|Equations?|Eqs?|Parts?|Steps?|Cases?|"
    "Version|January|February|March|April|May|June|July|August|September|October|November|December|"
    "Abschnitt|Kapitel|Anhang|Abbildung|Tabelle|Januar|Februar|März|Juni|Juli|Oktober|Dezember|Table[su]?|Figura|Tabla)"
)
_NAME = rf"(?!{_NO_NAME}\b)[A-ZÀ-ÝА-Я][\w'’-]+"
_AND = r"(?:,?\s+(?:and|und|et|y|e|и|&)\s+|,\s+|\s+)"
_OTHERS = r"(?:et\s+al\b\.?|u\.\s?a\.|and\s+(?:others|colleagues|coworkers|co-workers)|и\s+др\.)"
_YEAR_OR_KEY = r"[\s,]*(?:[(\[]\s?(?:\d{1,4}\b|[A-Z][\w+]*\d{2})|(?:1[89]|20)\d\d\b)"
_THEIR = r"(?:their|his|her|its\s+original|that|another)"
_WORK = (
    r"(?:(?:[Ss]upplement\w*|[Oo]nline\s+[Aa]ppendix|[Cc]ompanion\w*|[Oo]riginal\s+(?:paper|article|work|report|study)|"
    r"[Cc]ited\s+\w+)|(?:paper|book|article|report|thesis|work)\s+(?:by|of)\s+[A-Z])"
)
_AFTER = re.compile(
    rf"[\s,)]*{_OF}\s+(?:"
    r"\[\s?(?:\d|[A-Z][\w+]*\d{2}\b)"  # of [3]
    r"|(?:the\s+)?(?:[Rr]efs?\.|[Rr]eferences?\s+[\[(\d])"
    rf"|(?:{_NAME}{_AND}){{0,4}}(?:{_NAME})?\s*{_OTHERS}"  # of Smith et al.
    rf"|{_NAME}(?:{_AND}{_NAME}){{0,3}}(?:['’]s?)?(?:\s+{_OTHERS})?{_YEAR_OR_KEY}"  # of Smith and Jones (2001)
    rf"|{_THEIR}\s+(?:\w+\s+)?(?:paper|article|book|report|study|work|thesis|[Aa]ppendix|[Ss]upplement)"
    rf"|(?:the\s+|an?\s+)?(?:\w+\s+)?{_WORK}"
    r"|(?:RFC|ISO|IEEE|ANSI|DIN|POSIX|ECMA)[\s-]*\d)"
)
# "(Hollander, 1999, Table 6.3)", "[12, Table 3]", "Smith (1999), Table 3", "RFC 2119, Section 3", "see [3, Section 2".
_BEFORE = re.compile(
    r"(?:(?:\b(?:1[89]|20)\d\d[a-z]?\s*\)?\s*[,;:]\s*(?:see\s+|cf\.\s+|and\s+)?)|\[[^\]\s]{1,8}\s*[,;:]\s*(?:see\s+)?|"
    r"\b(?:RFC|ISO|IEEE|ANSI|DIN)[\s-]*\d[\d:-]*,?\s+|\b(?:their|his|her)\s+)$"
)
_OWN = re.compile(r"[\s,)]*(?:of|in)\s+(?:this|the\s+(?:present|current))\b")


def is_elsewhere(text: str, start: int, end: int) -> bool:
    """Tell whether the words around `text[start:end]` say that what it names stands in another work.

    >>> is_elsewhere("Table 2 of Smith et al. [3] lists", 0, 7), is_elsewhere("Table 2 of this paper", 0, 7)
    (True, False)
    """
    after = text[end : end + 80]
    if _OWN.match(after):
        return False
    return bool(_AFTER.match(after) or _BEFORE.search(text[max(0, start - 40) : start]))
