"""An engine's word on other places: does the source alone answer the question, and how?"""

from collections.abc import Mapping, Sequence
from typing import Final

from generators.ambiguity.aims import Aim, lead_of
from generators.ambiguity.places import Place
from generators.answer_matching import Agreement
from generators.document_view import DocumentView
from generators.engines.exchange import Request, Sampling
from generators.mining.guards import answer_quantity
from generators.mining.pool_file import PoolEntry
from generators.mining.readings import says
from generators.prompting import render
from generators.quantities import find_quantities, same_number
from generators.trials.answers import asks_for_sentences, said_in
from generators.trials.exhibits import Exhibit, table_rows
from generators.trials.naming import Results, trial_id
from generators.trials.plan import TrialPlan
from schemas.kinds import ElementKind, QuestionType
from schemas.recipe import TrialName
from schemas.records import Question

MOST_ASKED: Final = 4
"""An engine reads so many candidates for a question at most."""


def place_requests(
    aim: Aim,
    entries: Sequence[PoolEntry],
    views: Mapping[str, DocumentView],
    plan: TrialPlan,
    titles: Mapping[str, str],
) -> list[Request]:
    """Return the requests that ask for the answer from each of some candidates alone.

    Args:
        aim: what the question asks for.
        entries: candidates that are worth reading, the likeliest first.
        views: the documents by id, which know the cells of tables.
        plan: how much is shown, and how long an answer may be.
        titles: the titles of documents.
    """
    question = aim.question
    is_long = asks_for_sentences(question)
    sampling = Sampling(temperature=0.0, max_tokens=plan.long_tokens if is_long else plan.short_tokens)
    requests = []
    for entry in [entry for entry in entries if entry.item.text.strip()][:MOST_ASKED]:
        exhibit = _exhibit(entry, views[entry.item.doc_id], plan, titles.get(entry.item.doc_id))
        values = {"exhibits": [exhibit], "question": question.question, "is_long": is_long}
        name = place_id(question, entry.item.candidate_id)
        requests.append(Request(name, render("trial_answer", values), sampling))
    return requests


def place_id(question: Question, candidate_id: str) -> str:
    """Return the id of the request that asks a candidate."""
    return trial_id(question.qa_id, TrialName.AMBIGUITY, candidate_id)


def heard_places(aim: Aim, places: Sequence[Place], entries: Sequence[PoolEntry], results: Results) -> list[Place]:
    """Return the places that stand after an engine has read their candidates; those that it did not read stand.

    Of a place that gives the answer the engine has to say nothing else, of one that gives another it must not decline
    or agree. An unanswerable question is answered where the engine gives any answer.

    Args:
        aim: what the question asks for.
        places: what code found.
        entries: the candidates that were worth reading.
        results: what came of the requests.
    """
    holder = {element_id: entry for entry in reversed(entries) for element_id in entry.item.element_ids}
    return [place for place in places if _stands(aim, place, holder.get(place.evidence.element_id), results)]


def speaks_against(aim: Aim, entries: Sequence[PoolEntry], results: Results, titles: Mapping[str, str]) -> str | None:
    """Return what an engine read off a candidate that makes the question unfit, though code found no place in it.

    That is another answer that stands in a candidate which tells all of the question's words and numbers; for an
    unanswerable question it is any answer that does.
    """
    for entry in entries:
        said = said_in(aim.question, results, place_id(aim.question, entry.item.candidate_id))
        if said is None or said.declined or said.match.agreement is not Agreement.DIFFERENT:
            continue
        told = f"{lead_of(entry, titles.get(entry.item.doc_id))}\n{entry.item.text}"
        if aim.is_told_by(told) and _stands_there(said.text, entry.item.text):
            return f"{entry.item.candidate_id} gives another answer: “{said.text[:120]}”"
    return None


def _stands(aim: Aim, place: Place, entry: PoolEntry | None, results: Results) -> bool:
    said = said_in(aim.question, results, place_id(aim.question, entry.item.candidate_id)) if entry else None
    if said is None:
        return True
    if aim.question.question_type is QuestionType.UNANSWERABLE:
        return not said.declined
    if place.agrees:
        return said.match.agreement is not Agreement.DIFFERENT
    return not said.declined and said.match.agreement is Agreement.DIFFERENT


def _stands_there(answer: str, text: str) -> bool:
    """Say whether an answer is printed in a text: its number, or its words in a row."""
    number = answer_quantity(answer)
    return says(text, answer) if number is None else any(same_number(number, one) for one in find_quantities(text))


def _exhibit(entry: PoolEntry, view: DocumentView, plan: TrialPlan, title: str | None) -> Exhibit:
    item = entry.item
    table = view.get(item.candidate_id)
    text = item.text[: plan.characters]
    if table is not None and table.kind == ElementKind.TABLE and table.cells:
        text = f"{item.text.partition(chr(10))[0]}\n{table_rows(table.cells, (), plan.characters)}"
    pages = ", ".join(view.page_label(index) for index in item.page_indices)
    where = [f"“{title}”" if title else "", f"page {pages}", *item.section_path[-2:]]
    return Exhibit(item.candidate_id, ", ".join(part for part in where if part), text, carries=True)
