"""Whether another wording still asks for what the question asks: the code's side of a rewrite.

What decides an answer has to survive: numbers and dates, units, names, labels of a table, and the words that turn the
sense. An acronym may be spelled out, and words may become their acronym, only as the document itself does it. Whether
a synonym is a good one is not decided here: engines try the new wording as they try any question.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import label_texts, lead_texts, near_texts, proof_texts
from generators.checks.units import asked_unit, same_unit, states_unit
from generators.checks.wording import content_stems, fold, is_known, without_quoted, words
from generators.document_view import DocumentView
from generators.lexical_overlap import source_stems
from generators.quantities import find_quantities
from generators.stated_facts import expansion_of, is_stated, names_stated, numbers_stated, quoted_texts, senses_stated
from schemas.recipe import RewriteStep
from schemas.records import Question

Fault = tuple[CheckReason, str]

_ACRONYM: Final = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[A-Z]\w{1,9}\b")
# Where these stand, exchanging two names exchanges what is asked.
_ORDERED: Final = re.compile(
    r"\b(?:than|exceed\w*|over|from .+ to|before|after|minus|relative to|compared|per|out of|replac\w+|caus\w+)\b",
    re.IGNORECASE,
)
_POINTING: Final = 2
_MOST_ADDED: Final = 24
_LONGEST: Final = 2.5
_SPARE: Final = 60


def rewrite_fault(
    question: Question, wording: str, step: RewriteStep, views: Mapping[str, DocumentView]
) -> Fault | None:
    """Return why a wording may not replace the question's, or None."""
    return next(_faults(question, wording, step, views), None)


