import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.checks.catalog import check_question
from generators.checks.reasons import CheckReason
from generators.document_view import DocumentView
from generators.engines.catalog import open_engine
from generators.engines.exchange import Completion, EngineFailure, EngineOptions, Request
from generators.lexical_overlap import LEXICAL_OVERLAP, lexical_overlap
from generators.prompt_packs import PromptPack
from generators.rewrite_faults import rewrite_fault
from generators.rewriting import restored, rewrite_request, rewritten, settle_rewrite
from schemas.errors import ReasonCode
from schemas.geometry import Box
from schemas.kinds import (
    AnswerKind,
    ElementKind,
    EvidenceRole,
    LinkKind,
    Modality,
    QuestionType,
    TextSource,
    Verdict,
)
from schemas.recipe import GenerateSection, RewriteStep
from schemas.records import (
    Cell,
    CellQuote,
    Document,
    Element,
    Evidence,
    Link,
    Page,
    Provenance,
    Question,
    Reject,
    Revision,
)
from tests.generators.openai_server import answer, serving

TITLE = "River Atlas: a survey of water"
TEXT = (
    "RiverKit provides gauges for every large stream of the continent. The gauges were first installed in 2021-03 by "
    "the European Water Office (EWO), and at least 12 of them have been read every hour since then, except in Slovenia."
)
CAPTION = "Table 1: Lengths of rivers in Europe, 2021"
SERVER = GenerateSection(engine="http://localhost/v1", temperature=0.5, max_tokens=300)
ANSWERED = "by the European Water Office (EWO)"


def element(name: str, kind: ElementKind, text: str, **extra: Any) -> Element:
    order = int("".join(filter(str.isdigit, name)) or 0)
    return Element(f"d/p0000/{name}", "d", 0, order, kind, Box(0, 0, 9, 9), text, section_path=("Gauges",), **extra)


def view(title: str | None = TITLE) -> DocumentView:
    cells = tuple(
        Cell(row, col, text, header=row == 0)
        for row, line in enumerate([("River", "Length (km)"), ("Nile", "6650"), ("Rhine", "1233")])
        for col, text in enumerate(line)
    )
    elements = [
        element("paragraph1", ElementKind.PARAGRAPH, TEXT),
        element("table3", ElementKind.TABLE, "", cells=cells, label="Table 1"),
        element("caption4", ElementKind.CAPTION, CAPTION),
    ]
    links = [Link("d/p0000/caption4", "d/p0000/table3", LinkKind.CAPTION_OF)]
    document = Document("d", "s", "file:///a.pdf", 1, 1, "x", "1", title=title, language="en")
    return DocumentView(document, [Page("d", 0, "iv", 9, 9, 0, (), TextSource.TEXT_LAYER)], elements, links)


VIEWS = {"d": view()}
NAMELESS = {"d": view(None)}


def question(text: str, given: str = ANSWERED, **extra: Any) -> Question:
    start = TEXT.index(given)
    unit = Evidence(
        "d/p0000/paragraph1",
        "d",
        0,
        "iv",
        Box(0, 0, 9, 9),
        Modality.TEXT,
        EvidenceRole.ANSWER,
        quote=given,
        quote_start=start,
        quote_end=start + len(given),
    )
    asked = Question(
        qa_id="d/qa-1",
        question=text,
        answer="The European Water Office",
        answer_kind=AnswerKind.TEXT,
        question_type=QuestionType.FACTUAL_RETRIEVAL,
        answer_modality="text",
        evidence=(unit,),
        provenance=Provenance("served", "1", request_ids=("d/b/draft_factual/factual_retrieval/1",)),
    )
    return replace(asked, **extra)


def said(text: str, **extra: Any) -> Completion:
    return Completion("r", text, 5, 5, "stop", "tiny", **extra)


GAUGES = question("In “River Atlas: a survey of water”, who first installed the RiverKit gauges in 2021-03?")
TURN = "In the River Atlas, which body put up the first RiverKit measuring stations in March 2021?"


def reworded(asked: Question, wording: str, step: RewriteStep = RewriteStep.OBSCURED) -> Question | Reject:
    request = Request("d/qa-1/rewrite_obscured/1", ())
    return rewritten(asked, step, request, said(json.dumps({"question": wording})), VIEWS)


