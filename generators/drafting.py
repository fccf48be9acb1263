"""A bundle to requests, and an engine's answer to a question with its evidence, or to a reject with its reason."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final, Protocol

from generators.bundles import Bundle, BundleKind
from generators.choosing import CHOICE_PROMPT, SMALL_ENGINE, choice_schema, choice_text, choices, chosen
from generators.document_view import DocumentView
from generators.draft_parsing import Draft, DraftReason, Unusable, parse_draft
from generators.draft_sources import draft_schema, pictures_of, prompt_values, shows_figure, sources_of
from generators.engines.exchange import Completion, Picture, Request, Sampling
from generators.evidence import Proof, modality_of, prove
from generators.prompting import PromptFile, prompt_file, render
from generators.quantities import parse_quantity
from generators.situating import situate
from schemas.identity import digest, qa_id
from schemas.kinds import AnswerKind, EvidenceRole, QuestionType, Stage
from schemas.recipe import GenerateSection
from schemas.records import Image, Provenance, Question, Reject, Revision

_CHOICE_TOKENS: Final = 96
_PLAIN_PACK: Final[dict[str, object]] = {"guidance": "", "examples": (), "persona": "", "style": ""}
_PROMPTS: Final[dict[BundleKind, dict[QuestionType, str]]] = {
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


class Pack(Protocol):
    """What a domain adds to a prompt."""

    def prompt_file(self, prompt: str) -> PromptFile:
        """Return what goes into the provenance."""
        ...

    def values(self, prompt: str, question_type: QuestionType, key: str) -> dict[str, object]:
        """Return guidance, examples, persona and style; `key` seeds what is drawn."""
        ...


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


def task_of(request: Request) -> Task:
    """Return the task that a request's id names."""
    bundle_id, prompt, question_type, seed = request.request_id.rsplit("/", 3)
    return Task(bundle_id, prompt, QuestionType(question_type), int(seed))


def requests_for(
    bundle: Bundle,
    views: Mapping[str, DocumentView],
    generate: GenerateSection,
    *,
    seed: int,
    pack: Pack | None = None,
    images: Mapping[str, Image] | None = None,
) -> list[Request]:
    """Return the requests that may draw a question from a bundle, one at most; none where the engine cannot.

    Figures need `images`. The embedded model only chooses among questions that the grammar of a passage answers, for
    what it writes itself cannot be trusted; every other engine writes.

    Args:
        bundle: what to ask about.
        views: its documents by doc_id.
        generate: what may be asked, and how.
        seed: draws the question type, and what the pack offers several of.
        pack: what the domain adds to the prompt.
        images: pictures by image_id.
    """
    if generate.engine == SMALL_ENGINE:
        return _choice(bundle, views[bundle.doc_id], generate, seed)
    types = [kind for kind in _PROMPTS[bundle.kind] if kind in generate.question_types]
    # A table goes as its cells: what is proven are cells, and a model that sees nothing can read them.
    has_figure = shows_figure(bundle, views)
    pictures = pictures_of(bundle, views, images or {}) if has_figure and generate.pictures else ()
    if not types or (has_figure and not pictures):
        return []
    drawn = random.Random(f"{seed} {bundle.bundle_id}").choice(types)
    task = Task(bundle.bundle_id, _PROMPTS[bundle.kind][drawn], drawn, seed)
    return [_request(task, bundle, views, generate, pictures=pictures, pack=pack)]


def draft_from(
    bundle: Bundle,
    views: Mapping[str, DocumentView],
    request: Request,
    completion: Completion,
    *,
    engine: str = "engine",
    pack: Pack | None = None,
) -> Question | Reject:
    """Return the question that a completion holds, proven by quotes and cells, or why there is none.

    Args:
        bundle: what was asked about.
        views: its documents by doc_id.
        request: the request, from `requests_for`.
        completion: the engine's answer to it.
        engine: the engine's name, for the provenance.
        pack: the pack that the request was made with, for the provenance.
    """
    task = task_of(request)
    view = views[bundle.doc_id]
    if task.prompt == CHOICE_PROMPT:
        choice = chosen(bundle, view, completion)
        if isinstance(choice, Unusable):
            return _reject(task, view, choice, completion.text)
        draft, kind = choice
        task = replace(task, question_type=kind)
    else:
        parsed = parse_draft(completion)
        if isinstance(parsed, Unusable):
            return _reject(task, view, parsed, completion.text)
        draft = parsed
    proof = _proof(draft, task, bundle, views)
    if isinstance(proof, Unusable):
        return _reject(task, view, proof, f"{draft.question} | {draft.answer}")
    return _question(task, views, draft, proof, _provenance(task, request, completion, engine, pack))


