"""Ways to spoil a question that leave it looking well: hedges, premises, look-alike letters, a neighbour's header.

They were written before anyone looked at whether a check knows them, and measured before the checks were mended.
"""

import re
from dataclasses import replace
from random import Random
from typing import Final

from generators.document_view import DocumentView
from generators.program_mutations import Mutation
from generators.quantities import find_quantities, plain
from generators.spoiled_rows import with_evidence
from generators.table_text import clean
from schemas.kinds import AnswerKind, ElementKind, Modality, QuestionType
from schemas.records import Question

_HEDGES: Final = ("about {}", "at least {}", "more than {}", "up to {}", "nearly {}", "no more than {}")
_PREMISES: Final = (
    "Given that the figures were later withdrawn, {}",
    "Since demand collapsed that year, {}",
    "After the merger was called off, {}",
    "As everyone in the study agreed, {}",
)
_LOOK_ALIKES: Final = str.maketrans("aeopcxi", "аеорсхі")
_INVISIBLE: Final = ("\u200b", "\u00ad", "\u2060", "\ufeff")
_TYPES: Final = (QuestionType.SUMMARIZATION, QuestionType.COMPARISON, QuestionType.LOGICAL_REASONING)
_LONG_WORD: Final = re.compile(r"\b[a-z]{7,}\b")
_LEAST_DIGITS: Final = 2


def hedged(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Blur an exact answer: "about 25%", "at least 25%"."""
    if question.answer_kind is not AnswerKind.NUMBER:
        return None
    return replace(question, answer=chance.choice(_HEDGES).format(question.answer))


def table_renamed(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Name another table or another title of the document where the question quotes one."""
    quoted = re.findall(r"“([^“”]{8,})”", question.question)
    captions = [clean(element.text) for element in view.of_kind(ElementKind.CAPTION, ElementKind.HEADING)]
    own = " ".join(quoted).casefold()
    others = [text for text in captions if 12 < len(text) < 120 and "“" not in text and text.casefold() not in own]
    if not quoted or not others:
        return None
    return replace(question, question=question.question.replace(quoted[-1], chance.choice(others).strip(" .")))


def header_renamed(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Ask for the measure of another column, and keep the answer of this one."""
    for evidence in question.evidence:
        table = view.get(evidence.element_id)
        if evidence.modality is not Modality.TABLE or table is None:
            continue
        heads = {cell.col: clean(cell.text) for cell in table.cells if cell.row == 0 and len(cell.text) > 3}
        for cell in evidence.cells:
            asked = clean(cell.text).casefold()
            if cell.row != 0 or len(asked) < 4 or asked not in question.question.casefold():
                continue
            others = [text for col, text in heads.items() if col not in (0, cell.col) and text.casefold() != asked]
            if others:
                at = question.question.casefold().index(asked)
                other = f"{question.question[:at]}{chance.choice(others)}{question.question[at + len(asked) :]}"
                return replace(question, question=other)
    return None


def premise_added(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Begin with something that the document does not say."""
    first = question.question[:1].lower() + question.question[1:]
    return replace(question, question=chance.choice(_PREMISES).format(first))


def options_added(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Append options to choose from, the answer among them."""
    number = next(iter(find_quantities(question.answer)), None)
    other = f"{plain(number.value + 1)}" if number else "none of these"
    options = [question.answer, other]
    chance.shuffle(options)
    return replace(question, question=f"{question.question} A) {options[0]} B) {options[1]}")


def yes_no_asked(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Ask whether it can be told, so that the answer to the words is yes."""
    first = question.question[:1].lower() + question.question[1:].rstrip("?")
    opening = chance.choice(("Does the document say {}?", "Is it known {}?", "Can one tell {}?"))
    return replace(question, question=opening.format(first))


def rounded_off(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Round the answer's number to one digit fewer."""
    for number in find_quantities(question.answer):
        digits = re.sub(r"\D", "", plain(number.value)).strip("0")
        if len(digits) < _LEAST_DIGITS:
            continue
        rounded = f"{number.value:.{len(digits) - 1}g}"
        if "e" in rounded:
            rounded = plain(type(number.value)(rounded))
        printed = re.sub(r"\d[\d., ]*\d|\d", rounded.lstrip("-"), number.text, count=1)
        return replace(question, answer=question.answer[: number.start] + printed + question.answer[number.end :])
    return None


def separators_confused(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Print a thousands separator as a decimal point, or the reverse: "20,757" as "20.757"."""
    match = re.search(r"\d[.,]\d", question.answer)
    if question.answer_kind is not AnswerKind.NUMBER or match is None:
        return None
    swapped = question.answer.translate(str.maketrans(".,", ",."))
    return replace(question, answer=swapped)


def roles_reversed(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Ask for the subject's share in the object: "What does A provide?" of B, answered with A."""
    match = re.search(r"\b(what (?:does|do|is|are)) ([^?,“”]{4,60}?) (\w+)\?", question.question)
    if question.program is not None or match is None:
        return None
    answer = question.answer.strip(" .")
    asked = f"{match[1]} {answer} {match[3]}?"
    turned = question.question[: match.start()] + asked + question.question[match.end() :]
    return replace(question, question=turned, answer=match[2])


def type_mislabelled(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """State another type of question."""
    return replace(
        question, question_type=chance.choice([kind for kind in _TYPES if kind is not question.question_type])
    )


def look_alikes(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Write letters of a word in another script, or put something unseen into it."""
    words = _LONG_WORD.findall(question.question)
    if not words:
        return None
    word = chance.choice(words)
    seen = word.translate(_LOOK_ALIKES)
    spoiled = seen if seen != word and chance.random() < 0.5 else word[:3] + chance.choice(_INVISIBLE) + word[3:]
    return replace(question, question=question.question.replace(word, spoiled, 1))


def hyphen_left(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Leave a word broken as at the end of a line: "provi- ded"."""
    words = _LONG_WORD.findall(question.question)
    if not words:
        return None
    word = chance.choice(words)
    at = len(word) // 2
    return replace(question, question=question.question.replace(word, f"{word[:at]}- {word[at:]}", 1))


def evidence_repeated(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Count a piece of evidence twice."""
    return replace(question, evidence=(*question.evidence, question.evidence[0]))


def page_label_lost(question: Question, view: DocumentView, chance: Random) -> Question | None:
    """Print another label on the page of the evidence than the document does."""
    evidence = question.evidence[0]
    return with_evidence(question, 0, replace(evidence, page_label=f"{evidence.page_label}i"))


SUBTLE_MUTATIONS: Final[tuple[tuple[str, Mutation], ...]] = (
    ("hedged", hedged),
    ("table_renamed", table_renamed),
    ("header_renamed", header_renamed),
    ("premise_added", premise_added),
    ("options_added", options_added),
    ("yes_no_asked", yes_no_asked),
    ("rounded_off", rounded_off),
    ("separators_confused", separators_confused),
    ("roles_reversed", roles_reversed),
    ("type_mislabelled", type_mislabelled),
    ("look_alikes", look_alikes),
    ("hyphen_left", hyphen_left),
    ("evidence_repeated", evidence_repeated),
    ("page_label_lost", page_label_lost),
)
