"""What decides the answer of a question, read off its words: numbers, dates, names, and the words that turn its sense.

Two wordings of one question state the same facts. Numbers and dates are compared by what they say ("2021-03" is
"March 2021", "2 million" is "2,000,000", "twelve" is "12"); words of sense by their class ("highest" and "most" ask
for the upper end). Classes of sense are English; of other languages the negations are known.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from generators.checks.wording import FUNCTION_WORDS, fold, has_digit, stem, words
from generators.quantities import find_quantities, plain

_MONTH_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTHS: Final[Mapping[str, int]] = {
    **{name: number for number, name in enumerate(_MONTH_NAMES, start=1)},
    **{name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)},
    "sept": 9,
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DATES: Final = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>0[1-9]|1[0-2])(?:-(?P<day>[0-3]\d))?(?![-\d])"),
    re.compile(r"\b(?P<day>[0-3]?\d)\.(?P<number>[01]?\d)\.(?P<year>\d{4})\b"),
    re.compile(rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\.? (?:of )?{_MONTH},? (?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH},? (?:of )?(?P<year>\d{{4}})\b", re.IGNORECASE),
)
_ORDINALS: Final = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_CARDINALS: Final = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_PLACES: Final = (
    (re.compile(r"\bQ(?P<n>[1-4])\b"), "quarter {n}"),
    (re.compile(r"\b(?P<n>[1-4])(?:st|nd|rd|th)[- ]quarter\b", re.IGNORECASE), "quarter {n}"),
    (re.compile(rf"\b(?P<w>{'|'.join(_ORDINALS[:4])})[- ]quarter\b", re.IGNORECASE), "quarter {n}"),
    (re.compile(r"\b(?:FY|fiscal(?: year)?)[ '’]?(?P<n>\d{4})\b", re.IGNORECASE), "fiscal {n}"),
    (re.compile(r"\b(?P<n>\d+)(?:st|nd|rd|th)\b"), "place {n}"),
    (re.compile(rf"\b(?P<w>{'|'.join(_ORDINALS[1:])})\b", re.IGNORECASE), "place {n}"),
)
_PLACE_WORD: Final = re.compile(rf"\b(?:{'|'.join(_ORDINALS[1:])})(?:-\w+)?\b", re.IGNORECASE)
_CARDINAL: Final = re.compile(rf"\b(?:{'|'.join(_CARDINALS)})\b", re.IGNORECASE)
# Numbers of tables and figures point at a place; they ask for nothing.
_POINTER: Final = re.compile(r"\b(?:tab(?:le|\.)|fig(?:ure|\.)|exhibit|chart)s?\s*[A-Z]?\d+(?:[.-]\d+)*[a-z]?\b", re.I)
_QUOTED: Final = re.compile(r"“([^“”]{2,400})”|\"([^\"]{2,400})\"|«([^«»]{2,400})»|„([^„“”]{2,400})[“”]")
_TOKEN: Final = re.compile(r"[^\W\d_][\w&’'-]*")
_OPENING: Final = re.compile(r"(?:^|[.?!:]\s|[“\"«„‘(]\s?)\s*$")
_SENSES: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(rf"\b(?:{pattern})", re.IGNORECASE)
    for name, pattern in {
        "a lower bound": r"at least\b|no (?:fewer|less) than\b|minimum of\b",
        "an upper bound": r"at most\b|(?:no|not) more than\b|up to\b|maximum of\b|not exceed\w*",
        "the upper end": r"(?:highest|largest|greatest|biggest|maximum|longest|most|best|tops?|strongest|higher|larger|"
        r"greater|bigger|more|longer|stronger|exceed\w*|above)\b|over(?=\s*[\d$€£])",
        "the lower end": r"(?:lowest|smallest|fewest|minimum|shortest|least|worst|weakest|lower|smaller|fewer|less|"
        r"shorter|weaker|below)\b|under(?=\s*[\d$€£])",
        "a rise": r"(?:increas\w*|gr[eo]w\w*|growth|ris(?:e|es|en|ing)|rose|gain\w*|climb\w*)\b",
        "a fall": r"(?:decreas\w*|declin\w*|fall(?:s|en|ing)?|fell|drop\w*|reduc\w*|shr[aiu]nk\w*)\b",
        "an earlier time": r"(?:before|prior to|earlier|until|preced\w+)\b",
        "a later time": r"(?:after|later|since|following|subsequent\w*)\b",
        "a negation": r"(?:not|no|never|neither|nor|none|cannot|without)\b|(?<=\w)n['’]t\b",
        "an exception": r"(?:except|exclud\w+|apart from|other than|aside from|besides)\b",
        "a restriction": r"(?:only|solely|exclusively)\b",
        "a reason": r"(?:why|reasons?|causes?|caused|explains?|explained)\b",
        "a sum": r"(?:total|sum|combined|together|altogether)\b",
        "a mean": r"(?:average|mean|median)\b",
    }.items()
}
_NEGATIONS: Final[Mapping[str, str]] = {
    "de": r"nicht|kein\w*|nie(?:mals)?|ohne|weder",
    "fr": r"ne|n['’](?=\w)|pas|jamais|sans|aucune?|ni",
    "es": r"no|nunca|sin|ning[uú]n\w*|ni",
    "it": r"non|mai|senza|nessun\w*|né",
    "pt": r"não|nunca|sem|nenhum\w*|nem",
}


def numbers_stated(text: str) -> frozenset[str]:
    """Return the numbers, dates and places in an order that a text states, each in one form.

    >>> sorted(numbers_stated("Q3 sales as of 2021-03, the second-highest of twelve"))
    ['12', '2021-03', 'place 2', 'quarter 3']
    """
    found = [said for _, said in _dates(text)]
    text = _blank(_POINTER.sub(" ", text), (span for span, _ in _dates(text)))
    for pattern, form in _PLACES:
        for match in pattern.finditer(text):
            number = match.groupdict().get("n") or str(_ORDINALS.index(match["w"].casefold()) + 1)
            found.append(form.format(n=number))
        text = pattern.sub(" ", text)
    found += [str(_CARDINALS.index(match.group().casefold()) + 2) for match in _CARDINAL.finditer(text)]
    quantities = find_quantities(text)
    found += [plain(quantity.total) for quantity in quantities]
    rest = _blank(text, ((quantity.start, quantity.end) for quantity in quantities))
    return frozenset([*found, *(word for word in words(rest) if has_digit(word))])


def names_stated(text: str) -> list[str]:
    """Return the words of a text that look like proper names or acronyms, in order, each once.

    A capital at the beginning of a sentence tells nothing. In German every noun is taken.

    >>> names_stated("Which of Slovenia’s ports, Koper or Izola, does the EU list?")
    ['Slovenia', 'Koper', 'Izola', 'EU']
    """
    text = _blank(text, (span for span, _ in _dates(text)))
    found = []
    for match in _TOKEN.finditer(text):
        word = re.sub(r"['’]s?$", "", match.group())
        inner = any(character.isupper() for character in word[1:])
        opens = _OPENING.search(text[: match.start()]) is not None
        if (inner or (word[:1].isupper() and not opens and len(word) > 1)) and not has_digit(word):
            found.append(word)
    return [word for word in dict.fromkeys(found) if fold(word) not in FUNCTION_WORDS]


def quoted_texts(text: str) -> list[str]:
    """Return what stands in quotation marks."""
    return [next(filter(None, match.groups())) for match in _QUOTED.finditer(text)]


def senses_stated(text: str, language: str) -> frozenset[str]:
    """Return the classes of the words that turn the sense of a question: its direction, bounds, negations."""
    code = language.split("-")[0]
    if code != "en":
        negation = _NEGATIONS.get(code)
        return frozenset({"a negation"}) if negation and re.search(rf"\b(?:{negation})\b", text, re.I) else frozenset()
    found = set()
    for name, pattern in _SENSES.items():
        text, number = pattern.subn(" ", text)
        if number:
            found.add(name)
    return frozenset(found)


def sense_words(text: str) -> list[str]:
    """Return the words of a text that turn its sense or count a place ("second-lowest"), in no order."""
    found = [match.group() for match in _PLACE_WORD.finditer(text)]
    text = _PLACE_WORD.sub(" ", text)
    for pattern in _SENSES.values():
        found += [match.group() for match in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    return found


def expansion_of(acronym: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words that a document gives for an acronym, in brackets on either side; none when it gives none.

    >>> expansion_of("BMI", ["The body mass index (BMI) was noted."])
    ('body', 'mass', 'index')
    """
    letters = [letter for letter in acronym.casefold() if letter.isalpha()]
    if len(letters) < 2:
        return ()
    before = re.compile(rf"((?:[\w’'-]+[\s-]+){{1,{2 * len(letters)}}})\({re.escape(acronym)}s?\)")
    inside = re.compile(rf"\b{re.escape(acronym)}s?\s+\(([^()]{{4,100}})\)")
    for text in texts:
        if acronym in text:
            for match in (*before.finditer(text), *inside.finditer(text)):
                found = _spelled(letters, re.findall(r"[^\W_]+", match[1].casefold()))
                if found:
                    return found
    return ()


