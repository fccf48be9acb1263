import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.checks.consistency import check_giveaway
from generators.checks.form import check_asking, check_complete, check_length, check_marks, check_single
from generators.checks.phrasing import check_deixis, check_prompt_leak
from generators.checks.self_containment import check_label, check_reference
from generators.prompt_packs import DOMAINS, GENERAL, Example, PromptPack, open_pack, pack_name, shipped_pack
from generators.prompting import prompt_file, render
from generators.quantities import find_quantities
from schemas.errors import RecipeError
from schemas.kinds import AnswerKind, Modality, QuestionType, Verdict
from schemas.recipe_file import parse_recipe
from schemas.records import Provenance, Question

DRAFTS = ("draft_comparison", "draft_factual", "draft_figure", "draft_reasoning", "draft_summary", "draft_table")
PLAIN = {"title": "River & Co", "language": "English", "section": "2 Data", "items": []}
FORM = (
    check_length,
    check_marks,
    check_asking,
    check_single,
    check_complete,
    check_deixis,
    check_prompt_leak,
    check_reference,
    check_label,
    check_giveaway,
)
KINDS = {
    (QuestionType.FACTUAL_RETRIEVAL, Modality.TEXT),
    (QuestionType.FACTUAL_RETRIEVAL, Modality.TABLE),
    (QuestionType.FACTUAL_RETRIEVAL, Modality.FIGURE),
    (QuestionType.COMPARISON, Modality.TEXT),
    (QuestionType.COMPARISON, Modality.TABLE),
    (QuestionType.LOGICAL_REASONING, Modality.TEXT),
    (QuestionType.SUMMARIZATION, Modality.TEXT),
}
VALID = "domain: botany\nguidance: Ask about plants.\npersonas: [a botanist]\nstyles: []\n"


def write(folder: Path, text: str) -> str:
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def question(example: Example) -> Question:
    return Question(
        qa_id="d/qa-0",
        question=example.question,
        answer=example.answer,
        answer_kind=AnswerKind.TEXT,
        question_type=example.type,
        answer_modality=example.modality.value,
        evidence=(),
        provenance=Provenance("engine", "0"),
    )


@pytest.mark.parametrize("prompt", DRAFTS)
def test_a_draft_prompt_stands_with_a_pack_and_without(prompt: str) -> None:
    pack = shipped_pack(GENERAL)
    given = pack.values(prompt, QuestionType.FACTUAL_RETRIEVAL, "1 bundle")
    bare, full = render(prompt, PLAIN), render(prompt, {**PLAIN, **given})
    assert pack.guidance in full[0].text
    assert pack.guidance not in bare[0].text
    assert full[0].text.count("Question:") == len(pack.values(prompt, QuestionType.FACTUAL_RETRIEVAL, "")["examples"])  # type: ignore[arg-type]
    assert "Example" not in bare[0].text
    assert "River & Co" in bare[1].text
    assert "2 Data" in bare[1].text


def test_what_a_server_can_reuse_is_the_same_for_every_bundle() -> None:
    pack = shipped_pack(GENERAL)
    turns = [
        render("draft_table", {**PLAIN, "title": key, **pack.values("draft_table", QuestionType.COMPARISON, key)})
        for key in map(str, range(20))
    ]
    assert len({system.text for system, _ in turns}) == 1
    assert len({user.text for _, user in turns}) == 20


def test_examples_are_of_the_type_and_of_the_modality_where_there_are_such() -> None:
    pack = shipped_pack(GENERAL)
    wanted = {(one.type, one.modality): one.question for one in pack.examples}
    for (kind, modality), prompt in [
        ((QuestionType.COMPARISON, Modality.TABLE), "draft_table"),
        ((QuestionType.COMPARISON, Modality.TEXT), "draft_comparison"),
        ((QuestionType.FACTUAL_RETRIEVAL, Modality.FIGURE), "draft_figure"),
    ]:
        examples = pack.values(prompt, kind, "")["examples"]
        assert isinstance(examples, list)
        assert examples[0]["question"] == wanted[kind, modality]


def test_a_key_draws_the_same_and_keys_draw_all() -> None:
    pack = PromptPack(personas=("a", "b"), styles=("x",))
    drawn = {key: pack.values("draft_table", QuestionType.COMPARISON, key) for key in map(str, range(60))}
    assert all(pack.values("draft_table", QuestionType.COMPARISON, key) == values for key, values in drawn.items())
    assert {values["persona"] for values in drawn.values()} == {"a", "b", ""}
    assert {values["style"] for values in drawn.values()} == {"x", ""}


def test_a_pack_has_a_hash_of_its_words_and_travels(tmp_path: Path) -> None:
    pack = open_pack(None, write(tmp_path, VALID))
    again = open_pack(None, write(tmp_path, VALID.replace("plants", "trees")))
    assert pack.hash != again.hash
    assert pickle.loads(pickle.dumps(pack)).hash == pack.hash
    file = pack.prompt_file("draft_table")
    assert file.tag == f"{prompt_file('draft_table').tag}+botany"
    assert file.hash not in (prompt_file("draft_table").hash, again.prompt_file("draft_table").hash)


