"""The requests of the trials: all that do not need each other's answers at once, the others when those are there."""

from collections.abc import Iterator, Mapping, Sequence

from generators.answer_matching import Agreement
from generators.document_view import DocumentView
from generators.engines.exchange import Message, Picture, Request, Sampling
from generators.mining.judging import NO, YES
from generators.prompting import render
from generators.trials.answers import asks_for_sentences, explained_by_chance, said_in
from generators.trials.exhibits import Exhibit, carrying_units, exhibits_of
from generators.trials.naming import SAME, Results, ablation_id, trial_id
from generators.trials.necessity import next_removal, standing
from generators.trials.plan import TrialPlan
from schemas.kinds import QuestionType
from schemas.recipe import TrialName
from schemas.records import Image, Question

_ONE_WORD = Sampling(temperature=0.0, max_tokens=1)
_COMPARED = (TrialName.ANSWERABLE, TrialName.CLOSED_BOOK)


def trial_requests(
    question: Question, views: Mapping[str, DocumentView], plan: TrialPlan, images: Mapping[str, Image]
) -> list[Request]:
    """Return the requests that try a question, none of which needs the answer to another.

    What cannot be shown whole (a figure without its picture) is not asked about. An unanswerable question is only
    asked with its evidence, and judged.

    Args:
        question: it passed the code checks.
        views: its documents by id.
        plan: what is tried.
        images: the pictures of its figures by id; none for an engine that sees no pictures.
    """
    exhibits = exhibits_of(question, views, plan, images)
    return [
        *_about_sources(question, exhibits, plan),
        *_closed_book(question, plan),
        *_first_ablations(question, views, plan, images),
    ]


def further_requests(
    question: Question,
    views: Mapping[str, DocumentView],
    plan: TrialPlan,
    images: Mapping[str, Image],
    results: Results,
) -> list[Request]:
    """Return the requests that earlier answers call for; none when the question can be settled.

    Where words cannot tell whether an answer agrees, the engine is asked; where several units can be spared one at a
    time, they are taken away together.
    """
    found = [request for trial in _COMPARED for request in _comparison(question, results, trial)]
    units = carrying_units(question)
    if _measures(question, plan) and len(units) > 1:
        stands = standing(question, results)
        removal = next_removal(units, stands)
        name = ablation_id(question.qa_id, removal) if removal and len(removal) > 1 else ""
        if name and name not in results:
            found += _ablation(question, views, plan, images, removal=removal or frozenset())
    return found


def _about_sources(question: Question, exhibits: Sequence[Exhibit], plan: TrialPlan) -> Iterator[Request]:
    if not _can_show(exhibits):
        return
    if plan.has(TrialName.ANSWERABLE):
        yield _answer_request(trial_id(question.qa_id, TrialName.ANSWERABLE), question, exhibits, plan)
    if plan.has(TrialName.JUDGE):
        values = {"exhibits": exhibits, "question": question.question, "answer": question.answer}
        messages = render("trial_judge", values, _pictures(exhibits))
        yield _word_request(trial_id(question.qa_id, TrialName.JUDGE), messages)


def _closed_book(question: Question, plan: TrialPlan) -> Iterator[Request]:
    if plan.has(TrialName.CLOSED_BOOK) and question.question_type is not QuestionType.UNANSWERABLE:
        yield _answer_request(trial_id(question.qa_id, TrialName.CLOSED_BOOK), question, (), plan)


def _first_ablations(
    question: Question, views: Mapping[str, DocumentView], plan: TrialPlan, images: Mapping[str, Image]
) -> Iterator[Request]:
    """Yield a request for every unit that carries the answer; without its only one, nothing but context is left."""
    if question.question_type is QuestionType.UNANSWERABLE or not _measures(question, plan):
        return
    for unit in carrying_units(question):
        yield from _ablation(question, views, plan, images, removal=frozenset({unit}))


def _ablation(
    question: Question,
    views: Mapping[str, DocumentView],
    plan: TrialPlan,
    images: Mapping[str, Image],
    *,
    removal: frozenset[str],
) -> Iterator[Request]:
    exhibits = exhibits_of(question, views, plan, images, without=removal)
    is_closed_book = not exhibits and plan.has(TrialName.CLOSED_BOOK)
    if not is_closed_book and (not exhibits or _can_show(exhibits)):
        yield _answer_request(ablation_id(question.qa_id, removal), question, exhibits, plan)


def _measures(question: Question, plan: TrialPlan) -> bool:
    """Say whether taking evidence away tells anything: an answer that is hit by chance stands anyhow."""
    return plan.has(TrialName.NECESSITY) and not explained_by_chance(question)


def _can_show(exhibits: Sequence[Exhibit]) -> bool:
    return bool(exhibits) and all(exhibit.is_shown for exhibit in exhibits)


def _comparison(question: Question, results: Results, trial: TrialName) -> Iterator[Request]:
    said = said_in(question, results, trial_id(question.qa_id, trial))
    name = trial_id(question.qa_id, SAME, trial)
    if said is None or said.declined or said.match.agreement is not Agreement.UNSURE or name in results:
        return
    values: dict[str, object] = {"question": question.question, "wanted": question.answer, "given": said.text}
    values["is_long"] = asks_for_sentences(question)
    yield _word_request(name, render("trial_same", values))


def _answer_request(name: str, question: Question, exhibits: Sequence[Exhibit], plan: TrialPlan) -> Request:
    is_long = asks_for_sentences(question)
    values: dict[str, object] = {"question": question.question, "is_long": is_long}
    if exhibits:
        messages = render("trial_answer", values | {"exhibits": exhibits}, _pictures(exhibits))
    else:
        messages = render("trial_closed_book", values)
    tokens = plan.long_tokens if is_long else plan.short_tokens
    return Request(name, messages, Sampling(temperature=0.0, max_tokens=tokens))


def _word_request(name: str, messages: tuple[Message, ...]) -> Request:
    return Request(name, messages, _ONE_WORD, weigh=(YES, NO))


def _pictures(exhibits: Sequence[Exhibit]) -> tuple[Picture, ...]:
    return tuple(exhibit.picture for exhibit in exhibits if exhibit.picture is not None)
