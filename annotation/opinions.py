"""What annotators have said of a question, side by side, for the expert who settles it."""

from collections.abc import Iterable, Sequence
from html import escape

from annotation.labels import LABELS
from schemas.records import Judgement


def agreed(opinions: Iterable[Judgement], label: str) -> bool | None:
    """Return the value of a label that all who gave one agree on, or None."""
    return _common(getattr(opinion, label) for opinion in opinions)


def agreed_required(opinions: Iterable[Judgement], element_id: str) -> bool | None:
    """Return what all who judged an evidence unit agree on, or None."""
    return _common(required(opinion, element_id) for opinion in opinions)


def required(opinion: Judgement, element_id: str) -> bool | None:
    """Return what one person says of an evidence unit."""
    return next((unit.required for unit in opinion.evidence if unit.element_id == element_id), None)


def verdicts_html(opinions: Sequence[Judgement], element_ids: Sequence[str]) -> str:
    """Return a table with a row a label and evidence unit and a column a person; rows that differ are marked.

    People stand as A, B, C: the expert need not know who they are.
    """
    given = [opinion for opinion in opinions if not opinion.skipped]
    names = [chr(ord("A") + place) for place in range(len(given))]
    rows = [_row(label.title, [getattr(opinion, label.name) for opinion in given]) for label in LABELS]
    for number, element_id in enumerate(element_ids, start=1):
        rows.append(_row(f"Evidence {number} is needed", [required(opinion, element_id) for opinion in given]))
    head = "".join(f"<th>{name}</th>" for name in names)
    skipped = sum(opinion.skipped for opinion in opinions)
    foot = f"<p>Skipped by {skipped}.</p>" if skipped else ""
    notes = "".join(
        f"<p><b>{name}</b> {note}</p>" for name, opinion in zip(names, given, strict=True) for note in _notes(opinion)
    )
    table = f'<table class="cm-verdicts"><tr><th></th>{head}</tr>{"".join(rows)}</table>'
    return f'<div class="cm-head"><b>What annotators said</b></div>{table}{foot}{notes}'


def _common(values: Iterable[bool | None]) -> bool | None:
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def _row(title: str, values: Sequence[bool | None]) -> str:
    differs = len({value for value in values if value is not None}) > 1
    cells = "".join(f"<td>{_WORDS[value]}</td>" for value in values)
    mark = ' class="cm-differs"' if differs else ""
    return f"<tr{mark}><td>{escape(title)}</td>{cells}</tr>"


_WORDS = {True: "yes", False: "no", None: "–"}


def _notes(opinion: Judgement) -> list[str]:
    said = (
        ("would ask:", opinion.corrected_question),
        ("would answer:", opinion.corrected_answer),
        ("says:", opinion.comment),
    )
    return [f"{verb} {escape(text)}" for verb, text in said if text]
