"""A bundle to requests, and an engine's answer to a question with its evidence, or to a reject with its reason."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final

from generators.bundles import Bundle
from generators.choosing import CHOICE_PROMPT, SMALL_ENGINE, choice_schema, choice_text, choices, chosen
from generators.document_view import DocumentView
from generators.draft_parsing import Draft, DraftReason, Unusable, parse_draft
from generators.draft_sources import draft_schema, pictures_of, prompt_values, shows_figure, sources_of
from generators.draft_tasks import Task, draw_task, task_of
from generators.engines.exchange import Completion, Picture, Request, Sampling
from generators.evidence import Proof, modality_of, prove
from generators.lacking import NO_ANSWER, lack_note, lack_of, lacking_schema, lacking_values, prove_lack, shown_of
from generators.prompt_packs import PromptPack
from generators.prompting import prompt_file, render
from generators.quantities import parse_quantity
from generators.situating import situate
from schemas.identity import digest, qa_id
from schemas.kinds import AnswerKind, EvidenceRole, QuestionType, Stage
from schemas.recipe import GenerateSection
from schemas.records import Image, Provenance, Question, Reject, Revision

_CHOICE_TOKENS: Final = 96
_PLAIN_PACK: Final[dict[str, object]] = {"guidance": "", "examples": (), "persona": "", "style": ""}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a completion was read as: a draft, what it is of, its proof, and what the history says of it."""

    task: Task
    draft: Draft
    proof: Proof
    note: str = ""


def requests_for(
    bundle: Bundle,
    views: Mapping[str, DocumentView],
    generate: GenerateSection,
    *,
    seed: int,
    pack: PromptPack | None = None,
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
    task = draw_task(bundle, views, generate.question_types, seed=seed)
    # A table goes as its cells: what is proven are cells, and a model that sees nothing can read them.
    lacking = task is not None and task.question_type == QuestionType.UNANSWERABLE
    has_figure = not lacking and shows_figure(bundle, views)
    pictures = pictures_of(bundle, views, images or {}) if has_figure and generate.pictures else ()
    if task is None or (has_figure and not pictures):
        return []
    return [_request(task, bundle, views, generate, pictures=pictures, pack=pack)]


def draft_from(
    bundle: Bundle,
    views: Mapping[str, DocumentView],
    request: Request,
    completion: Completion,
    *,
    engine: str = "engine",
    pack: PromptPack | None = None,
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
    read = _read(task_of(request), bundle, views, completion)
    if isinstance(read, Unusable):
        return _reject(task_of(request), views[bundle.doc_id], read, completion.text)
    return _question(read, views, _provenance(read.task, request, completion, engine, pack))


def _read(task: Task, bundle: Bundle, views: Mapping[str, DocumentView], completion: Completion) -> _Reading | Unusable:
    if task.prompt == CHOICE_PROMPT:
        choice = chosen(bundle, views[bundle.doc_id], completion)
        if isinstance(choice, Unusable):
            return choice
        draft, kind = choice
        return _proven(replace(task, question_type=kind), draft, bundle, views)
    parsed = parse_draft(completion, answered=task.question_type != QuestionType.UNANSWERABLE)
    if isinstance(parsed, Unusable):
        return parsed
    if task.question_type == QuestionType.UNANSWERABLE:
        return _lacking(task, parsed, bundle, views)
    return _proven(task, parsed, bundle, views)


def _proven(task: Task, draft: Draft, bundle: Bundle, views: Mapping[str, DocumentView]) -> _Reading | Unusable:
    """Prove a draft; what compares, or needs two documents, has to be proven on both sides."""
    proof = prove(draft, sources_of(bundle, views), views)
    if isinstance(proof, Unusable):
        return proof
    proven = {unit.element_id for unit in proof if unit.role == EvidenceRole.ANSWER}
    compares = task.question_type == QuestionType.COMPARISON or len(bundle.doc_ids) > 1
    if compares and len(bundle.evidence) > 1 and not proven.issuperset(bundle.evidence):
        return Unusable(DraftReason.ONE_SIDED, "the draft is proven from one of its sources alone")
    return _Reading(task, draft, proof)


def _lacking(task: Task, draft: Draft, bundle: Bundle, views: Mapping[str, DocumentView]) -> _Reading | Unusable:
    lack = lack_of(bundle, views, seed=task.seed)
    assert lack is not None  # the request was made of it
    proof = prove_lack(draft, lack, bundle, views)
    if isinstance(proof, Unusable):
        return proof
    return _Reading(task, draft.model_copy(update={"answer": NO_ANSWER}), proof, lack_note(draft, lack))


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
    pack: PromptPack | None,
) -> Request:
    added = pack.values(task.prompt, task.question_type, f"{task.seed} {bundle.bundle_id}") if pack else {}
    lack = lack_of(bundle, views, seed=task.seed) if task.question_type == QuestionType.UNANSWERABLE else None
    shown = shown_of(bundle, lack) if lack else bundle
    values = {**prompt_values(shown, views), **_PLAIN_PACK, **added, "asks": task.asks}
    schema = draft_schema(bundle, views)
    if lack:
        values |= lacking_values(lack, views)
        schema = lacking_schema(lack)
    messages = render(task.prompt, values, pictures)
    # Models that think first do so less well when they are held to a schema.
    held = None if generate.answer_form == "text" else schema
    return Request(task.request_id, messages, _sampling(generate), seed=task.seed, schema=held)


def _sampling(generate: GenerateSection) -> Sampling:
    return Sampling(temperature=generate.temperature, max_tokens=generate.max_tokens)


def _provenance(
    task: Task, request: Request, completion: Completion, engine: str, pack: PromptPack | None
) -> Provenance:
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


def _question(read: _Reading, views: Mapping[str, DocumentView], provenance: Provenance) -> Question:
    draft, proof = read.draft, read.proof
    unanswerable = read.task.question_type == QuestionType.UNANSWERABLE
    carrying = [unit for unit in proof if unit.role == EvidenceRole.ANSWER] or list(proof)
    shown = list(dict.fromkeys(unit.doc_id for unit in carrying))
    view = views[shown[0]]
    situated = situate(draft.question, *(views[name] for name in shown))
    proven = [part for unit in proof for part in (unit.element_id, unit.quote or "", *(c.text for c in unit.cells))]
    return Question(
        qa_id=qa_id(view.document.doc_id, situated, draft.answer, digest(*proven)),
        question=situated,
        answer=draft.answer,
        answer_kind=AnswerKind.NONE if unanswerable else _answer_kind(draft.answer),
        question_type=read.task.question_type,
        answer_modality=modality_of(proof),
        evidence=proof,
        provenance=provenance,
        hops=len({unit.element_id for unit in carrying}),
        language=view.document.language or "en",
        domain=view.document.domain,
        history=tuple(_history(read, situated, provenance.engine)),
    )


def _history(read: _Reading, situated: str, engine: str) -> Iterator[Revision]:
    if situated != read.draft.question:
        yield Revision("draft", engine, read.draft.question, read.draft.answer)
    if read.note:
        yield Revision("swap", "code", read.draft.question, read.note)


def _answer_kind(answer: str) -> AnswerKind:
    if answer.strip(" .").casefold() in {"yes", "no", "true", "false"}:
        return AnswerKind.BOOLEAN
    return AnswerKind.NUMBER if parse_quantity(answer) else AnswerKind.TEXT


def _reject(task: Task, view: DocumentView, why: Unusable, text: str) -> Reject:
    return Reject(
        Stage.GENERATE, task.request_id, why.reason.value, why.message, uri=view.document.uri, text=text[:2000]
    )
