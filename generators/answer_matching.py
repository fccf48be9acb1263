"""Whether two answers to a question say the same, however they are worded.

Numbers are compared by value, unit and printed digits, dates by what they say, lists in any order, yes and no by the
first word, and text in the manner of SQuAD (Rajpurkar et al., 2016: case, punctuation and articles aside, by the words
that both have). Where words alone cannot tell, the outcome is `UNSURE`: an engine or a person may.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from generators.answer_reading import declines, read_answer
from generators.checks.wording import content_stems, fold, has_digit, share_found, words
from generators.mining.guards import answer_quantity
from generators.number_matching import match_quantities
from generators.printed_dates import find_dates
from generators.quantities import Quantity, find_quantities, parse_quantity
from schemas.kinds import AnswerKind


class Agreement(StrEnum):
    """What a comparison of two answers comes to."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Match:
    """Whether two answers agree, how well (0 to 1), and what decided."""

    agreement: Agreement
    score: float
    basis: str

    @property
    def agrees(self) -> bool:
        """Whether they certainly say the same."""
        return self.agreement is Agreement.SAME


_ARTICLES: Final = frozenset({"a", "an", "the"})
_VERDICT: Final = re.compile(r"\W*(yes|no|true|false)\b", re.IGNORECASE)
_AFFIRMED: Final = frozenset({"yes", "true"})
_UNSIGNED: Final = re.compile(
    r"\b(?:difference|differ|by how (?:much|many)|how (?:much|many) (?:more|less|fewer))\b", re.I
)
_CARDINALS: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty"""
_NUMBER_WORDS: Final = {word: str(value) for value, word in enumerate(_CARDINALS.split())}
_PARTS: Final = re.compile(r"\s*[;\n]\s*|,\s+(?:and\s+|or\s+)?|\s+(?:and|as well as|&)\s+")
_BRACKETED: Final = re.compile(r"\s*\([^()]*\)")
_INITIALS: Final = re.compile(r"[A-Z][A-Za-z]?[A-Z]{1,5}")
_WAYS: Final = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("increase increased rose risen grew higher more above upward gained longer larger greater",
         "decrease decreased fell fallen shrank lower less fewer below downward lost shorter smaller declined"),
        ("first before earlier highest maximum most best largest",
         "last after later lowest minimum least worst smallest"),
    )
)  # fmt: skip
_NEGATIONS: Final = frozenset({"not", "no", "never", "neither", "nor", "without", "cannot"})
_SHORT: Final = 10
_LEAST_OWN: Final = 3
_NEAR_SPELLING: Final = 90.0
_ROOM: Final = 12


def match_answers(given: str, wanted: str, *, kind: AnswerKind | None = None, question: str = "") -> Match:
    """Return whether `given` says what `wanted` says.

    Args:
        given: what somebody answered, with whatever was said around it.
        wanted: the answer to compare with.
        kind: the form of the wanted answer, where it is known.
        question: what was asked; numbers and names that it gives itself prove nothing.

    >>> match_answers("The answer is 1.2 million.", "1,200,000").agrees
    True
    >>> match_answers("Bonn, Kiel and Ulm", "Kiel, Ulm, Bonn", kind=AnswerKind.LIST).score
    1.0
    """
    said, sought = read_answer(given), read_answer(wanted)
    if declines(said) or declines(sought):
        return _decided(declines(said) and declines(sought), "declined")
    if fold(said) == fold(sought):
        return Match(Agreement.SAME, 1.0, "wording")
    if _VERDICT.match(sought) and (kind is AnswerKind.BOOLEAN or len(sought.split()) == 1):
        return _match_verdicts(said, sought)
    if kind is AnswerKind.LIST and len(list_items(sought)) > 1:
        return _match_lists(said, sought, question)
    return _match_single(said, sought, question)


def normalised(text: str) -> tuple[str, ...]:
    """Return the words of an answer as they are compared: folded, without punctuation and articles.

    >>> normalised("The  Bank of   England!")
    ('bank', 'of', 'england')
    """
    found = [part for word in words(text) for part in (word if ord(word[0]) > 0x2E7F else (word,))]
    return tuple(word for word in found if word not in _ARTICLES) or tuple(found)


def token_f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall of words, each counted as often as it comes."""
    common = sum((Counter(given) & Counter(wanted)).values())
    return 2 * common / (len(given) + len(wanted)) if common else 0.0


