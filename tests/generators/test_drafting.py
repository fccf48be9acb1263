import json
from dataclasses import replace
from typing import Any

import pytest

from generators.bundles import Bundle, BundleKind, build_bundles
from generators.checks.catalog import check_question, failed
from generators.document_view import DocumentView
from generators.draft_sources import table_lines
from generators.drafting import draft_from, requests_for
from generators.engines.catalog import open_engine
from generators.engines.exchange import Completion, EngineOptions, Request
from generators.prompt_packs import PromptPack
from generators.prompting import prompt_file, render
from schemas.geometry import Box
from schemas.kinds import AnswerKind, ElementKind, EvidenceRole, LinkKind, QuestionType, TextSource
from schemas.recipe import GenerateSection
from schemas.records import Cell, Document, Element, Image, Link, Page, Question, Reject

TITLE = "River Atlas: a survey of water"
TEXT = (
    "RiverKit provides gauges for every large stream of the continent. The gauges were first installed in 1931 by the "
    "water office, and they have been read every hour since then. The long river carries most of the sediment load."
)
OTHER = (
    "Nearly half of the sediment load stays behind the northern dam, which was raised twice after the floods. The "
    "engineers of the region expect that it will be full in about forty years, unless the outlets are opened early."
)
SERVER = GenerateSection(engine="http://localhost/v1")
LOCAL = GenerateSection()


def element(name: str, kind: ElementKind, text: str, **extra: Any) -> Element:
    order = int("".join(filter(str.isdigit, name)) or 0)
    return Element(f"d/p0000/{name}", "d", 0, order, kind, Box(0, 0, 9, 9), text, section_path=("Rivers",), **extra)


@pytest.fixture
def view() -> DocumentView:
    cells = tuple(
        Cell(row, col, text, header=row == 0)
        for row, line in enumerate([("River", "km"), ("Nile", "6650"), ("Rhine", "1233")])
        for col, text in enumerate(line)
    )
    elements = [
        element("paragraph1", ElementKind.PARAGRAPH, TEXT),
        element("paragraph2", ElementKind.PARAGRAPH, OTHER),
        element("table3", ElementKind.TABLE, "", cells=cells, label="Table 1"),
        element("caption4", ElementKind.CAPTION, "Table 1: Lengths of rivers"),
        element("figure5", ElementKind.FIGURE, "", image_id="i", label="Figure 1"),
        element("caption6", ElementKind.CAPTION, "Figure 1: The Nile"),
        element("paragraph7", ElementKind.PARAGRAPH, "Too short."),
    ]
    links = [
        Link("d/p0000/caption4", "d/p0000/table3", LinkKind.CAPTION_OF),
        Link("d/p0000/caption6", "d/p0000/figure5", LinkKind.CAPTION_OF),
        Link("d/p0000/paragraph1", "d/p0000/table3", LinkKind.MENTIONS),
    ]
    document = Document("d", "s", "file:///a.pdf", 1, 1, "x", "1", title=TITLE, language="en")
    return DocumentView(document, [Page("d", 0, "iv", 9, 9, 0, (), TextSource.TEXT_LAYER)], elements, links)


def of_kind(view: DocumentView, kind: BundleKind) -> list[Bundle]:
    return [bundle for bundle in build_bundles(view, seed=1) if bundle.kind == kind]


def ask(view: DocumentView, kind: BundleKind, recipe: GenerateSection = SERVER) -> tuple[Bundle, Request]:
    bundle = next(
        found for found in of_kind(view, kind) if requests_for(found, {"d": view}, recipe, seed=1, images=IMAGES)
    )
    return bundle, requests_for(bundle, {"d": view}, recipe, seed=1, images=IMAGES)[0]


IMAGES = {"i": Image("i", b"\x89PNG", "png", 1, 1)}


def answered(view: DocumentView, kind: BundleKind, **draft: Any) -> Question | Reject:
    bundle, request = ask(view, kind)
    text = json.dumps({"question": "How long is the Nile?", "answer": "6650 km", **draft})
    return draft_from(
        bundle, {"d": view}, request, Completion(request.request_id, text, 1, 1, "stop", "m"), engine="http"
    )


