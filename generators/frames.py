"""Questions that a sentence answers by its own grammar: "X consists of six parts" answers "How many parts …?".

A small model cannot be trusted to write a question whose answer is true; it can choose among questions whose answers
are. Few sentences fit one of the patterns, and that is the point: what does not plainly fit gives nothing. It reads
English only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generators.frame_patterns import PATTERNS, VERB_WORDS, Wording
from generators.frame_phrases import Lexicon, looks_back, read_subject
from generators.sentences import sentence_spans
from schemas.geometry import Span
from schemas.kinds import QuestionType

_ASIDE: Final = re.compile(r"\s+(?:\([^()]*\)|\[[\d,;\s–-]+\])")
_UNREADABLE: Final = re.compile(r"https?:|www\.|[{}\\|=<>•�]|\bet al\b|\?|\w\.\d+ [A-Z]")
# What stands in brackets behind "of" or "the" is part of the phrase, not an aside.
_NO_ASIDE: Final = re.compile(r"\b(?:of|the|an?|and|or|to|in|with|for|by|from|as|is|are)\s+[(\[]")
# "Pebesma (2012) describes": a citation for a subject.
_CITED: Final = re.compile(r"[A-Z][\w’'-]+(?:,? (?:and|&) [A-Z][\w’'-]+)*,? [(\[](?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Frame:
    """A question, its answer as it stands in the sentence, and the sentence's span in the text."""

    question: str
    answer: str
    span: Span
    question_type: QuestionType = QuestionType.FACTUAL_RETRIEVAL


def find_frames(text: str, lexicon: Lexicon) -> list[Frame]:
    """Return the questions that the sentences of `text` answer, one a sentence at most, in their order."""
    return [frame for span in sentence_spans(text) for frame in _frames(text, span, lexicon)]


def _frames(text: str, span: Span, lexicon: Lexicon) -> Iterator[Frame]:
    whole = " ".join(text[span.start : span.end].split())
    sentence = _ASIDE.sub("", whole).rstrip(".")
    if not whole.endswith(".") or _UNREADABLE.search(sentence) or _NO_ASIDE.search(whole) or _CITED.match(whole):
        return
    for pattern, read, kind in PATTERNS:
        match = pattern.fullmatch(sentence)
        subject = read_subject(match["subject"], lexicon, VERB_WORDS) if match else None
        if subject and looks_back(subject, text[: span.start], lexicon):
            return
        wording: Wording | None = read(subject, match) if match and subject else None
        # "MPI uses MPI to start": the answer says nothing that the question does not.
        if subject and wording and not wording[1].casefold().startswith(f"{subject} ".casefold()):
            yield Frame(*wording, span, kind)
            return