def _match_single(said: str, sought: str, question: str) -> Match:
    dates = find_dates(sought)
    if len(dates) == 1 and len(words(sought)) <= 4:
        found = find_dates(said)
        return _decided(bool(found) and any(date.says(dates[0]) for date in found), "date")
    quantity = answer_quantity(sought)
    if quantity is not None:
        return _match_number(said, quantity, question)
    return _match_texts(said, sought, question)


def _decided(same: bool, basis: str) -> Match:
    return Match(Agreement.SAME if same else Agreement.DIFFERENT, float(same), basis)


def _match_verdicts(said: str, sought: str) -> Match:
    wanted, found = _VERDICT.match(sought), _VERDICT.match(said)
    if wanted is None or found is None:
        return Match(Agreement.UNSURE, 0.0, "yes or no")
    return _decided((wanted[1].lower() in _AFFIRMED) == (found[1].lower() in _AFFIRMED), "yes or no")


def _match_number(said: str, wanted: Quantity, question: str) -> Match:
    """Compare with the first and the last number that the question does not give: work is shown before or after."""
    unsigned = _UNSIGNED.search(question) is not None
    known = [number.total for number in find_quantities(question)]
    found = _numbers(said)
    own = [number for number in found if number.total not in known] or found
    score = max((match_quantities(one, wanted, unsigned=unsigned) for one in (*own[:1], *own[-1:])), default=0.0)
    return Match(Agreement.SAME if score else Agreement.DIFFERENT, score, "number")


def _numbers(text: str) -> list[Quantity]:
    whole = parse_quantity(text)
    if whole is not None:
        return [whole]
    found = find_quantities(text)
    return found or find_quantities(" ".join(_NUMBER_WORDS.get(word, word) for word in words(text)))


def _match_lists(said: str, sought: str, question: str) -> Match:
    """Pair the parts of two lists, in any order; all have to be there, and no others."""
    wanted, rest = list_items(sought), list_items(said)
    paired = 0
    for item in wanted:
        partner = next((other for other in rest if _match_single(other, item, question).agrees), None)
        if partner is not None:
            rest.remove(partner)
            paired += 1
    score = 2 * paired / (len(wanted) + paired + len(rest))
    return Match(Agreement.SAME if score == 1 else Agreement.DIFFERENT, round(score, 3), "list")


def list_items(text: str) -> list[str]:
    """Return the items of a list as an answer prints it; where semicolons part them, commas belong to the items.

    >>> list_items("Kiel, Ulm and Bonn"), list_items("Smith, John; Doe, Jane")
    (['Kiel', 'Ulm', 'Bonn'], ['Smith, John', 'Doe, Jane'])
    """
    parts = re.split(r"[;\n]", text) if ";" in text else _PARTS.split(text)
    return [part.strip() for part in parts if part and words(part)]


def _match_texts(said: str, sought: str, question: str) -> Match:
    given, wanted = normalised(said), normalised(sought)
    if given == wanted:
        return Match(Agreement.SAME, 1.0, "wording")
    if not given or not wanted:
        return Match(Agreement.DIFFERENT, 0.0, "wording")
    if not _numbers_said(said, sought):
        return Match(Agreement.DIFFERENT, 0.0, "numbers in the text")
    if len(wanted) > _SHORT:
        return _match_long(said, sought)
    score = token_f1(given, wanted)
    if _says_otherwise(given, wanted):
        return Match(Agreement.UNSURE, score, "opposite words")
    if _is_name_of(said, sought) or _is_name_of(sought, said) or _is_misspelt(said, sought):
        return Match(Agreement.SAME, max(score, 0.9), "name")
    match = _match_short(given, wanted, score, offered=_holds(normalised(question), wanted))
    if not match.agrees and _tells_all(said, sought, question):
        return Match(Agreement.SAME, max(score, 0.8), "all words")
    return match


