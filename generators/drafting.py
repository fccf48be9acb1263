"""A bundle to requests, and an engine's answer to a question with its evidence, or to a reject with its reason."""

import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from generators.bundles import Bundle, BundleKind, is_passage
from generators.checks.wording import content_stems
from generators.document_view import DocumentView
from generators.draft_parsing import Draft, DraftReason, Unusable, first_object, parse_draft
from generators.engines.exchange import Completion, Picture, Request, Sampling
from generators.evidence import Proof, modality_of, prove
from generators.frame_phrases import Lexicon
from generators.frames import Frame, find_frames
from generators.prompting import prompt_file, render
from generators.quantities import parse_quantity
from generators.situating import document_title, situate
from schemas.identity import digest, qa_id
from schemas.kinds import AnswerKind, ElementKind, QuestionType, Stage
from schemas.recipe import GenerateSection
from schemas.records import Element, Image, Provenance, Question, Reject, Revision

CHOICE_PROMPT: Final = "choose_question"
SMALL_ENGINE: Final = "local"
_WORD: Final = re.compile(r"\b[a-z][a-z-]+\b")
_INNER_CAPITAL: Final = re.compile(r"[a-z,] ([A-Z][\w’'-]+)")
_RUNNING: Final = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.CAPTION})
_MOST_CHOICES: Final = 8
_CHOICE_TOKENS: Final = 96
_MOST_CHARACTERS: Final = 4000
_LANGUAGES: Final = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "zh": "Chinese"}
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
    BundleKind.SECTION: {QuestionType.SUMMARIZATION: "draft_summary"},
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


def task_of(request: Request) -> Task:
    """Return the task that a request's id names."""
    bundle_id, prompt, question_type, seed = request.request_id.rsplit("/", 3)
    return Task(bundle_id, prompt, QuestionType(question_type), int(seed))


def requests_for(
    bundle: Bundle,
    view: DocumentView,
    recipe_generate: GenerateSection,
    *,
    seed: int,
    images: Mapping[str, Image] | None = None,
) -> list[Request]:
    """Return the requests that may draw a question from a bundle, one at most; none where the engine cannot.

    Figures need `images`. The embedded model only chooses among questions that the grammar of a passage answers, for
    what it writes itself cannot be trusted; every other engine writes.
    """
    if recipe_generate.engine == SMALL_ENGINE:
        return _choice(bundle, view, recipe_generate, seed)
    types = [kind for kind in _PROMPTS[bundle.kind] if kind in recipe_generate.question_types]
    # A table goes as its cells: what is proven are cells, and a model that sees nothing can read them.
    is_figure = bundle.kind == BundleKind.FIGURE
    pictures = _pictures(bundle, view, images or {}) if is_figure and recipe_generate.pictures else ()
    if not types or (is_figure and not pictures):
        return []
    chosen = random.Random(f"{seed} {bundle.bundle_id}").choice(types)
    task = Task(bundle.bundle_id, _PROMPTS[bundle.kind][chosen], chosen, seed)
    values = {
        "title": document_title(view),
        "language": _LANGUAGES.get(view.document.language or "en", "the language of the sources"),
        "section": " > ".join(_elements(bundle, view)[0].section_path),
        "items": [_item(number, element, view) for number, element in enumerate(_elements(bundle, view), start=1)],
    }
    messages = render(task.prompt, values, pictures)
    schema = _schema(bundle.kind)
    return [Request(task.request_id, messages, _sampling(recipe_generate), seed=seed, schema=schema)]


def draft_from(
    bundle: Bundle,
    view: DocumentView,
    request: Request,
    completion: Completion,
    *,
    engine: str = "engine",
) -> Question | Reject:
    """Return the question that a completion holds, proven by quotes and cells, or why there is none.

    Args:
        bundle: what was asked about.
        view: its document.
        request: the request, from `requests_for`.
        completion: the engine's answer to it.
        engine: the engine's name, for the provenance.
    """
    task = task_of(request)
    draft = parse_draft(completion) if task.prompt != CHOICE_PROMPT else _chosen(bundle, view, completion)
    if isinstance(draft, Frame):
        quote = view_text(view, bundle.evidence[0])[draft.span.start : draft.span.end]
        task = replace(task, question_type=draft.question_type)
        draft = Draft.model_validate({"question": draft.question, "answer": draft.answer, "quotes": [{"text": quote}]})
    if isinstance(draft, Unusable):
        return _reject(task, view, draft, completion.text)
    proof = prove(draft, _elements(bundle, view), view)
    if isinstance(proof, Unusable):
        return _reject(task, view, proof, f"{draft.question} | {draft.answer}")
    return _question(task, view, draft, proof, _provenance(task, request, completion, engine))


def view_text(view: DocumentView, element_id: str) -> str:
    """Return the text of an element, or nothing when the document has none of that id."""
    element = view.get(element_id)
    return element.text if element else ""


def lexicon_of(view: DocumentView) -> Lexicon:
    """Return how the document writes its words in the middle of sentences, and what its title is about."""
    text = "\n".join(element.text for element in view.elements if element.kind in _RUNNING)
    lower, upper = Counter(_WORD.findall(text)), Counter(_INNER_CAPITAL.findall(text))
    names = frozenset(word for word, number in upper.items() if number >= lower[word.lower()])
    common = frozenset(lower) - {name.lower() for name in names}
    return Lexicon(names, common, content_stems(document_title(view) or ""))


