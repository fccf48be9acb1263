import stat
from pathlib import Path

import pytest

from pipelines.pseudonym_keys import FILE, VARIABLE, pseudonym_key
from pipelines.storage import Folder
from schemas.errors import AnnotationError


def test_a_workspace_keeps_the_key_that_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    first = pseudonym_key(Folder(str(tmp_path)))
    assert len(first) == 64
    assert pseudonym_key(Folder(str(tmp_path))) == first
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_the_environment_goes_first_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "k" * 20)
    assert pseudonym_key(Folder(str(tmp_path))) == "k" * 20
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("given", ["", "short"])
def test_a_key_that_keeps_no_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(VARIABLE, given)
    with pytest.raises(AnnotationError, match=VARIABLE):
        pseudonym_key(Folder(str(tmp_path)))
