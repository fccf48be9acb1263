"""The closed vocabularies: what an element, a link, a question or a failure can be."""

from enum import StrEnum


class ElementKind(StrEnum):
    """What a thing on a page is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    FIGURE = "figure"
    CAPTION = "caption"
    FORMULA = "formula"
    FOOTNOTE = "footnote"
    HEADER = "header"
    FOOTER = "footer"


class LinkKind(StrEnum):
    """How two elements are tied. The source comes first in every reading: "caption is caption of table"."""

    CAPTION_OF = "caption_of"
    MENTIONS = "mentions"
    IN_SECTION = "in_section"
    CONTINUES = "continues"
    FOOTNOTE_OF = "footnote_of"
    RELATED = "related"


class TextSource(StrEnum):
    """How the text of a page was read."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    NONE = "none"


class Modality(StrEnum):
    """What carries a piece of evidence. An answer over several joins them with "+": "text+table"."""

    TEXT = "text"
    TABLE = "table"
    FIGURE = "figure"


class CandidateKind(StrEnum):
    """What a retriever chooses among."""

    PASSAGE = "passage"
    TABLE = "table"
    FIGURE = "figure"
    PAGE = "page"


class NegativeKind(StrEnum):
    """What makes a candidate that does not answer hard to tell from one that does, or why it was drawn."""

    RANKED = "ranked"
    WRONG_MODALITY = "wrong_modality"
    LOW_RANKED = "low_ranked"
    STRUCTURE = "structure"
    CONTRADICTION = "contradiction"
    RANDOM = "random"


class QuestionType(StrEnum):
    """The task that a question sets, after UniDoc-Bench, plus questions that the evidence cannot answer."""

    FACTUAL_RETRIEVAL = "factual_retrieval"
    COMPARISON = "comparison"
    SUMMARIZATION = "summarization"
    LOGICAL_REASONING = "logical_reasoning"
    UNANSWERABLE = "unanswerable"


class AnswerKind(StrEnum):
    """The form of an answer, which decides how it is compared."""

    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    BOOLEAN = "boolean"
    NONE = "none"


class EvidenceRole(StrEnum):
    """What an evidence unit does for the answer: carry it, help to understand it, or carry it as well elsewhere."""

    ANSWER = "answer"
    CONTEXT = "context"
    ALTERNATIVE = "alternative"


class Verdict(StrEnum):
    """The outcome of one check."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"


class JudgeRole(StrEnum):
    """Who judges a question: one of the annotators, or the expert who settles what they disagree on."""

    ANNOTATOR = "annotator"
    EXPERT = "expert"


class Stage(StrEnum):
    """The stages, as they stand in `rejects`, `errors` and the manifests."""

    EXTRACT = "extract"
    GENERATE = "generate"
    CHECK = "check"
    EXPORT = "export"
    ANNOTATE = "annotate"
    SPLIT = "split"
    MINE = "mine"


class Operation(StrEnum):
    """What a table program computes over cells.

    `excess` is the sum of all values but the last, less the last; `change` a percentage from the first value to the
    second; `share` the first value's percentage of the second, which the values from the third on and the first add up
    to; `filter` and `top` give lists; `absent` finds a name among none of its labels.
    """

    LOOKUP = "lookup"
    COMPARE = "compare"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    SUM = "sum"
    DIFFERENCE = "difference"
    COUNT = "count"
    RANK = "rank"
    AVERAGE = "average"
    EXCESS = "excess"
    RATIO = "ratio"
    CHANGE = "change"
    SHARE = "share"
    FILTER = "filter"
    TOP = "top"
    ABSENT = "absent"