def _choice(bundle: Bundle, view: DocumentView, recipe: GenerateSection, seed: int) -> list[Request]:
    if bundle.kind != BundleKind.PASSAGE:
        return []
    frames = [frame for frame in _frames(bundle, view) if frame.question_type in recipe.question_types]
    if not frames:
        return []
    task = Task(bundle.bundle_id, CHOICE_PROMPT, frames[0].question_type, seed)
    spans = dict.fromkeys(frame.span for frame in frames)
    text = view_text(view, bundle.evidence[0])
    values = {"text": " ".join(text[span.start : span.end] for span in spans)}
    schema = _object(question={"enum": [frame.question for frame in frames]})
    sampling = replace(_sampling(recipe), max_tokens=min(recipe.max_tokens, _CHOICE_TOKENS))
    return [Request(task.request_id, render(CHOICE_PROMPT, values), sampling, seed=seed, schema=schema)]


def _frames(bundle: Bundle, view: DocumentView) -> list[Frame]:
    return list(_document_frames(view).get(bundle.evidence[0], ()))[:_MOST_CHOICES]


@lru_cache(maxsize=4)
def _document_frames(view: DocumentView) -> dict[str, list[Frame]]:
    """Return the frames of each passage; a question that several sentences answer differently is none."""
    lexicon = lexicon_of(view)
    found = {element.element_id: find_frames(element.text, lexicon) for element in view.elements if is_passage(element)}
    asked = Counter(frame.question.casefold() for frames in found.values() for frame in frames)
    return {name: [one for one in frames if asked[one.question.casefold()] == 1] for name, frames in found.items()}


def _chosen(bundle: Bundle, view: DocumentView, completion: Completion) -> Frame | Unusable:
    found = first_object(completion.text)
    if found is None:
        return Unusable(DraftReason.UNPARSABLE_DRAFT, "the answer is not JSON")
    for frame in _frames(bundle, view):
        if frame.question == found.get("question"):
            return frame
    return Unusable(DraftReason.UNPARSABLE_DRAFT, "the answer is none of the questions to choose from")


def _elements(bundle: Bundle, view: DocumentView) -> list[Element]:
    found = [view.get(element_id) for element_id in (*bundle.evidence, *bundle.context)]
    return [element for element in found if element is not None]


def _item(number: int, element: Element, view: DocumentView) -> dict[str, object]:
    name = element.label or element.kind.value.replace("_", " ")
    if element.kind == ElementKind.TABLE:
        return {"number": number, "name": f"table {element.label or ''}".strip(), "text": _rows(element)}
    text = "(the picture)" if element.kind == ElementKind.FIGURE else element.text
    return {"number": number, "name": name, "text": text[:_MOST_CHARACTERS]}


def _rows(table: Element) -> str:
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
        if cell.text:
            rows.setdefault(cell.row, []).append(f"{cell.row},{cell.col}: {' '.join(cell.text.split())}")
    return "\n".join(" | ".join(cells) for cells in rows.values())[: 2 * _MOST_CHARACTERS]


def _pictures(bundle: Bundle, view: DocumentView, images: Mapping[str, Image]) -> tuple[Picture, ...]:
    found = [images.get(element.image_id or "") for element in _elements(bundle, view)]
    return tuple(Picture(image.bytes, image.format) for image in found if image is not None)


def _schema(kind: BundleKind) -> str:
    quote = {
        "type": "object",
        "properties": {"source": {"type": "integer"}, "text": {"type": "string"}},
        "required": ["source", "text"],
        "additionalProperties": False,
    }
    cell = {
        "type": "object",
        "properties": {"row": {"type": "integer"}, "col": {"type": "integer"}},
        "required": ["row", "col"],
        "additionalProperties": False,
    }
    parts: dict[str, object] = {
        "question": {"type": "string"},
        "answer": {"type": "string"},
        "quotes": {"type": "array", "items": quote},
    }
    if kind == BundleKind.TABLE:
        parts["cells"] = {"type": "array", "items": cell}
    return _object(**parts)


def _object(**properties: object) -> str:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    # Keys stay in their order: a model under a schema writes them so, the question before its answer.
    return json.dumps(schema, separators=(",", ":"), ensure_ascii=False)


def _sampling(recipe: GenerateSection) -> Sampling:
    return Sampling(temperature=recipe.temperature, max_tokens=recipe.max_tokens)


def _provenance(task: Task, request: Request, completion: Completion, engine: str) -> Provenance:
    prompt = prompt_file(task.prompt)
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


def _question(task: Task, view: DocumentView, draft: Draft, proof: Proof, provenance: Provenance) -> Question:
    situated = situate(draft.question, view)
    history = (
        () if situated == draft.question else (Revision("draft", provenance.engine, draft.question, draft.answer),)
    )
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
        hops=max(1, len({unit.element_id for unit in proof if unit.role == "answer"})),
        language=view.document.language or "en",
        domain=view.document.domain,
        history=history,
    )


def _answer_kind(answer: str) -> AnswerKind:
    if answer.strip(" .").casefold() in {"yes", "no", "true", "false"}:
        return AnswerKind.BOOLEAN
    return AnswerKind.NUMBER if parse_quantity(answer) else AnswerKind.TEXT


def _reject(task: Task, view: DocumentView, why: Unusable, text: str) -> Reject:
    return Reject(
        Stage.GENERATE, task.request_id, why.reason.value, why.message, uri=view.document.uri, text=text[:2000]
    )