def kept_texts(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return what a rewording has to keep to the letter: quoted labels and terms, the labels of a program's cells."""
    leads = [fold(text) for text in lead_texts(question, views)]
    quoted = [text for text in quoted_texts(question.question) if not _is_pointer(text, leads)]
    labels = [label for label in label_texts(question) if fold(label) in fold(question.question)]
    return list(dict.fromkeys([*quoted, *labels]))


def spelled_out(question: Question, views: Mapping[str, DocumentView], wording: str = "") -> dict[str, tuple[str, ...]]:
    """Return the acronyms of the question, and of another wording, with what their documents give for them."""
    acronyms = sorted(set(_ACRONYM.findall(f"{question.question} {wording}")))
    names = dict.fromkeys(unit.doc_id for unit in question.evidence if unit.doc_id in views)
    texts = [element.text for name in names for element in views[name].elements]
    found = {acronym: expansion_of(acronym, texts) for acronym in acronyms}
    return {acronym: expansion for acronym, expansion in found.items() if expansion}


def deciding_names(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return the names of a question; of quoted titles in title case, where every word has a capital, the acronyms."""
    text = question.question
    kept = set(kept_texts(question, views))
    for quoted in quoted_texts(text):
        if quoted not in kept and _is_title_case(quoted):
            text = text.replace(quoted, " ".join(_ACRONYM.findall(quoted)))
    return names_stated(text)


def _faults(question: Question, wording: str, step: RewriteStep, views: Mapping[str, DocumentView]) -> Iterator[Fault]:
    if words(wording) == words(question.question):
        yield CheckReason.REWRITE_UNCHANGED, "the same words"
    if len(wording) > _LONGEST * len(question.question) + _SPARE:
        yield CheckReason.REWRITE_TOO_LONG, f"{len(wording)} characters for {len(question.question)}"
    yield from _number_faults(question, wording, step, views)
    yield from _unit_faults(question.question, wording)
    yield from _name_faults(question, wording, views)
    yield from _label_faults(question, wording, views)
    yield from _sense_faults(question, wording, views)
    if step is RewriteStep.SPECIFIC:
        yield from _addition_faults(question, wording, views)
    else:
        yield from _overlap_faults(question, wording, views)


def _number_faults(
    question: Question, wording: str, step: RewriteStep, views: Mapping[str, DocumentView]
) -> Iterator[Fault]:
    before, after = numbers_stated(question.question), numbers_stated(wording)
    for lost in sorted(before - after):
        yield CheckReason.REWRITE_LOST, f"{lost} is not said any more"
    known = before
    if step is RewriteStep.SPECIFIC:
        known |= numbers_stated("\n".join(lead_texts(question, views)))
    for new in sorted(after - known):
        yield CheckReason.REWRITE_ADDED, f"{new} is said anew"


def _unit_faults(before: str, after: str) -> Iterator[Fault]:
    asked, now = asked_unit(without_quoted(before)), asked_unit(without_quoted(after))
    if (asked and not (now and same_unit(asked, now)) and not states_unit(after, asked)) or (now and not asked):
        yield CheckReason.REWRITE_TURNED, f"it asks for {now or 'no unit'} instead of {asked or 'no unit'}"
    for quantity in find_quantities(before):
        if quantity.unit and not states_unit(after, quantity.unit):
            yield CheckReason.REWRITE_LOST, f"the unit {quantity.unit} is not said any more"


def _name_faults(question: Question, wording: str, views: Mapping[str, DocumentView]) -> Iterator[Fault]:
    before, after = words(question.question), words(wording)
    spelled = {short.casefold(): long for short, long in spelled_out(question, views, wording).items()}
    for name in deciding_names(question, views):
        if not is_stated(name, after) and not _is_spelled(name, after, spelled):
            yield CheckReason.REWRITE_LOST, f"“{name}” is not named any more"
    document = [word for text in _document_texts(question, views) for word in words(text)]
    for name in names_stated(wording):
        if not (is_stated(name, before) or _is_spelled(name, before, spelled) or is_stated(name, document)):
            yield CheckReason.REWRITE_ADDED, f"“{name}” is named anew"


def _is_pointer(quoted: str, leads: Iterable[str]) -> bool:
    """Say whether a quotation is a title, a heading or a caption: a single word out of one asks for something."""
    return len(content_stems(quoted)) >= _POINTING and any(fold(quoted) in lead for lead in leads)


def _is_title_case(text: str) -> bool:
    long: list[str] = re.findall(r"[^\W\d_]{4,}", text)
    return 2 * sum(word[0].isupper() for word in long) > len(long)


def _is_spelled(name: str, text: tuple[str, ...], spelled: Mapping[str, tuple[str, ...]]) -> bool:
    """Say whether a text holds an acronym's expansion, or the acronym of an expansion that the name is a part of."""
    own = spelled.get(fold(name))
    if own:
        return all(is_stated(word, text) for word in own)
    parts = words(name)
    return any(acronym in text and all(part in expansion for part in parts) for acronym, expansion in spelled.items())


def _document_texts(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    return [*lead_texts(question, views), *near_texts(question, views), *proof_texts(question)]


def _label_faults(question: Question, wording: str, views: Mapping[str, DocumentView]) -> Iterator[Fault]:
    after = words(wording)
    for text in kept_texts(question, views):
        # A long label may be told shorter, by words of its own; a short one says too little to lose any.
        wanted = content_stems(text) or frozenset(words(text))
        share = sum(is_stated(one, after) for one in wanted) / max(len(wanted), 1)
        if share < (1 if len(wanted) <= 2 else 0.6):
            yield CheckReason.REWRITE_LOST, f"“{text[:60]}” is not said any more"


def _sense_faults(question: Question, wording: str, views: Mapping[str, DocumentView]) -> Iterator[Fault]:
    language = question.language
    before = senses_stated(without_quoted(question.question), language)
    allowed = senses_stated(question.question, language) | senses_stated(
        "\n".join(lead_texts(question, views)), language
    )
    after = senses_stated(wording, language)
    for lost in sorted(before - after):
        yield CheckReason.REWRITE_TURNED, f"{lost} is not asked for any more"
    for new in sorted(after - allowed):
        yield CheckReason.REWRITE_TURNED, f"{new} is asked for anew"
    if _ORDERED.search(without_quoted(f"{question.question} {wording}")):
        names = [fold(name) for name in names_stated(without_quoted(question.question))]
        first = [name for name in dict.fromkeys(names) if name in fold(question.question) and name in fold(wording)]
        if first != sorted(first, key=fold(wording).index):
            yield CheckReason.REWRITE_TURNED, "the names stand in another order"


def _addition_faults(question: Question, wording: str, views: Mapping[str, DocumentView]) -> Iterator[Fault]:
    before, after = content_stems(question.question), content_stems(wording)
    lost = [one for one in before if not is_known(one, after)]
    if lost:
        yield CheckReason.REWRITE_LOST, f"“{min(lost)}” is not said any more, and words may only be added"
    new = [one for one in after if not is_known(one, before)]
    leads = content_stems("\n".join(lead_texts(question, views)))
    unknown = [one for one in new if not is_known(one, leads)]
    if len(unknown) > max(1, len(new) // 4):
        yield CheckReason.REWRITE_ADDED, f"“{min(unknown)}” leads to no document"
    if len(words(wording)) - len(words(question.question)) > _MOST_ADDED:
        yield CheckReason.REWRITE_TOO_LONG, "more words are added than a reader needs"


def _overlap_faults(question: Question, wording: str, views: Mapping[str, DocumentView]) -> Iterator[Fault]:
    known = source_stems(question, views)
    before, after = content_stems(question.question), content_stems(wording)
    shared, still = ({one for one in stems if is_known(one, known)} for stems in (before, after))
    # By number and by share: a title that goes takes words along that stand in no source.
    if shared and len(still) >= len(shared) and len(still) * len(before) >= len(shared) * len(after):
        yield CheckReason.REWRITE_NOT_OBSCURED, f"{len(still)} words stand in the source, {len(shared)} did before"
