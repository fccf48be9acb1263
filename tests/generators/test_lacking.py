import json
from dataclasses import replace
from typing import Any

import pytest

from generators.bundles import Bundle, BundleKind, bundle_of
from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.drafting import draft_from, requests_for
from generators.engines.exchange import Completion
from generators.lacking import NO_ANSWER, lack_of
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, QuestionType
from schemas.recipe import GenerateSection
from schemas.records import Question, Reject
from tests.generators.tied_corpus import document

HARBOUR = (
    "In 2004 the harbour of Saint Malo handled 3,120 crates of oysters, and in 2006 it handled 2,870 of them, since a "
    "storm had closed the basin for weeks (Martin, 2005). The harbour master blamed the old pumps."
)
HISTORY = "The quay of the harbour was built in 1998 by masons from the valley and it was widened in 2009, again."
MARKET = (
    "The fish market of Port Navalo sells oysters from 14 growers of the Morbihan, who bring them by boat, and every "
    "year the growers of Port Navalo send some crates to the harbour of Saint Malo for the winter feast."
)
VIEWS = {"a": document("a", HARBOUR, HISTORY), "b": document("b", MARKET)}
ONLY = GenerateSection(engine="http://localhost/v1", question_types=(QuestionType.UNANSWERABLE,))
PASSAGE = bundle_of(BundleKind.PASSAGE, ["a/p0000/paragraph1"])
ACROSS = bundle_of(BundleKind.ACROSS, ["a/p0000/paragraph1", "b/p0000/paragraph1"])


def answered(bundle: Bundle, **draft: Any) -> Question | Reject:
    [request] = requests_for(bundle, VIEWS, ONLY, seed=1)
    completion = Completion(request.request_id, json.dumps(draft), 1, 1, "stop", "m")
    return draft_from(bundle, VIEWS, request, completion, engine="http")


def test_a_year_beside_those_reported_is_missing_unless_the_document_names_it_or_could_not_know_it() -> None:
    lack = lack_of(PASSAGE, VIEWS, seed=1)
    assert lack is not None
    assert "2003" in lack.missing
    # 2005 stands in a citation, 2009 in another paragraph.
    assert not {"2004", "2005", "2006", "2009", "2010"} & set(lack.missing)
    assert lack_of(bundle_of(BundleKind.PASSAGE, ["b/p0000/paragraph1"]), VIEWS, seed=1) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Between 2000 and 2004 the boats paid nothing.", ElementKind.PARAGRAPH),
        ("The books cover 2002-05.", ElementKind.TABLE),
        ("2000 2005 crates of oysters", ElementKind.FIGURE),
    ],
)
def test_a_year_within_a_range_or_on_an_axis_may_be_spoken_of(said: str, kind: ElementKind) -> None:
    whole = VIEWS["a"]
    extra = replace(whole.elements[1], element_id="a/p0000/extra", kind=kind, text=said)
    view = DocumentView(whole.document, [], [*whole.elements, extra])
    lack = lack_of(PASSAGE, {"a": view}, seed=1)
    assert lack is not None
    assert "2003" not in lack.missing
    assert "2007" in lack.missing


@pytest.mark.parametrize("seed", range(4))
def test_a_name_that_only_the_other_document_has_is_missing(seed: int) -> None:
    lack = lack_of(ACROSS, VIEWS, seed=seed)
    assert lack is not None
    assert (lack.shown, lack.swapped) == (("a/p0000/paragraph1",), ("b/p0000/paragraph1",))
    assert lack.missing == ("Port Navalo",)


def test_the_request_shows_the_near_miss_the_other_document_and_the_missing_words() -> None:
    [request] = requests_for(ACROSS, VIEWS, ONLY, seed=1)
    said = request.messages[-1].text
    assert f"[1] paragraph\n{HARBOUR}" in said
    assert MARKET in said
    assert "Missing words: Port Navalo" in said
    assert json.loads(request.schema or "")["properties"]["missing"] == {"enum": ["Port Navalo"]}


def test_a_question_without_an_answer_says_so_tells_the_swap_and_passes_the_checks() -> None:
    asked = "How many crates of oysters did the harbour of Port Navalo handle in 2004, by Report a?"
    question = answered(ACROSS, missing="Port Navalo", question=asked, near="handled 3,120 crates of oysters")
    assert isinstance(question, Question)
    assert (question.question_type, question.answer_kind) == (QuestionType.UNANSWERABLE, AnswerKind.NONE)
    assert (question.answer, question.answer_modality) == (NO_ANSWER, "text")
    [unit] = question.evidence
    assert (unit.element_id, unit.role) == ("a/p0000/paragraph1", EvidenceRole.CONTEXT)
    assert unit.quote == "handled 3,120 crates of oysters"
    assert question.history[-1].step == "swap"
    assert "“Port Navalo” taken from b/p0000/paragraph1" in question.history[-1].answer
    assert failed(check_question(question, VIEWS)) is None


@pytest.mark.parametrize(
    "draft",
    [
        {"missing": "Saint Malo", "question": "How many crates did Saint Malo handle?", "near": ""},
        {"missing": "Port Navalo", "question": "How many crates were handled?", "near": ""},
    ],
)
def test_a_question_that_does_not_ask_for_what_is_missing_goes(draft: dict[str, str]) -> None:
    reject = answered(ACROSS, **draft)
    assert isinstance(reject, Reject)
    assert reject.reason_code == "not_missing"
