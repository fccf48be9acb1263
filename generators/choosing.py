"""The embedded model's share: it chooses among questions that the grammar of a passage answers, and writes none."""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from generators.bundles import Bundle, BundleKind, is_passage
from generators.checks.wording import content_stems
from generators.document_view import DocumentView
from generators.draft_parsing import Draft, DraftReason, Unusable, first_object
from generators.draft_sources import object_schema
from generators.engines.exchange import Completion
from generators.frame_phrases import Lexicon
from generators.frames import Frame, find_frames
from generators.situating import document_title
from schemas.kinds import ElementKind, QuestionType

CHOICE_PROMPT: Final = "choose_question"
SMALL_ENGINE: Final = "local"
_WORD: Final = re.compile(r"\b[a-z][a-z-]+\b")
_INNER_CAPITAL: Final = re.compile(r"[a-z,] ([A-Z][\w’'-]+)")
_RUNNING: Final = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.CAPTION})
_MOST_CHOICES: Final = 8


def choices(bundle: Bundle, view: DocumentView) -> list[Frame]:
    """Return the questions to choose from; only single passages have any."""
    if bundle.kind != BundleKind.PASSAGE:
        return []
    return list(_document_frames(view).get(bundle.evidence[0], ()))[:_MOST_CHOICES]


def choice_text(bundle: Bundle, view: DocumentView, frames: list[Frame]) -> str:
    """Return the sentences that answer these questions."""
    text = _text(view, bundle.evidence[0])
    return " ".join(text[span.start : span.end] for span in dict.fromkeys(frame.span for frame in frames))


def choice_schema(frames: list[Frame]) -> str:
    """Return the schema that lets a model say one of these questions and nothing else."""
    return object_schema(question={"enum": [frame.question for frame in frames]})


def chosen(bundle: Bundle, view: DocumentView, completion: Completion) -> tuple[Draft, QuestionType] | Unusable:
    """Return the question that a completion chose, as a draft with its proof."""
    found = first_object(completion.text)
    if found is None:
        return Unusable(DraftReason.UNPARSABLE_DRAFT, "the answer is not JSON")
    for frame in choices(bundle, view):
        if frame.question == found.get("question"):
            quote = _text(view, bundle.evidence[0])[frame.span.start : frame.span.end]
            draft = {"question": frame.question, "answer": frame.answer, "quotes": [{"text": quote}]}
            return Draft.model_validate(draft), frame.question_type
    return Unusable(DraftReason.UNPARSABLE_DRAFT, "the answer is none of the questions to choose from")


def lexicon_of(view: DocumentView) -> Lexicon:
    """Return how the document writes its words in the middle of sentences, and what its title is about."""
    text = "\n".join(element.text for element in view.elements if element.kind in _RUNNING)
    lower, upper = Counter(_WORD.findall(text)), Counter(_INNER_CAPITAL.findall(text))
    names = frozenset(word for word, number in upper.items() if number >= lower[word.lower()])
    common = frozenset(lower) - {name.lower() for name in names}
    return Lexicon(names, common, content_stems(document_title(view) or ""))


@lru_cache(maxsize=4)
def _document_frames(view: DocumentView) -> dict[str, list[Frame]]:
    """Return the frames of each passage; a question that several sentences answer differently is none."""
    lexicon = lexicon_of(view)
    found = {element.element_id: find_frames(element.text, lexicon) for element in view.elements if is_passage(element)}
    asked = Counter(frame.question.casefold() for frames in found.values() for frame in frames)
    return {name: [one for one in frames if asked[one.question.casefold()] == 1] for name, frames in found.items()}


def _text(view: DocumentView, element_id: str) -> str:
    element = view.get(element_id)
    return element.text if element else ""
