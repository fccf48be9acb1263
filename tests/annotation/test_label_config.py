import xml.etree.ElementTree as ElementTree

import pytest

from annotation.label_config import config_hash, control_names, label_config, required_name, unit_of
from annotation.labels import LABELS, verdict_of_checks
from annotation.verdicts import LABELS as SETTLED
from schemas.kinds import JudgeRole, Verdict
from schemas.records import CheckResult, Judgement
from tests.annotation import task_material as example

ROLES = list(JudgeRole)


@pytest.mark.parametrize("role", ROLES)
def test_the_page_has_a_control_for_all_that_comes_back(role: JudgeRole) -> None:
    page = ElementTree.fromstring(label_config(role))
    names = [part.get("name") for part in page.iter() if part.get("name")]
    assert len(names) == len(set(names))
    assert set(control_names()) <= set(names)
    assert "required_{{idx}}" in names


@pytest.mark.parametrize("role", ROLES)
def test_every_control_speaks_of_something_on_the_page(role: JudgeRole) -> None:
    page = ElementTree.fromstring(label_config(role))
    names = {part.get("name") for part in page.iter()}
    assert {part.get("toName") for part in page.iter() if part.get("toName")} <= names


def test_only_the_expert_sees_verdicts() -> None:
    assert ["$verdicts" in label_config(role) for role in (JudgeRole.ANNOTATOR, JudgeRole.EXPERT)] == [False, True]


def test_the_style_needs_no_entities() -> None:
    style = ElementTree.fromstring(label_config(JudgeRole.ANNOTATOR)).findtext("Style") or ""
    assert ".cm-right" in style
    assert not set("<>&") & set(style)


def test_spacing_does_not_change_the_hash_but_words_do() -> None:
    page = label_config(JudgeRole.ANNOTATOR)
    assert config_hash(page) == config_hash(page.replace("\n", "\n  "))
    assert config_hash(page) != config_hash(page.replace("Needed", "Required"))


def test_units_are_read_back_from_their_controls() -> None:
    assert [unit_of(required_name(number)) for number in (0, 11)] == [0, 11]
    assert unit_of("required_x") is None


def test_labels_are_the_fields_of_a_judgement_and_those_that_are_settled() -> None:
    assert tuple(label.name for label in LABELS) == SETTLED
    assert all(label.name in Judgement.__slots__ for label in LABELS)


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([], None),
        ([CheckResult("cells", Verdict.SKIP)], None),
        ([CheckResult("cells", Verdict.PASS), CheckResult("quotes", Verdict.SKIP)], True),
        ([CheckResult("cells", Verdict.PASS), CheckResult("quotes", Verdict.FAIL, "quote_differs")], False),
        ([CheckResult("deixis", Verdict.FAIL, "deixis")], None),
    ],
)
def test_a_label_starts_with_what_its_own_checks_found(checks: list[CheckResult], verdict: bool | None) -> None:
    label = next(label for label in LABELS if label.name == "answer_factual")
    asked = example.question()
    fields = {name: getattr(asked, name) for name in asked.__slots__} | {"checks": tuple(checks)}
    assert verdict_of_checks(label, type(asked)(**fields)) is verdict
