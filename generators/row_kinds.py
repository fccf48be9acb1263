"""What the rows of a table are, so that a question can ask for one of them: "which country", "which heavy metal"."""

import re
from typing import Final

from generators.nouns import plural, singular
from generators.subjects import Voice
from generators.table_grid import Grid
from generators.table_text import is_period, is_range
from generators.wording import AGES, is_measure
from generators.words import word_list

COUNTRIES: Final = word_list("countries")
_GENERIC: Final = word_list("generic_kinds") | word_list("vague")
UNKNOWN_KIND: Final = "of those listed"
# "Heavy metals", "Other gases": a caption that only names what is listed.
_LISTED: Final = re.compile(r"(?:other )?(?P<kind>(?:[a-z]+ ){0,2}[a-z]{3,}s)")
# "for leading retailers", "EU’s top 20 grocery wholesalers".
_RANKED: Final = re.compile(
    r"\b(?:leading|major|main|largest|biggest|top(?: \d+)?|\d+ largest) (?P<kind>(?:[^\W\d_]+ ){0,2}?[a-z]{3,}s)"
    r"(?=$|[,;:(]| in\b)"
)


def kind_words(grid: Grid, voice: Voice, subject: str = "") -> tuple[str, str]:
    """Return what the rows are, in the singular and the plural: by the head of the labels, the caption, or none."""
    labels = [row.label for row in grid.rows if not row.total]
    if labels and all(is_period(label) for label in labels):
        return ("year", "years") if all(len(label) == 4 for label in labels) else ("period", "periods")
    head = voice.lowered(grid.stub_head or "")
    if AGES.fullmatch(head) and labels and all(map(is_range, labels)):
        return "age group", "age groups"
    either = re.fullmatch(r"([A-Za-z]{3,})/([A-Za-z]{3,})", head)
    if either and _GENERIC.isdisjoint(part.lower() for part in either.groups()):
        one, other = (singular(part.lower()) for part in either.groups())
        return f"{one} or {other}", f"{plural(one)} or {plural(other)}"
    simple = re.fullmatch(r"[A-Za-z][A-Za-z -]{2,28}", head) is not None and len(head.split()) <= 3
    if simple and head.lower() not in word_list("generic_kinds") and not is_measure(head):
        single = singular(head)
        single = single[:1].lower() + single[1:] if single[1:2].islower() else single
        return single, plural(single)
    known = sum(label.split("/")[0].casefold() in COUNTRIES for label in labels)
    if labels and known * 2 > len(labels):
        return "country", "countries"
    return _kind_in(subject, voice) or (UNKNOWN_KIND, UNKNOWN_KIND)


def _kind_in(subject: str, voice: Voice) -> tuple[str, str] | None:
    """Return what a caption says that its rows are, where it says nothing else or lists the first of them."""
    found = _LISTED.fullmatch(voice.lowered(subject)) or _RANKED.search(subject)
    if found is None:
        return None
    kinds = found["kind"]
    last = kinds.rpartition(" ")[2]
    if is_measure(kinds) or singular(last) == last or not _GENERIC.isdisjoint((kinds, singular(kinds))):
        return None
    return singular(kinds), kinds