def test_bundles_follow_links_and_are_the_same_again(view: DocumentView) -> None:
    bundles = build_bundles(view, seed=1)
    assert bundles == build_bundles(view, seed=1)
    assert len({bundle.bundle_id for bundle in bundles}) == len(bundles)
    assert {bundle.bundle_id for bundle in build_bundles(view, seed=2)} == {bundle.bundle_id for bundle in bundles}
    [table] = of_kind(view, BundleKind.TABLE)
    assert table.context == ("d/p0000/caption4", "d/p0000/paragraph1")
    [pair] = of_kind(view, BundleKind.PAIR)
    assert pair.evidence == ("d/p0000/paragraph1", "d/p0000/paragraph2")
    assert len(of_kind(view, BundleKind.PASSAGE)) == 2


def test_back_matter_gives_no_passages(view: DocumentView) -> None:
    moved = [replace(part, section_path=("7 References",)) for part in view.elements]
    bare = DocumentView(view.document, [], moved)
    assert {bundle.kind for bundle in build_bundles(bare, seed=1)} == {BundleKind.TABLE, BundleKind.FIGURE}


@pytest.mark.parametrize("kind", list(BundleKind))
def test_every_kind_asks_with_title_sources_and_schema(view: DocumentView, kind: BundleKind) -> None:
    if kind in (BundleKind.SECTION, BundleKind.HOP, BundleKind.OBJECTS, BundleKind.ACROSS):
        bundle = Bundle("d/b", "d", kind, ("d/p0000/paragraph1", "d/p0000/paragraph2"))
        [request] = requests_for(bundle, {"d": view}, SERVER, seed=1)
    else:
        _, request = ask(view, kind)
    user = request.messages[-1]
    assert TITLE in user.text
    assert "[1]" in user.text
    assert json.loads(request.schema or "")["required"][:2] == ["question", "answer"]
    assert bool(user.images) == (kind == BundleKind.FIGURE)
    assert request.request_id.startswith("d/")


def test_figures_need_pictures_and_types_need_the_recipe(view: DocumentView) -> None:
    assert requests_for(of_kind(view, BundleKind.FIGURE)[0], {"d": view}, SERVER, seed=1) == []
    only = GenerateSection(engine="http://localhost/v1", question_types=(QuestionType.SUMMARIZATION,))
    assert requests_for(of_kind(view, BundleKind.PASSAGE)[0], {"d": view}, only, seed=1) == []


def test_a_quote_becomes_evidence_that_slices_exactly(view: DocumentView) -> None:
    quotes = [{"source": 7, "text": "gauges for every  large stream"}]
    bundle = next(found for found in of_kind(view, BundleKind.PASSAGE) if found.evidence[0].endswith("paragraph1"))
    [request] = requests_for(bundle, {"d": view}, SERVER, seed=1)
    text = json.dumps({"question": "What does RiverKit provide?", "answer": "gauges", "quotes": quotes})
    question = draft_from(bundle, {"d": view}, request, Completion("r", text, 1, 1, "stop", "m"), engine="http")
    assert isinstance(question, Question)
    [unit] = question.evidence
    assert TEXT[unit.quote_start : unit.quote_end] == unit.quote == "gauges for every large stream"
    assert (unit.page_label, unit.role, question.answer_modality) == ("iv", EvidenceRole.ANSWER, "text")
    assert "“River Atlas: a survey of water”, what does RiverKit provide?" in question.question
    assert [revision.question for revision in question.history] == ["What does RiverKit provide?"]
    made = question.provenance
    assert (made.engine, made.model, made.request_ids) == ("http", "m", (request.request_id,))
    assert made.prompt_hash == prompt_file((made.prompt or "").partition("@")[0]).hash


def test_cells_become_evidence_with_their_caption(view: DocumentView) -> None:
    question = answered(view, BundleKind.TABLE, cells=[{"row": 1, "col": 1}, {"row": 1, "col": 0}])
    assert isinstance(question, Question)
    table, caption = question.evidence
    assert [cell.text for cell in table.cells] == ["6650", "Nile"]
    assert (caption.role, caption.quote) == (EvidenceRole.CONTEXT, "Table 1: Lengths of rivers")
    assert (question.answer_modality, question.answer_kind) == ("table", AnswerKind.NUMBER)


