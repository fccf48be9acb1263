"""Spoiling questions on purpose, in the ways in which engines and pipelines spoil them: what the checks are tried with.

A mutation is one function `(question, view, chance) -> Question | None`; None where it does not apply. Each changes the
row as the fault itself would and nothing else: a wrong number leaves the evidence alone, a shifted cell takes its text
along.
"""

import random
import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from generators.blind_mutations import BLIND_MUTATIONS
from generators.document_view import DocumentView
from generators.program_mutations import PROGRAM_MUTATIONS, Mutation
from generators.quantities import find_quantities, plain
from generators.spoiled_rows import operand_labels, operand_text, text_at, with_evidence
from generators.subtle_mutations import SUBTLE_MUTATIONS
from generators.table_text import clean
from schemas.geometry import Box
from schemas.identity import digest
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, Operation
from schemas.records import CellQuote, Question

_OPPOSITES: Final = {
    "highest": "lowest", "lowest": "highest", "largest": "smallest", "smallest": "largest", "most": "least",
    "greatest": "smallest", "maximum": "minimum", "minimum": "maximum", "fewest": "most", "longest": "shortest",
}  # fmt: skip
_OTHER_UNITS: Final = {"%": "kg", "kg": "km", "$": "€", "€": "$", "£": "$", "ms": "kg"}
_FOREIGN: Final = (
    "Welche der Angaben ist nach dem Bericht über {} die richtige?",
    "Quelle est la valeur qui est donnée dans le rapport sur {} ?",
    "¿Cuál es el valor que se da en el informe sobre {}?",
    "Qual è il valore che si trova nella relazione su {}?",
)
_LEAKS: Final = (
    "As an AI language model, I would ask: {}",
    "Sure, here is a question: {}",
    "Based on the provided context, {}",
    "Question: {}",
    '{{"question": "{}"}}',
)
_POINTING: Final = (
    "In the table above, {}",
    "In this figure, {}",
    "Based on the following table, {}",
    "As shown below, {}",
)


