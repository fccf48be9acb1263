"""What can be asked about a bundle: the question types that its kind allows, by which prompts, and which is drawn."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from generators.bundles import Bundle, BundleKind
from generators.document_view import DocumentView
from generators.engines.exchange import Request
from generators.lacking import LACKING_PROMPT, lack_of
from schemas.kinds import QuestionType

PROMPTS: Final[dict[BundleKind, dict[QuestionType, str]]] = {
    BundleKind.PASSAGE: {
        QuestionType.FACTUAL_RETRIEVAL: "draft_factual",
        QuestionType.LOGICAL_REASONING: "draft_reasoning",
    },
    BundleKind.TABLE: {QuestionType.FACTUAL_RETRIEVAL: "draft_table", QuestionType.COMPARISON: "draft_table"},
    BundleKind.FIGURE: {QuestionType.FACTUAL_RETRIEVAL: "draft_figure", QuestionType.COMPARISON: "draft_figure"},
    BundleKind.PAIR: {
        QuestionType.COMPARISON: "draft_comparison",
        QuestionType.LOGICAL_REASONING: "draft_reasoning",
    },
    BundleKind.HOP: {
        QuestionType.FACTUAL_RETRIEVAL: "draft_joint",
        QuestionType.COMPARISON: "draft_joint",
        QuestionType.LOGICAL_REASONING: "draft_joint",
    },
    BundleKind.OBJECTS: {
        QuestionType.COMPARISON: "draft_joint",
        QuestionType.LOGICAL_REASONING: "draft_joint",
    },
    BundleKind.SECTION: {QuestionType.SUMMARIZATION: "draft_summary"},
    BundleKind.ACROSS: {
        QuestionType.COMPARISON: "draft_across",
        QuestionType.LOGICAL_REASONING: "draft_across",
        QuestionType.FACTUAL_RETRIEVAL: "draft_across",
    },
}
_ASKS: Final = {
    QuestionType.FACTUAL_RETRIEVAL: "one factual question",
    QuestionType.COMPARISON: "one question that compares",
    QuestionType.LOGICAL_REASONING: "one question that asks for a reason, a consequence, a trend or an order of events",
}


@dataclass(frozen=True, slots=True)
class Task:
    """What one request is for; it is written into the request's id and read back from it."""

    bundle_id: str
    prompt: str
    question_type: QuestionType
    seed: int

    @property
    def request_id(self) -> str:
        """The id."""
        return f"{self.bundle_id}/{self.prompt}/{self.question_type.value}/{self.seed}"

    @property
    def asks(self) -> str:
        """What a prompt for several types says of this one."""
        return _ASKS.get(self.question_type, "one question")


def task_of(request: Request) -> Task:
    """Return the task that a request's id names."""
    bundle_id, prompt, question_type, seed = request.request_id.rsplit("/", 3)
    return Task(bundle_id, prompt, QuestionType(question_type), int(seed))


def draw_task(
    bundle: Bundle, views: Mapping[str, DocumentView], wanted: Collection[QuestionType], *, seed: int
) -> Task | None:
    """Draw one of the wanted types that a bundle can be asked for, None where there is none."""
    prompts = {kind: prompt for kind, prompt in PROMPTS[bundle.kind].items() if kind in wanted}
    if QuestionType.UNANSWERABLE in wanted and lack_of(bundle, views, seed=seed):
        prompts[QuestionType.UNANSWERABLE] = LACKING_PROMPT
    if not prompts:
        return None
    drawn = random.Random(f"{seed} {bundle.bundle_id}").choice(list(prompts))
    return Task(bundle.bundle_id, prompts[drawn], drawn, seed)