def _match_short(given: Sequence[str], wanted: Sequence[str], score: float, *, offered: bool) -> Match:
    """Compare short texts; where the question offers the answer, an answer that begins with it chooses it."""
    if tuple(given[: len(wanted)]) == tuple(wanted):
        return Match(Agreement.SAME, max(score, 0.9), "words")
    if _holds(given, wanted) and len(given) <= len(wanted) + _ROOM:
        return Match(Agreement.UNSURE if offered else Agreement.SAME, score if offered else max(score, 0.8), "words")
    if score >= 0.75 or (_holds(wanted, given) and score >= 0.6):
        return Match(Agreement.SAME, score, "words")
    return Match(Agreement.UNSURE if score >= 0.4 else Agreement.DIFFERENT, score, "words")


def _tells_all(said: str, sought: str, question: str) -> bool:
    """Say whether a sentence tells every word of an answer, three of which the question does not give."""
    wanted = content_stems(sought)
    return len(wanted - content_stems(question)) >= _LEAST_OWN and wanted <= content_stems(said)


def _match_long(said: str, sought: str) -> Match:
    """Compare sentences by the stems of what they say: a summary is never worded the same twice."""
    given, wanted = content_stems(said), content_stems(sought)
    recall, precision = share_found(wanted, given), share_found(given, wanted)
    score = round(2 * recall * precision / (recall + precision), 3) if recall + precision else 0.0
    if _says_otherwise(normalised(said), normalised(sought)):
        return Match(Agreement.UNSURE, score, "opposite words")
    if score >= 0.6 or recall >= 0.8:
        return Match(Agreement.SAME, score, "sentences")
    return Match(Agreement.UNSURE if score >= 0.05 else Agreement.DIFFERENT, score, "sentences")


def _numbers_said(said: str, sought: str) -> bool:
    """Say whether a text says the numbers of a short wanted one, or half of those of a long one."""
    wanted, found = find_quantities(sought), _numbers(said)
    told = sum(any(match_quantities(one, number) for one in found) for number in wanted)
    loose = [word for word in words(sought) if has_digit(word) and not wanted]
    if len(words(sought)) > _SHORT:
        return 2 * told >= len(wanted)
    return told == len(wanted) and all(word in words(said) for word in loose)


def _says_otherwise(given: Sequence[str], wanted: Sequence[str]) -> bool:
    """Say whether one of two texts denies, or uses a word whose opposite the other uses."""
    one, other = set(given), set(wanted)
    if bool(one & _NEGATIONS) != bool(other & _NEGATIONS):
        return True
    return any(
        (one & up and other & down and not one & down) or (one & down and other & up and not one & up)
        for up, down in _WAYS
    )


def _holds(text: Sequence[str], run: Sequence[str]) -> bool:
    return bool(run) and f" {' '.join(run)} " in f" {' '.join(text)} "


def _is_name_of(short: str, full: str) -> bool:
    """Say whether one is a short form of the other: without what stands in brackets, by its initials, "J. Smith"."""
    for one in _forms(short):
        for other in _forms(full):
            if normalised(one) == normalised(other) or _abbreviates(one, other) or _same_person(one, other):
                return True
    return False


def _forms(name: str) -> list[str]:
    outside = _BRACKETED.sub("", name)
    inside = [part.strip(" ()") for part in _BRACKETED.findall(name)]
    return [form for form in (name, outside, *inside) if len(form) > 1]


def _abbreviates(short: str, full: str) -> bool:
    letters = short.replace(".", "").strip()
    initials = [word[0] for word in re.findall(r"[^\W\d_]+", full)]
    capitals = "".join(letter for letter in initials if letter.isupper())
    return len(letters) > 1 and _INITIALS.fullmatch(letters) is not None and letters.upper() == capitals


def _same_person(one: str, other: str) -> bool:
    """Say whether two names of at most four words end alike and begin with the same letter, one of them shortened."""
    first, second = re.findall(r"[^\W\d_]+\.?", one), re.findall(r"[^\W\d_]+\.?", other)
    if min(len(first), len(second)) < 2 or max(len(first), len(second)) > 4 or has_digit(one + other):
        return False
    shortened = any(len(word.rstrip(".")) == 1 for word in (first[0], second[0]))
    return shortened and fold(first[-1]) == fold(second[-1]) and first[0][0] == second[0][0]


def _is_misspelt(one: str, other: str) -> bool:
    if has_digit(one) or has_digit(other) or min(len(one), len(other)) < 6:
        return False
    return fuzz.ratio(fold(one), fold(other), score_cutoff=_NEAR_SPELLING) >= _NEAR_SPELLING