def test_a_figure_is_evidence_itself(view: DocumentView) -> None:
    question = answered(view, BundleKind.FIGURE)
    assert isinstance(question, Question)
    assert question.answer_modality == "figure"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"quotes": [{"source": 1, "text": "words that stand nowhere"}]}, "quote_not_found"),
        ({"cells": [{"row": 9, "col": 1}]}, "cell_not_found"),
        ({}, "no_proof"),
        ({"answer": ""}, "empty_draft"),
    ],
)
def test_what_cannot_be_proven_is_rejected(view: DocumentView, draft: dict[str, Any], code: str) -> None:
    reject = answered(view, BundleKind.TABLE, **draft)
    assert isinstance(reject, Reject)
    assert (reject.reason_code, reject.uri) == (code, "file:///a.pdf")


def test_the_embedded_model_chooses_a_true_question(view: DocumentView) -> None:
    bundle, request = ask(view, BundleKind.PASSAGE, LOCAL)
    engine = open_engine("local", EngineOptions(threads=1))
    [completion] = engine.complete([request])
    engine.close()
    assert isinstance(completion, Completion)
    question = draft_from(bundle, {"d": view}, request, completion, engine="local")
    assert isinstance(question, Question)
    assert question.answer == "gauges for every large stream of the continent"
    assert question.evidence[0].quote == TEXT.partition(". ")[0] + "."
    other = draft_from(bundle, {"d": view}, request, replace(completion, text='{"question": "Why?"}'))
    assert isinstance(other, Reject)


def test_prompts_keep_what_the_document_prints_and_miss_no_name() -> None:
    assert "a < b & c" in render("choose_question", {"text": "a < b & c"})[1].text
    with pytest.raises(Exception, match="text"):
        render("choose_question", {})


def test_figures_are_left_out_where_the_model_sees_nothing_and_tables_go_as_cells(view: DocumentView) -> None:
    blind = GenerateSection(engine="http://localhost/v1", pictures=False)
    asked = [
        request
        for bundle in build_bundles(view, seed=1)
        for request in requests_for(bundle, {"d": view}, blind, seed=1, images=IMAGES)
    ]
    assert not any("bundle-figure" in request.request_id for request in asked)
    assert not any(message.images for request in asked for message in request.messages)
    assert any("1,1: 6650" in request.messages[-1].text for request in asked)


OTHER_TITLE = "The dams of the north"
DAM = (
    "The northern dam was raised in 1958 and again in 1974, each time by eleven metres; since the last works it holds "
    "back most of what the long river carries, and the office plans to open its outlets every second spring."
)
ACROSS = Bundle("d/bundle-across-1", "d", BundleKind.ACROSS, ("d/p0000/table3", "e/p0000/paragraph1"))


@pytest.fixture
def views(view: DocumentView) -> dict[str, DocumentView]:
    document = replace(view.document, doc_id="e", uri="file:///e.pdf", title=OTHER_TITLE)
    dam = Element("e/p0000/paragraph1", "e", 0, 0, ElementKind.PARAGRAPH, Box(0, 0, 9, 9), DAM)
    return {"d": view, "e": DocumentView(document, [Page("e", 0, "7", 9, 9, 0, (), TextSource.TEXT_LAYER)], [dam])}


def across(views: dict[str, DocumentView], **draft: Any) -> Question | Reject:
    [request] = requests_for(ACROSS, views, SERVER, seed=1)
    values = {"question": "Which is longer, the Nile or the northern dam?", "answer": "the Nile", **draft}
    return draft_from(ACROSS, views, request, Completion(request.request_id, json.dumps(values), 1, 1, "stop", "m"))


def test_both_documents_are_named_to_the_model(views: dict[str, DocumentView]) -> None:
    [request] = requests_for(ACROSS, views, SERVER, seed=1)
    said = request.messages[-1].text
    assert f"Document 1: {TITLE}\nDocument 2: {OTHER_TITLE}" in said
    assert f"[2] paragraph of “{OTHER_TITLE}”\n{DAM}" in said
    assert "cells" in json.loads(request.schema or "")["properties"]