@pytest.mark.parametrize("domain", [None, "", "botany", "  ", "%"])
def test_an_unknown_domain_gets_the_general_pack(domain: str | None) -> None:
    assert open_pack(domain).domain == GENERAL


def test_a_user_file_replaces_keys_and_leaves_the_others(tmp_path: Path) -> None:
    base = shipped_pack(GENERAL)
    pack = open_pack("herbs", write(tmp_path, "guidance: Ask about plants.\npersonas: []\nstyles:\n"))
    assert (pack.domain, pack.guidance, pack.personas) == ("herbs", "Ask about plants.", ())
    assert (pack.styles, pack.examples) == (base.styles, base.examples)
    assert open_pack(None, write(tmp_path, "")) == base


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("guidence: x\n", ":1: guidence is not a key; did you mean guidance?"),
        ("zz: x\n", ":1: zz is not a key; known: domain, also_called, guidance, examples, personas, styles"),
        ("domain: a\nguidance: [x]\n", ':2: guidance is ["x"], expected text'),
        ("personas: a nurse\n", ':1: personas is "a nurse", expected a list'),
        ("personas:\n  - 5\n", ":2: personas[0] is 5, expected text"),
        ("styles:\n  - ''\n", ':2: styles[0] is "", expected some text'),
        (
            "examples:\n  - type: riddle\n    question: q\n    answer: a\n    source: s\n",
            ':2: examples[0].type is "riddle"',
        ),
        ("examples:\n  - question: q\n    type: comparison\n    source: s\n", ":2: examples[0].answer missing"),
        ("examples:\n  - text\n", ':2: examples[0] is "text", expected keys and values'),
        (
            "examples:\n  - {type: comparison, question: q, answer: a, source: s, quetion: q}\n",
            ":2: examples[0].quetion is not a key; did you mean question?",
        ),
        ("- a\n", ":1: a prompt pack is a mapping of keys, such as `domain: finance`"),
        ("domain: [\n", ":2: not YAML"),
        ("domain: a\ndomain: b\n", ":2: domain stands here again"),
        ("personas: &a [*a]\n", ":1: personas[0]"),
    ],
)
def test_a_problem_names_file_line_and_key(text: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(RecipeError) as caught:
        open_pack(None, path)
    assert str(caught.value).splitlines()[0].startswith(f"{path}{message}")


def test_files_that_are_no_pack(tmp_path: Path) -> None:
    binary = tmp_path / "a.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path, tmp_path / "missing.yaml"):
        with pytest.raises(RecipeError, match=str(path)):
            open_pack(None, str(path))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_name_of_a_domain_leads_to_a_pack(domain: str) -> None:
    assert pack_name(domain) in (*DOMAINS, GENERAL)


@pytest.mark.parametrize("name", [*DOMAINS, GENERAL])
def test_a_shipped_pack_has_examples_of_every_kind_that_the_checks_let_through(name: str) -> None:
    pack = shipped_pack(name)
    assert pack.domain == name
    assert pack.guidance
    assert len(pack.personas) >= 2
    assert len(pack.styles) >= 2
    assert {(one.type, one.modality) for one in pack.examples} >= KINDS
    for one in pack.examples:
        asked = question(one)
        failed = [check(asked, {}) for check in FORM if check(asked, {}).verdict == Verdict.FAIL]
        assert failed == [], one.question
        numbers = [number.value for number in find_quantities(f"{one.source} {one.question}")]
        if one.type == QuestionType.FACTUAL_RETRIEVAL:
            assert all(number.value in numbers for number in find_quantities(one.answer)), one.answer


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("finance", "finance"),
        ("FINANCE", "finance"),
        ("Commerce & Manufacturing", "commerce_manufacturing"),
        ("commerce-manufacturing", "commerce_manufacturing"),
        ("Customer Relationship Management", "crm"),
        ("health care policy", "healthcare"),
        ("Oil and Gas", "energy"),
        ("higher education", "education"),
        ("Law", "legal"),
        ("building", "construction"),
        ("health law", GENERAL),
        ("lawn mowers", GENERAL),
    ],
)
def test_domains_are_known_by_many_names(domain: str, name: str) -> None:
    assert pack_name(domain) == name


def test_the_pack_and_the_program_of_the_runbook_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "runbooks" / "prompts.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
    [written] = [text for kind, text in blocks if kind == "yaml" and "personas:" in text]
    pack = open_pack(None, write(tmp_path, written))
    assert (pack.domain, len(pack.examples), len(pack.personas), pack.styles) == ("museum catalogues", 2, 2, ())
    assert all(check(question(one), {}).verdict != Verdict.FAIL for one in pack.examples for check in FORM)
    for text in (text for kind, text in blocks if kind == "yaml" and "personas:" not in text):
        parse_recipe(text)
    [program] = [text for kind, text in blocks if kind == "python"]
    exec(compile(program, "prompts.md", "exec"), {})
    assert shipped_pack("finance").guidance in capsys.readouterr().out
