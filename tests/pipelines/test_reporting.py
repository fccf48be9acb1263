"""The report stage reads a workspace, writes the page and the JSON, and prints tables."""

import importlib.util
import io
import json
import types
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from annotation.thresholds import find_threshold
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.reporting import report_judgements, show_report
from pipelines.workspace import writing
from schemas.errors import UsageError, WorkspaceError
from schemas.kinds import Stage
from schemas.recipe import Recipe

CROWD = Path(__file__).parents[2] / "bench" / "simulated_people.py"


class Teller:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self, goal: object) -> None: ...

    def stop(self) -> None: ...

    def say(self, message: str) -> None:
        self.told.append(message)


@pytest.fixture(scope="module")
def made() -> object:
    spec = importlib.util.spec_from_file_location("simulated_people", CROWD)
    assert spec is not None
    assert spec.loader is not None
    module: types.ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.simulate(400, seed=3)


@pytest.fixture(scope="module")
def url(made: object, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = str(tmp_path_factory.mktemp("reporting") / "workspace")
    for stage, table, rows in (
        (Stage.GENERATE, "qa", made.questions),
        (Stage.ANNOTATE, "samples", made.assignments),
        (Stage.ANNOTATE, "judgements", made.judgements),
    ):
        with writing(url) as workspace:
            draft = workspace.begin(stage)
            draft.stage(write_part(workspace.folder, draft.staging, table, list(rows)))
            publish(draft, Recipe(), key=table, seconds=0.1)
    return url


def test_a_folder_gets_the_page_and_the_json(url: str, tmp_path: Path) -> None:
    teller = Teller()
    report = report_judgements(url, Recipe(), out=str(tmp_path / "report"), reporter=teller)
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["report.html", "report.json"]
    assert json.loads((tmp_path / "report" / "report.json").read_text()) == json.loads(json.dumps(report.to_json()))
    assert teller.told == [f"The report with its charts: {tmp_path}/report/report.html"]


def test_a_file_gets_the_page_alone(url: str, tmp_path: Path) -> None:
    report_judgements(url, Recipe(), out=str(tmp_path / "some" / "page.html"))
    assert [path.name for path in (tmp_path / "some").iterdir()] == ["page.html"]


def test_the_recipe_decides_confidence_limit_and_seed(url: str) -> None:
    recipe = Recipe.model_validate({"seed": 5, "annotate": {"confidence": 0.8}, "validation": {"max_error_rate": 0.5}})
    strict, wide = report_judgements(url, Recipe()), report_judgements(url, recipe)
    assert (wide.confidence, wide.limit, wide.seed) == (0.8, 0.5, 5)
    assert wide.quality.overall.rate.margin < strict.quality.overall.rate.margin


@pytest.mark.parametrize("width", [80, 160])
def test_tables_say_the_same_as_the_report(url: str, width: int) -> None:
    report = report_judgements(url, Recipe())
    out = io.StringIO()
    show_report(report, Console(file=out, width=width, highlight=False))
    shown = out.getvalue()
    assert f"{100 * report.quality.overall.rate.value:.1f} %" in shown
    assert all(person.name in shown for person in report.annotators)
    assert "…" not in shown
    assert not {"nan", "None"} & set(shown.split())


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (8, "Judge: generate.judge_threshold: 0.81 keeps 86.7 % (75.8 to 93.1) of 60 judged questions, 100.0 %"),
        (60, "Judge: no threshold (no score keeps 95% right ones)"),
    ],
)
def test_the_threshold_of_the_judge_is_told(url: str, wrong: int, line: str) -> None:
    pairs = [(0.3 if number < 8 else 0.81, number >= wrong) for number in range(60)]
    report = replace(report_judgements(url, Recipe()), judge=find_threshold("judge", pairs, wanted=0.95))
    out = io.StringIO()
    show_report(report, Console(file=out, width=250, highlight=False))
    assert line in out.getvalue()


def test_a_workspace_without_judgements_is_reported(tmp_path: Path) -> None:
    with writing(str(tmp_path / "empty")):
        pass
    report = report_judgements(str(tmp_path / "empty"), Recipe(), out=str(tmp_path / "page"))
    out = io.StringIO()
    show_report(report, Console(file=out, width=100))
    assert "No sample has been drawn" in out.getvalue()
    assert (tmp_path / "page" / "report.html").exists()


def test_no_workspace_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no workspace here"):
        report_judgements(str(tmp_path / "nothing"), Recipe())


def test_a_page_that_cannot_be_written_names_the_place(url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkspaceError, match="file/report"):
        report_judgements(url, Recipe(), out=str(tmp_path / "file" / "report"))
