"""A small committed workspace with every kind of row that a dataset is made from."""

import io

import PIL.Image

from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.workspace import writing
from schemas.geometry import Box
from schemas.identity import content_hash, doc_id, image_id
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    LinkKind,
    Modality,
    QuestionType,
    Stage,
    TextSource,
    Verdict,
)
from schemas.recipe import Recipe
from schemas.records import (
    Cell,
    CellQuote,
    CheckResult,
    Document,
    Element,
    Evidence,
    Image,
    Link,
    Page,
    Passage,
    Provenance,
    Question,
    Reject,
    Revision,
)

PAGES = 3
SECRET = "/home/somebody/secret"
ODD_TEXT = "line\u2028separator\u2029next\x85end"
HUGE_CELLS = 20_000


def commit_corpus(url: str, *, documents: int = 2, questions: int = 2) -> None:
    """Commit documents of three pages, each with a table on its first page, and questions about that table."""
    names = [f"{name} | report.pdf" for name in ("b", "a", "c", "d")[:documents]]
    with writing(url) as workspace:
        for number, name in enumerate(names):
            draft = workspace.begin(Stage.EXTRACT)
            for table, rows in _document_rows(name, huge=number == 0).items():
                draft.stage(write_part(workspace.folder, draft.staging, table, rows))
            publish(draft, Recipe(), key=name, seconds=0.1)
        draft = workspace.begin(Stage.GENERATE)
        asked = [_question(name, number) for name in names for number in range(questions)]
        draft.stage(write_part(workspace.folder, draft.staging, "qa", asked))
        rejects = [
            Reject(Stage.GENERATE, "x", reason, f"in {SECRET}") for reason in ("too_long", "too_long", "no_quote")
        ]
        draft.stage(write_part(workspace.folder, draft.staging, "rejects", rejects))
        publish(draft, Recipe(), key="qa", seconds=0.1)


def identity_of(name: str) -> str:
    """Return the document id for a file name."""
    return doc_id(content_hash(name.encode()))


def _document_rows(name: str, *, huge: bool) -> dict[str, list[object]]:
    document, pictures = identity_of(name), [_picture(f"{name}{number}") for number in range(PAGES + 1)]
    pages = [
        Page(document, n, str(n + 1), 612.0, 792.0, 0, (Modality.TEXT,), TextSource.TEXT_LAYER, pictures[n].image_id)
        for n in range(PAGES)
    ]
    html = "<table>" + "<tr><td>1</td></tr>" * (HUGE_CELLS if huge else 1) + "</table>"
    table = Element(
        f"{document}/p0000/table1",
        document,
        0,
        1,
        ElementKind.TABLE,
        Box(10.0, 20.0, 110.0, 220.0),
        "year\tprofit\n2020\t7",
        label="Table 1",
        html=html,
        cells=(Cell(0, 0, "year", header=True), Cell(1, 1, "7")),
        image_id=pictures[PAGES].image_id,
    )
    box = Box(10.0, 5.0, 110.0, 15.0)
    caption = Element(f"{document}/p0000/caption1", document, 0, 0, ElementKind.CAPTION, box, "Table 1: profit")
    odd = Element(f"{document}/p0001/paragraph1", document, 1, 0, ElementKind.PARAGRAPH, box, ODD_TEXT)
    header = Element(f"{document}/p0001/header1", document, 1, 1, ElementKind.HEADER, box, "running head")
    return {
        "documents": [Document(document, content_hash(name.encode()), f"{SECRET}/{name}", 9, PAGES, "pymupdf", "2")],
        "pages": pages,
        "elements": [table, caption, odd, header],
        "links": [Link(caption.element_id, table.element_id, LinkKind.CAPTION_OF)],
        "passages": [Passage(f"{document}/passage-1", document, (odd.element_id,), ODD_TEXT, (1,), ("One",))],
        "images": pictures,
    }


def _question(name: str, number: int) -> Question:
    document = identity_of(name)
    evidence = Evidence(
        f"{document}/p0000/table1",
        document,
        0,
        "1",
        Box(10.0, 20.0, 110.0, 220.0),
        Modality.TABLE,
        EvidenceRole.ANSWER,
        cells=(CellQuote(1, 1, "7"),),
    )
    made_by = Provenance(f"replay:{SECRET}", "0.1.0", model=f"{SECRET}/models/Tiny", prompt="table", prompt_hash="abc")
    return Question(
        f"{document}/qa-{number:012d}",
        f"What was the profit in 202{number} in {name}?",
        "7",
        AnswerKind.NUMBER,
        (QuestionType.FACTUAL_RETRIEVAL, QuestionType.COMPARISON)[number % 2],
        "table",
        (evidence, evidence),
        made_by,
        checks=(CheckResult("grounding", Verdict.PASS),),
        history=(Revision("draft", f"http://{SECRET}", "Profit?", "7"),),
    )


def _picture(text: str) -> Image:
    target = io.BytesIO()
    colour = tuple(content_hash(text.encode()).encode()[:3])
    PIL.Image.new("RGB", (20, 10), (colour[0], colour[1], colour[2])).save(target, "PNG")
    data = target.getvalue()
    return Image(image_id(data + text.encode()), data, "png", 20, 10)