def test_a_paraphrase_keeps_its_history_and_tells_the_overlap() -> None:
    changed = reworded(GAUGES, TURN)
    assert isinstance(changed, Question)
    assert (changed.question, changed.answer, changed.qa_id) == (TURN, GAUGES.answer, GAUGES.qa_id)
    assert changed.history == (Revision("rewrite_obscured", "tiny", GAUGES.question, GAUGES.answer),)
    assert changed.provenance.request_ids == (*GAUGES.provenance.request_ids, "d/qa-1/rewrite_obscured/1")
    [overlap] = changed.checks
    before, after = lexical_overlap(GAUGES, VIEWS).score, lexical_overlap(changed, VIEWS).score
    assert before is not None
    assert after is not None
    assert (overlap.name, overlap.verdict, overlap.score) == (LEXICAL_OVERLAP, Verdict.PASS, after)
    assert overlap.message == f"{before:.2f} before, {after:.2f} after"
    assert after < before


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        (GAUGES.question.upper(), CheckReason.REWRITE_UNCHANGED),
        (TURN.replace("2021", "2022"), CheckReason.REWRITE_LOST),
        (TURN.replace("March ", ""), CheckReason.REWRITE_LOST),
        (TURN.replace("RiverKit ", ""), CheckReason.REWRITE_LOST),
        (TURN.replace("the first", "all 12 of the first"), CheckReason.REWRITE_ADDED),
        (TURN.replace("measuring stations", "measuring stations of Austria"), CheckReason.REWRITE_ADDED),
        (TURN.replace("which body put up", "which body did not put up"), CheckReason.REWRITE_TURNED),
        (TURN.replace("in March", "before March"), CheckReason.REWRITE_TURNED),
        (TURN + " Please answer with care. " * 20, CheckReason.REWRITE_TOO_LONG),
        (GAUGES.question.replace("who first installed", "who installed first"), CheckReason.REWRITE_NOT_OBSCURED),
    ],
)
def test_a_wording_that_asks_for_something_else_is_refused(wording: str, reason: CheckReason) -> None:
    refused = reworded(GAUGES, wording)
    assert isinstance(refused, Reject)
    assert (refused.reason_code, refused.subject) == (reason, "d/qa-1")
    assert refused.text == wording[:500].strip() or refused.text == " ".join(wording.split())[:500]


@pytest.mark.parametrize(
    ("asked", "wording", "reason"),
    [
        (
            "What did the EWO do?",
            "Which work of the European Water Office is told?",
            None,
        ),
        ("What did the EWO do?", "What was done by the European Whale Observatory?", CheckReason.REWRITE_LOST),
        ("What did the European Water Office do?", "Which deed was done by the EWO?", None),
        ("Which stream is longer, the Nile or the Rhine?", "Has the Nile or the Rhine the longer course?", None),
        (
            "How much longer is the Nile than the Rhine?",
            "By how much does the Rhine surpass the Nile, being longer?",
            CheckReason.REWRITE_TURNED,
        ),
        (
            "How many kilometres does the Nile run?",
            "How long is the Nile in miles?",
            CheckReason.REWRITE_TURNED,
        ),
        ("What is listed under “Length”?", "What is listed in that column?", CheckReason.REWRITE_LOST),
        ("What do at least 12 gauges tell?", "What do no fewer than twelve instruments show?", None),
        ("What do at least 12 gauges tell?", "What do up to 12 instruments show?", CheckReason.REWRITE_TURNED),
    ],
)
def test_what_decides_an_answer_survives(asked: str, wording: str, reason: CheckReason | None) -> None:
    found = reworded(question(asked), wording)
    assert (found.reason_code if isinstance(found, Reject) else None) == reason, found


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        ("Who first installed the RiverKit gauges in 2021-03, according to the River Atlas?", None),
        ("In the River Atlas survey of water, who first installed the RiverKit gauges in 2021-03?", None),
        ("Who first installed the gauges in 2021-03, in the River Atlas?", CheckReason.REWRITE_LOST),
        ("Who first installed the RiverKit gauges in 2021-03 along the Danube?", CheckReason.REWRITE_ADDED),
        (
            "Who first installed the RiverKit gauges in 2021-03 to predict any floods?",
            CheckReason.REWRITE_ADDED,
        ),
        ("Who first installed the RiverKit gauges in 2021-03?", CheckReason.REWRITE_UNCHANGED),
    ],
)
def test_the_specific_step_only_adds_what_leads_to_the_document(wording: str, reason: CheckReason | None) -> None:
    asked = question("Who first installed the RiverKit gauges in 2021-03?")
    found = reworded(asked, wording, RewriteStep.SPECIFIC)
    assert (found.reason_code if isinstance(found, Reject) else None) == reason, found


