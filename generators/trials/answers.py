"""What an engine answered in a trial, compared with the answer that the question states."""

import re
from dataclasses import dataclass
from typing import Final

from generators.answer_matching import Agreement, Match, match_answers, normalised
from generators.answer_reading import declines, read_answer
from generators.engines.exchange import Completion
from generators.mining.judging import NO, YES
from generators.trials.naming import SAME, Results, trial_id
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import Question

_REFUSALS: Final = frozenset({"refusal", "content_filter"})
_SURE: Final = 0.8
_LONG_ANSWER: Final = 25
_FIRST_WORD: Final = re.compile(r"\W*([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Said:
    """An engine's answer; `match` compares it with the stated one. It is empty where the engine declined."""

    text: str
    match: Match

    @property
    def declined(self) -> bool:
        """Whether the engine found no answer."""
        return not self.text or declines(self.text)


def said_in(question: Question, results: Results, request_id: str) -> Said | None:
    """Return what was answered to a request; None where nothing was, or the engine would not speak at all."""
    completion = results.get(request_id)
    if not isinstance(completion, Completion) or completion.finish_reason in _REFUSALS:
        return None
    text = read_answer(completion.text)
    match = match_answers(text, question.answer, kind=question.answer_kind, question=question.question)
    return Said(text, match)


def agreement_of(said: Said, question: Question, results: Results, trial: str) -> Agreement:
    """Return whether an answer agrees; where words could not tell, what the engine said when it was asked.

    An engine that is not sure of its word either leaves it open.
    """
    if said.match.agreement is not Agreement.UNSURE:
        return said.match.agreement
    score = yes_score(results, trial_id(question.qa_id, SAME, trial))
    if score is None or 1 - _SURE < score < _SURE:
        return Agreement.UNSURE
    return Agreement.SAME if score >= _SURE else Agreement.DIFFERENT


def yes_score(results: Results, request_id: str) -> float | None:
    """Return how sure a yes is, from 0 to 1; None where neither yes nor no was said, or nothing at all.

    An engine that tells no probabilities is taken at its first word.
    """
    completion = results.get(request_id)
    if not isinstance(completion, Completion):
        return None
    if completion.weights and sum(completion.weights) > 0:
        yes, no = completion.weights
        return yes / (yes + no)
    first = _FIRST_WORD.match(read_answer(completion.text))
    return {YES: 1.0, NO: 0.0}.get(first.group(1).casefold()) if first else None


def explained_by_chance(question: Question) -> bool:
    """Say whether an answer can be hit by chance: yes or no, or one of the things that the question offers."""
    if question.answer_kind is AnswerKind.BOOLEAN:
        return True
    asked, wanted = f" {' '.join(normalised(question.question))} ", " ".join(normalised(question.answer))
    return bool(wanted) and f" {wanted} " in asked


def asks_for_sentences(question: Question) -> bool:
    """Say whether the answer is text of several sentences, which no two engines word alike."""
    return question.question_type is QuestionType.SUMMARIZATION or len(question.answer.split()) > _LONG_ANSWER