def is_stated(name: str, text_words: Iterable[str]) -> bool:
    """Say whether a name stands among folded words, allowing a plural, a possessive or an ending as of "Slovenian"."""
    parts = words(name) or (fold(name),)
    known = list(text_words)
    return all(any(_same_word(part, other) for other in known) for part in parts)


def _same_word(one: str, other: str) -> bool:
    if one == other or stem(one) == stem(other):
        return True
    short, long = sorted((one, other), key=len)
    # A longer word may be the name with an ending; a shorter one is more often a part of it ("River" of "RiverKit").
    return len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= (3 if short == one else 2)


def _spelled(letters: list[str], before: list[str]) -> tuple[str, ...]:
    """Return the shortest run of words at the end whose initials spell the letters, words of grammar aside."""
    for start in range(len(before) - 1, -1, -1):
        initials = [word[0] for word in before[start:] if word not in FUNCTION_WORDS]
        if initials == letters:
            return tuple(word for word in before[start:] if word not in FUNCTION_WORDS)
    return ()


def _dates(text: str) -> list[tuple[tuple[int, int], str]]:
    found: list[tuple[tuple[int, int], str]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for (start, end), _ in found):
                found.append((match.span(), _date(match.groupdict())))
    return found


def _date(parts: Mapping[str, str | None]) -> str:
    month = int(parts.get("number") or 0) or _MONTHS[str(parts["month"]).casefold()]
    day = parts.get("day")
    return f"{parts['year']}-{month:02d}" + (f"-{int(day):02d}" if day else "")


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