def test_the_specific_step_begins_with_the_draft_where_code_put_the_title_before_it() -> None:
    draft = Revision("draft", "served", "Who first installed the RiverKit gauges in 2021-03?", GAUGES.answer)
    situated = replace(GAUGES, history=(draft,))
    request = rewrite_request(situated, VIEWS, RewriteStep.SPECIFIC, SERVER, seed=1)
    assert request is not None
    assert f"Question: {draft.question}" in request.messages[1].text
    assert f"Document: {TITLE}" in request.messages[1].text
    changed = reworded(
        situated, "Who first installed the RiverKit gauges of the River Atlas in 2021-03?", RewriteStep.SPECIFIC
    )
    assert isinstance(changed, Question)
    assert [one.question for one in changed.history] == [draft.question, GAUGES.question]


def test_nothing_is_asked_where_there_is_nothing_to_word_anew() -> None:
    assert rewrite_request(GAUGES, VIEWS, RewriteStep.SPECIFIC, SERVER, seed=1) is None
    bare = question("Quis custodiet ipsos custodes?")
    assert rewrite_request(bare, VIEWS, RewriteStep.OBSCURED, SERVER, seed=1) is None
    assert rewrite_request(replace(bare, evidence=()), {}, RewriteStep.SPECIFIC, SERVER, seed=1) is None


def test_a_request_names_what_to_keep_and_what_to_replace() -> None:
    asked = replace(GAUGES, question=GAUGES.question.replace("gauges", "gauges of the EWO"))
    pack = PromptPack(personas=("a fisher",), styles=("plain",))
    requests = [rewrite_request(asked, VIEWS, RewriteStep.OBSCURED, SERVER, pack, seed=seed) for seed in range(8)]
    assert all(requests)
    texts = {request.messages[1].text for request in requests if request}
    assert {"a fisher" in text for text in texts} == {True, False}
    [request] = [one for one in requests[:1] if one]
    system, user = request.messages
    kept = next(line for line in user.text.splitlines() if line.startswith("Keep"))
    assert {"RiverKit", "2021-03", "EWO"} <= set(kept.removeprefix("Keep to the letter: ").split("; "))
    replaced = next(line for line in user.text.splitlines() if line.startswith("Find"))
    assert "installed" in replaced
    assert "EWO means european water office." in user.text
    assert "English" in system.text
    assert request.request_id == "d/qa-1/rewrite_obscured/0"
    assert json.loads(request.schema or "")["required"] == ["question"]
    assert (request.sampling.temperature, request.sampling.max_tokens) == (0.5, 300)
    free = rewrite_request(
        asked, VIEWS, RewriteStep.OBSCURED, SERVER.model_copy(update={"answer_form": "text"}), seed=0
    )
    assert free is not None
    assert free.schema is None


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"question": TURN}),
        f"```json\n{json.dumps({'question': TURN})}\n```",
        f"<think>Maybe {{…}}?</think>\n{TURN}",
        f"Sure.\nQuestion: “{TURN}”",
        f"**Reworded question:** {TURN}",
    ],
)
def test_wordings_are_read_in_json_and_in_text(text: str) -> None:
    changed = rewritten(GAUGES, RewriteStep.OBSCURED, Request("r", ()), said(text), VIEWS)
    assert isinstance(changed, Question)
    assert changed.question == TURN


@pytest.mark.parametrize(
    "completion",
    [
        said(""),
        said("I'm sorry, I cannot."[:-1]),
        said('{"question": "In the River At'),
        said('{"question": 5}'),
        said('{"question": " "}'),
        said("{}"),
        Completion("r", TURN, 1, 1, "refusal", "tiny"),
        Completion("r", "In the River Atlas, which", 1, 1, "length", "tiny"),
    ],
)
def test_what_is_no_wording_leaves_the_question_as_it_was(completion: Completion) -> None:
    asked = check_question(GAUGES, VIEWS)
    settled = settle_rewrite(asked, RewriteStep.OBSCURED, Request("r", ()), completion, VIEWS)
    assert settled.question == asked.question
    assert settled.checks[:-1] == asked.checks
    note = settled.checks[-1]
    assert (note.name, note.verdict, note.reason_code) == ("rewrite_obscured", Verdict.SKIP, "rewrite_failed")


def test_a_failure_and_a_wording_that_the_checks_refuse_are_noted() -> None:
    request = Request("r", ())
    failure = EngineFailure("r", ReasonCode.ENGINE_TIMEOUT, "took too long")
    settled = settle_rewrite(GAUGES, RewriteStep.OBSCURED, request, failure, VIEWS)
    assert (settled.question, settled.checks[-1].message) == (GAUGES.question, "engine_timeout: took too long")
    two = TURN.replace("?", ", and why was that done?")
    settled = settle_rewrite(GAUGES, RewriteStep.OBSCURED, request, said(json.dumps({"question": two})), VIEWS)
    assert settled.question == GAUGES.question
    assert (settled.checks[-1].reason_code or "").startswith("rewrite_")