def wrong_number(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Change one number of the answer a little."""
    numbers = find_quantities(question.answer)
    if not numbers:
        return None
    number = chance.choice(numbers)
    changed = plain(abs(number.value) + chance.choice((1, 2, 10)) * _last_place(number.value))
    printed = re.sub(r"\d+(?:[.,\s]\d+)*", changed, number.text, count=1)
    return replace(question, answer=question.answer[: number.start] + printed + question.answer[number.end :])


def digits_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Swap two neighbouring digits of the answer."""
    places = [match.start() for match in re.finditer(r"(\d)(?!\1)(?=\d)", question.answer)]
    if not places:
        return None
    at = chance.choice(places)
    answer = question.answer
    return replace(question, answer=answer[:at] + answer[at + 1] + answer[at] + answer[at + 2 :])


def off_by_a_row(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Answer with the cell below or above, evidence and program moved along."""
    return _shifted(question, view, (chance.choice((1, -1)), 0))


def off_by_a_column(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Answer with the cell to the right or left, evidence and program moved along."""
    return _shifted(question, view, (0, chance.choice((1, -1))))


def unit_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Give the answer's number another unit."""
    numbers = [number for number in find_quantities(question.answer) if number.unit]
    if not numbers:
        return None
    number = chance.choice(numbers)
    text = number.text.replace(number.unit or "", _OTHER_UNITS.get(number.unit or "", "%"))
    return replace(question, answer=question.answer[: number.start] + text + question.answer[number.end :])


def scale_dropped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Forget "million" or "thousand"."""
    answer = re.sub(r"\s?\b(?:thousand|million|billion|trillion)s?\b", "", question.answer)
    asked = re.search(r"thousand|million|billion|trillion", question.question)
    return None if answer == question.answer or asked else replace(question, answer=answer)


def entity_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Name another row or another proper name in the question."""
    labels = operand_labels(question)
    element = view.get(question.evidence[0].element_id) if question.evidence else None
    others = [
        clean(cell.text)
        for cell in (element.cells if element else ())
        if cell.col == 0 and cell.row > 0 and clean(cell.text) and clean(cell.text) not in labels
    ]
    named = [label for label in labels if label in question.question]
    if not named or not others or (question.program and question.program.operation in _OVER_ALL):
        return None
    return replace(question, question=question.question.replace(chance.choice(named), chance.choice(others)))


def year_shifted(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for another year than any that is printed."""
    years = re.findall(r"\b(?:19|20)\d\d\b", question.question)
    if not years:
        return None
    year = chance.choice(years)
    return replace(question, question=question.question.replace(year, str(int(year) + chance.choice((-31, 37))), 1))


def quote_altered(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Change a letter of a quote, or of a quoted cell."""
    at = chance.randrange(len(question.evidence)) if question.evidence else 0
    evidence = question.evidence[at] if question.evidence else None
    if evidence and evidence.quote and len(evidence.quote) > 4:
        place = chance.randrange(len(evidence.quote))
        quote = evidence.quote[:place] + "q" + evidence.quote[place + 1 :]
        return None if quote == evidence.quote else with_evidence(question, at, replace(evidence, quote=quote))
    if evidence and evidence.cells:
        place = chance.randrange(len(evidence.cells))
        cell = evidence.cells[place]
        cells = (*evidence.cells[:place], replace(cell, text=cell.text + "7"), *evidence.cells[place + 1 :])
        return with_evidence(question, at, replace(evidence, cells=cells))
    return None


def quote_moved(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Shift the offsets of a quote by one."""
    for at, evidence in enumerate(question.evidence):
        if evidence.quote_start is not None and evidence.quote_end is not None:
            moved = replace(evidence, quote_start=evidence.quote_start + 1, quote_end=evidence.quote_end + 1)
            return with_evidence(question, at, moved)
    return None


def evidence_dropped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Lose the evidence that carries the answer."""
    rest = tuple(evidence for evidence in question.evidence if evidence.role != EvidenceRole.ANSWER)
    return replace(question, evidence=rest) if len(rest) < len(question.evidence) else None


def cells_dropped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Lose half of the quoted cells."""
    for at, evidence in enumerate(question.evidence):
        if len(evidence.cells) > 1:
            kept = tuple(cell for place, cell in enumerate(evidence.cells) if place % 2)
            return with_evidence(question, at, replace(evidence, cells=kept))
    return None


def evidence_swapped(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Point at another element of the same kind, with its own page and box."""
    if not question.evidence:
        return None
    own = view.get(question.evidence[0].element_id)
    others = [other for other in view.elements if own and other.kind == own.kind and other is not own]
    if not others:
        return None
    other = chance.choice(others)
    evidence = replace(
        question.evidence[0],
        element_id=other.element_id,
        page_index=other.page_index,
        page_label=view.page_label(other.page_index),
        bbox=other.bbox,
    )
    return with_evidence(question, 0, evidence)


def page_shifted(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Name the next page."""
    evidence = question.evidence[0] if question.evidence else None
    return with_evidence(question, 0, replace(evidence, page_index=evidence.page_index + 1)) if evidence else None


def box_shifted(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Move the box by some points."""
    if not question.evidence:
        return None
    x0, y0, x1, y1 = question.evidence[0].bbox
    by = chance.choice((5.0, -20.0, 100.0))
    return with_evidence(question, 0, replace(question.evidence[0], bbox=Box(x0, y0 + by, x1, y1 + by)))


def answer_truncated(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Cut the answer in the middle, as a token limit does."""
    # A ratio is as good without the word "times".
    if len(question.answer) < 4 or (question.program and question.program.operation is Operation.RATIO):
        return None
    cut = question.answer[: max(2, int(len(question.answer) * chance.uniform(0.4, 0.7)))].rstrip()
    return replace(question, answer=cut)


def pointing(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Begin with words that point at a page nobody sees."""
    return replace(question, question=chance.choice(_POINTING).format(_lower_first(question.question)))


def two_questions(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Join a second question."""
    second = chance.choice((" and what is the lowest one?", " and how does it compare with the year before?"))
    return replace(question, question=question.question.rstrip(" ?.") + second)


def prompt_leak(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Let the engine's own voice into the question."""
    return replace(question, question=chance.choice(_LEAKS).format(question.question))


def wrong_language(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask in another language about the same thing."""
    title = view.document.title or question.question.rstrip("?")[-40:]
    return replace(question, question=chance.choice(_FOREIGN).format(title))


def near_duplicate(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask the same again, hardly reworded, under another id."""
    text = chance.choice(("{}", "Please say: {}", "{} ")).format(question.question)
    twin = f"{question.qa_id}-{digest(text, question.qa_id)[:4]}"
    return replace(question, qa_id=twin, question=text.replace("What is", "What's").replace("the ", "the  "))


def answer_in_question(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Give the answer away."""
    text = f"{question.question.rstrip(' ?.')}, namely {question.answer.rstrip('.')}?"
    return replace(question, question=text)


def false_modality(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Claim another modality."""
    others = ("text", "table", "figure", "text+table", "text+figure", "table+figure", "table+text")
    held = {evidence.modality.value for evidence in question.evidence}
    return replace(
        question,
        answer_modality=chance.choice([one for one in others if not set(one.split("+")) <= held] or ["table+text"]),
    )


def self_contradiction(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Let the answer deny itself."""
    answer = question.answer.rstrip(".")
    return replace(question, answer=chance.choice((f"{answer}, and not {answer}", f"{answer}. Not {answer}.")))


def internal_path(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Show an id or a path of ours."""
    where = question.evidence[0].element_id if question.evidence else question.qa_id
    where = chance.choice((where, "/tmp/corpus/elements/part-0001.parquet", "file:///data/report.pdf"))
    return replace(question, question=f"{question.question.rstrip(' ?')} in {where}?")


def opposite_asked(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Ask for the lowest where the program took the highest."""
    if question.program is None or question.program.operation not in (Operation.MAXIMUM, Operation.MINIMUM):
        return None
    word = next((word for word in _OPPOSITES if re.search(rf"\b{word}\b", question.question)), None)
    return replace(question, question=question.question.replace(word, _OPPOSITES[word], 1)) if word else None


def rows_left_out(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Take an extremum, a rank or a count over a part of the rows."""
    program = question.program
    if program is None or program.operation not in _OVER_ALL:
        return None
    groups = {item.group for item in program.operands}
    winners = {item.group for item in program.operands if operand_text(question, item) == program.result}
    spare = sorted(groups - winners)
    if len(spare) < 2:
        return None
    gone = set(chance.sample(spare, len(spare) // 2))
    operands = tuple(item for item in program.operands if item.group not in gone)
    return replace(question, program=replace(program, operands=operands))


def refusal(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Decline to answer."""
    if question.answer_kind is AnswerKind.NONE:
        return None
    return replace(question, answer="The information is not provided in the document.")


def broken_glyphs(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Lose a character to a font without a map."""
    text, glyph = question.question, chance.choice(("�", "(cid:12)", "\x02"))
    at = chance.randrange(max(len(text) - 1, 1))
    return replace(question, question=text[:at] + glyph + text[at:])


def wrong_kind(question: Question, view: DocumentView, chance: random.Random) -> Question | None:
    """Promise yes or no where something else is answered."""
    return replace(question, answer_kind=AnswerKind.BOOLEAN)


MUTATIONS: Final[tuple[tuple[str, Mutation], ...]] = (
    ("wrong_number", wrong_number),
    ("digits_swapped", digits_swapped),
    ("off_by_a_row", off_by_a_row),
    ("off_by_a_column", off_by_a_column),
    ("unit_swapped", unit_swapped),
    ("scale_dropped", scale_dropped),
    ("entity_swapped", entity_swapped),
    ("year_shifted", year_shifted),
    ("quote_altered", quote_altered),
    ("quote_moved", quote_moved),
    ("evidence_dropped", evidence_dropped),
    ("cells_dropped", cells_dropped),
    ("evidence_swapped", evidence_swapped),
    ("page_shifted", page_shifted),
    ("box_shifted", box_shifted),
    ("answer_truncated", answer_truncated),
    ("pointing", pointing),
    ("two_questions", two_questions),
    ("prompt_leak", prompt_leak),
    ("wrong_language", wrong_language),
    ("near_duplicate", near_duplicate),
    ("answer_in_question", answer_in_question),
    ("false_modality", false_modality),
    ("self_contradiction", self_contradiction),
    ("internal_path", internal_path),
    ("opposite_asked", opposite_asked),
    ("rows_left_out", rows_left_out),
    ("refusal", refusal),
    ("broken_glyphs", broken_glyphs),
    ("wrong_kind", wrong_kind),
    *PROGRAM_MUTATIONS,
    *BLIND_MUTATIONS,
    *SUBTLE_MUTATIONS,
)
_OVER_ALL: Final = frozenset({Operation.MAXIMUM, Operation.MINIMUM, Operation.RANK, Operation.COUNT})


def mutate(question: Question, view: DocumentView, *, name: str, seed: int) -> Question | None:
    """Return the question spoiled in the named way, or None where that does not apply or changes nothing."""
    changed = dict(MUTATIONS)[name](question, view, random.Random(f"{seed}/{name}/{question.qa_id}"))
    return None if changed == question else changed


def _shifted(question: Question, view: DocumentView, by: tuple[int, int]) -> Question | None:
    """Return a lookup that reads the next number, with evidence, program and answer to match."""
    program = question.program
    if program is None or program.operation != Operation.LOOKUP or not question.evidence:
        return None
    value = next((item for item in program.operands if item.role == "value"), None)
    element = view.get(question.evidence[0].element_id)
    if value is None or element is None or element.kind != ElementKind.TABLE:
        return None
    place = (value.row + by[0], value.col + by[1])
    there = next((cell for cell in element.cells if (cell.row, cell.col) == place and cell.text.strip()), None)
    old = text_at(question, value.row, value.col)
    numbers = find_quantities(there.text) if there else []
    if there is None or len(numbers) != 1 or there.text == old:
        return None
    evidence = question.evidence[0]
    cells = tuple(
        CellQuote(*place, there.text) if (cell.row, cell.col) == (value.row, value.col) else cell
        for cell in evidence.cells
    )
    shifted = replace(value, row=place[0], col=place[1])
    operands = tuple(shifted if item is value else item for item in program.operands)
    moved = with_evidence(question, 0, replace(evidence, cells=cells))
    answer = question.answer.replace(old.strip(), there.text.strip())
    return replace(moved, answer=answer, program=replace(program, operands=operands, result=plain(numbers[0].value)))


def _last_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
