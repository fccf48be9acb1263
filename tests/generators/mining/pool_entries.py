"""Candidates and questions made by hand, for the tests of mining."""

from generators.mining.pool_file import PoolEntry
from generators.pools import PoolItem
from schemas.geometry import Box
from schemas.kinds import AnswerKind, CandidateKind, EvidenceRole, Modality, QuestionType
from schemas.records import CellQuote, Evidence, Provenance, Question


def entry(
    name: str,
    text: str = "",
    *,
    kind: CandidateKind = CandidateKind.PASSAGE,
    doc: str = "doc",
    family: str | None = None,
    elements: tuple[str, ...] = (),
    page: int = 0,
    section: tuple[str, ...] = (),
    tied: tuple[str, ...] = (),
    headers: str = "",
    image_id: str | None = None,
    bbox: Box | None = None,
) -> PoolEntry:
    own = elements or (f"{doc}/{name}",)
    item = PoolItem(f"{doc}/{name}", kind, doc, own, (page,), text, section, bbox=bbox, image_id=image_id)
    return PoolEntry(item, family or doc, tied, headers)


def question(
    text: str = "How many litres of rain fell in Kiel in May?",
    answer: str = "12",
    *,
    element: str = "doc/p0000/table1",
    cells: tuple[CellQuote, ...] = (),
    quote: str | None = None,
    kind: QuestionType = QuestionType.FACTUAL_RETRIEVAL,
) -> Question:
    proof = Evidence(
        element, "doc", 0, "1", Box(0, 0, 1, 1), Modality.TABLE, EvidenceRole.ANSWER, quote=quote, cells=cells
    )
    return Question(
        "doc/qa-1", text, answer, AnswerKind.NUMBER, kind, "table", (proof,), Provenance("none", "0"), split="train"
    )