def _choice(bundle: Bundle, view: DocumentView, generate: GenerateSection, seed: int) -> list[Request]:
    frames = [frame for frame in choices(bundle, view) if frame.question_type in generate.question_types]
    if not frames:
        return []
    task = Task(bundle.bundle_id, CHOICE_PROMPT, frames[0].question_type, seed)
    messages = render(CHOICE_PROMPT, {"text": choice_text(bundle, view, frames)})
    sampling = replace(_sampling(generate), max_tokens=min(generate.max_tokens, _CHOICE_TOKENS))
    return [Request(task.request_id, messages, sampling, seed=seed, schema=choice_schema(frames))]


def _request(
    task: Task,
    bundle: Bundle,
    views: Mapping[str, DocumentView],
    generate: GenerateSection,
    *,
    pictures: tuple[Picture, ...],
    pack: Pack | None,
) -> Request:
    added = pack.values(task.prompt, task.question_type, f"{task.seed} {bundle.bundle_id}") if pack else {}
    asks = _ASKS.get(task.question_type, "one question")
    values = {**prompt_values(bundle, views), **_PLAIN_PACK, **added, "asks": asks}
    messages = render(task.prompt, values, pictures)
    return Request(task.request_id, messages, _sampling(generate), seed=task.seed, schema=draft_schema(bundle, views))


def _proof(draft: Draft, task: Task, bundle: Bundle, views: Mapping[str, DocumentView]) -> Proof | Unusable:
    """Prove a draft; what compares, or needs two documents, has to be proven on both sides."""
    proof = prove(draft, sources_of(bundle, views), views)
    if isinstance(proof, Unusable):
        return proof
    proven = {unit.element_id for unit in proof if unit.role == EvidenceRole.ANSWER}
    compares = task.question_type == QuestionType.COMPARISON or len(bundle.doc_ids) > 1
    if compares and len(bundle.evidence) > 1 and not proven.issuperset(bundle.evidence):
        return Unusable(DraftReason.ONE_SIDED, "the draft is proven from one of its sources alone")
    return proof


def _sampling(generate: GenerateSection) -> Sampling:
    return Sampling(temperature=generate.temperature, max_tokens=generate.max_tokens)


def _provenance(task: Task, request: Request, completion: Completion, engine: str, pack: Pack | None) -> Provenance:
    prompt = pack.prompt_file(task.prompt) if pack and task.prompt != CHOICE_PROMPT else prompt_file(task.prompt)
    sampling = request.sampling
    parameters = {"max_tokens": sampling.max_tokens, "temperature": sampling.temperature, "top_p": sampling.top_p}
    return Provenance(
        engine=engine,
        software_version=version("corpusmill"),
        model=completion.model,
        prompt=prompt.tag,
        prompt_hash=prompt.hash,
        parameters=json.dumps(parameters, sort_keys=True, separators=(",", ":")),
        seed=request.seed,
        request_ids=(request.request_id,),
    )


def _question(
    task: Task, views: Mapping[str, DocumentView], draft: Draft, proof: Proof, provenance: Provenance
) -> Question:
    answering = [unit for unit in proof if unit.role == EvidenceRole.ANSWER]
    shown = list(dict.fromkeys(unit.doc_id for unit in answering))
    view = views[shown[0]]
    situated = situate(draft.question, *(views[name] for name in shown))
    drafted = Revision("draft", provenance.engine, draft.question, draft.answer)
    proven = [part for unit in proof for part in (unit.element_id, unit.quote or "", *(c.text for c in unit.cells))]
    return Question(
        qa_id=qa_id(view.document.doc_id, situated, draft.answer, digest(*proven)),
        question=situated,
        answer=draft.answer,
        answer_kind=_answer_kind(draft.answer),
        question_type=task.question_type,
        answer_modality=modality_of(proof),
        evidence=proof,
        provenance=provenance,
        hops=max(1, len({unit.element_id for unit in answering})),
        language=view.document.language or "en",
        domain=view.document.domain,
        history=() if situated == draft.question else (drafted,),
    )


def _answer_kind(answer: str) -> AnswerKind:
    if answer.strip(" .").casefold() in {"yes", "no", "true", "false"}:
        return AnswerKind.BOOLEAN
    return AnswerKind.NUMBER if parse_quantity(answer) else AnswerKind.TEXT


def _reject(task: Task, view: DocumentView, why: Unusable, text: str) -> Reject:
    return Reject(
        Stage.GENERATE, task.request_id, why.reason.value, why.message, uri=view.document.uri, text=text[:2000]
    )
