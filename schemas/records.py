"""The records: one frozen slotted dataclass a row of a table. Their Arrow schemas are derived in `schemas.arrow`.

Conventions of coordinates, pages and spans are in `schemas.geometry`; ids are made in `schemas.identity`. A field that
may be missing is `X | None`; a repeated one is a tuple. No field is a bare dict. Changing a record means raising
`schemas.tables.SCHEMA_VERSION` and adding an upgrade.
"""

import builtins
from dataclasses import dataclass, field

from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    JudgeRole,
    LinkKind,
    Modality,
    Operation,
    QuestionType,
    Stage,
    TextSource,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF. Two files with the same bytes are one document; `uri` is where it was found first."""

    doc_id: str
    sha256: str
    uri: str
    byte_size: int
    page_count: int
    extractor: str
    extractor_version: str
    title: str | None = None
    created: str | None = None
    language: str | None = None
    domain: str | None = None
    family_id: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as displayed. `rotation` is what was applied, in degrees clockwise; width and height come after it.

    `modalities` are those of the elements on it; `image_id` is its picture, if pictures were asked for.
    """

    doc_id: str
    page_index: int
    page_label: str
    width: float
    height: float
    rotation: int
    modalities: tuple[Modality, ...]
    text_source: TextSource
    image_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `row` and `col` (from 0) are its top left place, spans count at least 1.

    `text` is what is printed, whitespace collapsed. `header` marks column headers and row headers alike.
    """

    row: int
    col: int
    text: str
    row_span: int = 1
    col_span: int = 1
    header: bool = False
    bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A typed thing on a page, in reading order.

    `order` counts from 0 over the page. `label` is the normalised name of a numbered thing: "Table 3", "Figure 2b",
    "Equation 5" (also on its caption); for a heading it is its printed number ("4.1"). `section_path` holds the
    headings above it from the top; a heading's own path ends with itself. `html` and `cells` are a table's.
    """

    element_id: str
    doc_id: str
    page_index: int
    order: int
    kind: ElementKind
    bbox: Box
    text: str
    label: str | None = None
    section_path: tuple[str, ...] = ()
    html: str | None = None
    cells: tuple[Cell, ...] = ()
    image_id: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """A typed edge between two elements of a document.

    For `mentions`, `anchor_text` is `source.text[anchor_start:anchor_end]`: the words that name the target.
    """

    source_id: str
    target_id: str
    kind: LinkKind
    anchor_text: str | None = None
    anchor_start: int | None = None
    anchor_end: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieval chunk: text of consecutive elements of one section, with placeholders for tables and figures."""

    passage_id: str
    doc_id: str
    element_ids: tuple[str, ...]
    text: str
    page_indices: tuple[int, ...]
    section_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A crop or a page picture; `bytes` is the encoded file, width and height are in pixels."""

    image_id: str
    bytes: builtins.bytes
    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CellQuote:
    """A table cell as it was quoted: its place and its text at that time."""

    row: int
    col: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in a document that an answer rests on, with its proof.

    The proof of text is `quote`, with `element.text[quote_start:quote_end] == quote`; of a table, `cells`. Page, box
    and document stand here as well as the element's id, so that the place can be found again after a new extraction.
    `bbox` is the element's own; `corrected_bbox` is where people drew it on that page, if they redrew it.
    """

    element_id: str
    doc_id: str
    page_index: int
    page_label: str
    bbox: Box
    modality: Modality
    role: EvidenceRole
    quote: str | None = None
    quote_start: int | None = None
    quote_end: int | None = None
    cells: tuple[CellQuote, ...] = ()
    corrected_bbox: Box | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """A cell that a program reads: `evidence` indexes `Question.evidence`; `role` is "value" or "label".

    A value cell and the label cell that names it share `group`, so that an extremum can say which one won.
    """

    evidence: int
    row: int
    col: int
    role: str
    group: int


@dataclass(frozen=True, slots=True)
class Program:
    """A table program: run again over its operands it gives `result`, so that an answer is computed, not guessed.

    `argument` is what the operation needs besides cells: a threshold for count (as ">= 12.5"), a place for rank ("2").
    `result` is the bare result (a plain decimal or a label); the answer words it with its unit. `scale` is the
    factor that a header or caption states ("in thousands" is 1000) and that the answer names instead of applying.
    """

    operation: Operation
    operands: tuple[Operand, ...]
    result: str
    argument: str | None = None
    unit: str | None = None
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check's verdict on one question. `reason_code` is set when it failed; `score` where there is a measure."""

    name: str
    verdict: Verdict
    reason_code: str | None = None
    message: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier wording of a question: who (engine, program, person) put it so, and at what step."""

    step: str
    author: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a question. `parameters` is canonical JSON of the sampling parameters."""

    engine: str
    software_version: str
    model: str | None = None
    prompt: str | None = None
    prompt_hash: str | None = None
    parameters: str | None = None
    seed: int | None = None
    request_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer, its evidence and its proof.

    `answer_modality` joins modalities with "+" in the order text, table, figure. `program` is set when the answer was
    computed over cells.
    """

    qa_id: str
    question: str
    answer: str
    answer_kind: AnswerKind
    question_type: QuestionType
    answer_modality: str
    evidence: tuple[Evidence, ...]
    provenance: Provenance
    hops: int = 1
    difficulty: str | None = None
    language: str = "en"
    domain: str | None = None
    split: str | None = None
    program: Program | None = None
    checks: tuple[CheckResult, ...] = ()
    history: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxCorrection:
    """Where a person says that an evidence unit stands; the box is in points of the page as displayed."""

    doc_id: str
    page_index: int
    bbox: Box


@dataclass(frozen=True, slots=True)
class EvidenceJudgement:
    """A person's verdict on one evidence unit; None means not judged. `boxes` is empty unless they were redrawn."""

    element_id: str
    required: bool | None
    boxes: tuple[BoxCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's verdict on one question, with the labels of UniDoc-Bench's protocol. None means not judged.

    `annotator` is a pseudonym. `wording` is `schemas.identity.wording` of the question as that person saw it: a verdict
    speaks of these words alone. `source` names the annotation on its server, for the audit.
    """

    judgement_id: str
    qa_id: str
    annotator: str
    created: str
    seconds: float | None = None
    question_factual: bool | None = None
    answer_factual: bool | None = None
    complete: bool | None = None
    self_contained: bool | None = None
    human_like: bool | None = None
    evidence: tuple[EvidenceJudgement, ...] = ()
    corrected_question: str | None = None
    corrected_answer: str | None = None
    comment: str | None = None
    role: JudgeRole = JudgeRole.ANNOTATOR
    wording: str = ""
    skipped: bool = False
    updated: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A question drawn into the validation sample: a row of `samples`.

    `annotators` is how many people judge it. `weight` is the stratum's size over the number drawn from it, so that the
    weights of the sample sum up to the corpus. `place` is its place in the draw.
    """

    qa_id: str
    wording: str
    question_type: str
    answer_modality: str
    domain: str
    annotators: int
    weight: float
    place: int
    seed: int


@dataclass(frozen=True, slots=True)
class LabelProject:
    """A project on a Label Studio server that this workspace has made: a row of `label_projects`.

    `config_hash` is the digest of the labelling page as it was pushed, so that a change by hand is noticed.
    """

    url: str
    project_id: int
    role: JudgeRole
    title: str
    config_hash: str
    created: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Something dropped on purpose: `subject` is its id, `text` what was dropped, for people to read."""

    stage: Stage
    subject: str
    reason_code: str
    message: str
    uri: str | None = None
    page_index: int | None = None
    text: str | None = None
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong: a row of the `errors` table. `subject` is a document, page or request id."""

    stage: Stage
    subject: str
    reason_code: str
    message: str
    uri: str | None = None
    page_index: int | None = None
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that an extractor gives for one document.

    `problems` are pages that failed and things worth a flag; `rejects` are mentions that were left unresolved.
    """

    document: Document
    pages: tuple[Page, ...] = ()
    elements: tuple[Element, ...] = ()
    links: tuple[Link, ...] = ()
    passages: tuple[Passage, ...] = ()
    images: tuple[Image, ...] = ()
    problems: tuple[Failure, ...] = field(default=())
    rejects: tuple[Reject, ...] = ()