def test_a_wording_that_stands_replaces_the_checks_and_can_be_taken_back() -> None:
    asked = check_question(GAUGES, VIEWS)
    settled = settle_rewrite(asked, RewriteStep.OBSCURED, Request("r", ()), said(json.dumps({"question": TURN})), VIEWS)
    assert settled.question == TURN
    assert [check.name for check in settled.checks] == [*(check.name for check in asked.checks), LEXICAL_OVERLAP]
    back = restored(settled)
    assert (back.question, back.history, back.checks) == (GAUGES.question, (), ())
    assert restored(asked) == asked


def test_a_server_rewrites_in_two_steps() -> None:
    replies = {
        "edit questions": "Who first installed the RiverKit gauges of the River Atlas in 2021-03?",
        "reword questions": TURN,
    }
    asked = question("Who first installed the RiverKit gauges in 2021-03?")

    def script(body: dict[str, Any], number: int) -> Any:
        system = body["messages"][0]["content"]
        return answer(json.dumps({"question": next(text for key, text in replies.items() if key in str(system))}))

    with serving(script) as (url, log):
        engine = open_engine(url, EngineOptions())
        for step in RewriteStep:
            request = rewrite_request(asked, VIEWS, step, SERVER, seed=3)
            assert request is not None
            [result] = engine.complete([request])
            asked = settle_rewrite(asked, step, request, result, VIEWS)
        engine.close()
    assert asked.question == TURN
    assert [one.step for one in asked.history] == ["rewrite_specific", "rewrite_obscured"]
    assert len(log.bodies) == 2
    assert not [check for check in asked.checks if check.verdict == Verdict.FAIL]


def test_overlap_counts_cells_and_captions_and_says_when_there_is_nothing() -> None:
    cells = (CellQuote(1, 0, "Nile"), CellQuote(1, 1, "6650"))
    unit = Evidence("d/p0000/table3", "d", 0, "iv", Box(0, 0, 9, 9), Modality.TABLE, EvidenceRole.ANSWER, cells=cells)
    asked = question("What length has the Nile in Europe?", evidence=(unit,))
    assert lexical_overlap(asked, VIEWS).score == 1.0
    assert lexical_overlap(replace(asked, question="Quo vadis, domine?"), VIEWS).score == 0.0
    assert lexical_overlap(asked, {}).score == pytest.approx(1 / 3, abs=0.01)
    assert lexical_overlap(replace(asked, evidence=()), VIEWS).verdict == Verdict.SKIP


_FRAMES = ("How much did {a} sell in {y}, and no more than {n} %?", "Which of {a} and {b} sold at least {n} % in {y}?")


@settings(max_examples=60, deadline=None)
@given(
    frame=st.sampled_from(_FRAMES),
    year=st.integers(1900, 2090),
    share=st.integers(13, 99),
    names=st.sampled_from([("Rewe", "Coop"), ("Nestle", "Spar"), ("IBM", "SAP")]),
    change=st.sampled_from(["year", "share", "name", "bound", "unit", "none"]),
)
def test_no_change_of_a_fact_gets_through(
    frame: str, year: int, share: int, names: tuple[str, str], change: str
) -> None:
    text = frame.format(a=names[0], b=names[1], y=year, n=share)
    asked = question(text.replace("sell", "install").replace("sold", "installed"))
    name = "Aldi" if change == "name" else names[0]
    wording = frame.format(a=name, b=names[1], y=year + (change == "year"), n=share + (change == "share"))
    wording = wording.replace("sell", "put up").replace("sold", "put up")
    if change == "bound":
        wording = wording.replace("no more than", "no less than").replace("at least", "up to")
    if change == "unit":
        wording = wording.replace(" %", " km")
    fault = rewrite_fault(asked, wording, RewriteStep.OBSCURED, VIEWS)
    assert (fault is None) is (change == "none"), fault


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=300), step=st.sampled_from(RewriteStep))
def test_whatever_an_engine_says_a_question_stays(text: str, step: RewriteStep) -> None:
    settled = settle_rewrite(GAUGES, step, Request("r", ()), said(text), VIEWS)
    assert settled.qa_id == GAUGES.qa_id
    assert settled.question == GAUGES.question or settled.history[-1].question == GAUGES.question