def test_evidence_of_two_documents_is_proven_in_each(views: dict[str, DocumentView]) -> None:
    cells, quotes = [{"source": 1, "row": 1, "col": 1}], [{"source": 2, "text": "raised in 1958 and again in 1974"}]
    question = across(views, cells=cells, quotes=quotes)
    assert isinstance(question, Question)
    found = {unit.doc_id: (unit.page_label, unit.role) for unit in question.evidence if unit.role == "answer"}
    assert found == {"d": ("iv", EvidenceRole.ANSWER), "e": ("7", EvidenceRole.ANSWER)}
    assert (question.hops, question.answer_modality) == (2, "text+table")
    assert f"“{TITLE}” and “{OTHER_TITLE}”" in question.question or question.history


@pytest.mark.parametrize("proof", [{"cells": [{"row": 1, "col": 1}]}, {"quotes": [{"text": "raised in 1958"}]}])
def test_a_question_across_documents_that_one_proves_goes(views: dict[str, DocumentView], proof: Any) -> None:
    reject = across(views, **proof)
    assert isinstance(reject, Reject)
    assert reject.reason_code == "one_sided"


def test_cells_are_looked_up_in_the_table_that_they_name(views: dict[str, DocumentView]) -> None:
    other = replace(views["d"].elements[2], element_id="e/p0000/table1", doc_id="e", cells=(Cell(0, 0, "Dam"),))
    views["e"] = DocumentView(views["e"].document, views["e"].pages.values(), [other])
    bundle = replace(ACROSS, evidence=("d/p0000/table3", "e/p0000/table1"))
    [request] = requests_for(bundle, views, SERVER, seed=1)
    cells = [{"source": 1, "row": 1, "col": 1}, {"source": 2, "row": 0, "col": 0}]
    text = json.dumps({"question": "Which is it?", "answer": "Dam", "cells": cells})
    question = draft_from(bundle, views, request, Completion("r", text, 1, 1, "stop", "m"))
    assert isinstance(question, Question)
    proven = {unit.element_id: [cell.text for cell in unit.cells] for unit in question.evidence if unit.cells}
    assert proven == {"d/p0000/table3": ["6650"], "e/p0000/table1": ["Dam"]}


def test_free_text_is_asked_for_without_a_schema(view: DocumentView) -> None:
    free = GenerateSection(engine="http://localhost/v1", answer_form="text")
    _, request = ask(view, BundleKind.PASSAGE, free)
    assert request.schema is None


def test_a_pack_goes_into_the_prompt_and_the_provenance(view: DocumentView) -> None:
    pack = PromptPack(domain="rivers", guidance="Hydrologists ask for loads and dates.")
    bundle = next(found for found in of_kind(view, BundleKind.PASSAGE) if found.evidence[0].endswith("paragraph1"))
    [request] = requests_for(bundle, {"d": view}, SERVER, seed=1, pack=pack)
    assert pack.guidance in request.messages[0].text
    quotes = [{"text": "gauges for every large stream"}]
    text = json.dumps({"question": "What does RiverKit provide?", "answer": "gauges", "quotes": quotes})
    question = draft_from(bundle, {"d": view}, request, Completion("r", text, 1, 1, "stop", "m"), pack=pack)
    assert isinstance(question, Question)
    assert (question.provenance.prompt or "").endswith("+rivers")


def test_a_question_in_another_language_than_its_document_is_rejected_with_that_reason(view: DocumentView) -> None:
    bundle = next(found for found in of_kind(view, BundleKind.PASSAGE) if found.evidence[0].endswith("paragraph1"))
    [request] = requests_for(bundle, {"d": view}, SERVER, seed=1)
    asked = "Was stellt RiverKit für die großen Flüsse des Kontinents bereit, und wozu dient es?"
    text = json.dumps({"question": asked, "answer": "gauges", "quotes": [{"text": "gauges for every large stream"}]})
    question = draft_from(bundle, {"d": view}, request, Completion("r", text, 1, 1, "stop", "m"))
    assert isinstance(question, Question)
    result = failed(check_question(question, {"d": view}))
    assert result is not None
    assert result.reason_code == "wrong_language"


def test_a_long_table_is_cut_between_rows_and_says_so() -> None:
    cells = tuple(Cell(row, col, f"value {row} {col}") for row in range(900) for col in range(3))
    lines = table_lines(element("table1", ElementKind.TABLE, "", cells=cells)).splitlines()
    assert len("\n".join(lines)) < 8100
    assert lines[-2].endswith(f"{len(lines) - 2},2: value {len(lines) - 2} 2")
    assert lines[-1] == f"({900 - len(lines) + 1} more rows)"
