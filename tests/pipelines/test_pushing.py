import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipelines.label_projects import Audience, project_title
from pipelines.pulling import pull_judgements
from pipelines.pushing import push_tasks
from pipelines.workspace import open_workspace
from schemas.errors import AnnotationError, CorpusMillError, UsageError
from schemas.kinds import JudgeRole
from schemas.recipe import AnnotateSection, Recipe
from tests.annotation.label_studio_replies import replying
from tests.pipelines.dataset_corpus import commit_corpus

TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    url = str(tmp_path / "workspace")
    commit_corpus(url)
    return url


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "token", "error", "message"),
    [
        (None, TOKEN, UsageError, "no Label Studio server is named: give --url"),
        ("localhost:8080", TOKEN, UsageError, "does not begin with http://"),
        ("http://127.0.0.1:{port}", "", UsageError, "LABEL_STUDIO_API_KEY: not set"),
        ("http://127.0.0.1:{port}", TOKEN, AnnotationError, "no Label Studio server answers there"),
    ],
)
def test_what_a_push_needs_is_told(
    workspace: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    url: str | None,
    token: str,
    error: type[CorpusMillError],
    message: str,
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    address = url.format(port=closed_port()) if url else None
    recipe = Recipe(annotate=AnnotateSection(url=address))
    with pytest.raises(error, match=message):
        push_tasks(workspace, recipe, role=JudgeRole.ANNOTATOR)
    assert open_workspace(workspace).count("label_projects") == 0


def test_a_sample_comes_first(workspace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    with replying({}) as url, pytest.raises(UsageError, match="draw one with: corpusmill annotate sample"):
        push_tasks(workspace, Recipe(annotate=AnnotateSection(url=url)), role=JudgeRole.ANNOTATOR)


def test_nothing_to_pull_is_told(workspace: str) -> None:
    with pytest.raises(UsageError, match="nothing was pushed yet"):
        pull_judgements(workspace, Recipe())


@pytest.mark.parametrize("stage", [partial(push_tasks, role=JudgeRole.ANNOTATOR), pull_judgements])
def test_no_workspace_is_made_by_mistake(tmp_path: Path, stage: Callable[[str, Recipe], object]) -> None:
    url, recipe = str(tmp_path / "typo"), Recipe(annotate=AnnotateSection(url="http://127.0.0.1:1"))
    with pytest.raises(UsageError, match="no workspace here"):
        stage(url, recipe)
    assert not Path(url).exists()


@pytest.mark.parametrize(
    ("audience", "title"),
    [
        (Audience(JudgeRole.ANNOTATOR, 1), "reports: one person each"),
        (Audience(JudgeRole.ANNOTATOR, 3), "reports: 3 people each"),
        (Audience(JudgeRole.EXPERT, 1), "reports: for the expert"),
    ],
)
def test_projects_are_told_apart_by_their_title(audience: Audience, title: str) -> None:
    assert project_title("reports", audience) == title


def test_a_long_name_fits_a_title() -> None:
    assert len(project_title("n" * 200, Audience(JudgeRole.ANNOTATOR, 20))) <= 50
