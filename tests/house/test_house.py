"""The house itself: owners of the import names, floors, public words."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("schemas", "extractors", "generators", "annotation", "pipelines")
CODE = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
LONGEST_MODULE = 400
BANNED_NAMES = {"utils", "helpers", "common", "base", "manager", "misc"}


@pytest.mark.parametrize("name", FLOORS)
def test_each_top_level_name_has_one_owner_in_the_environment(name: str) -> None:
    owners = set(packages_distributions().get(name, ()))
    assert owners <= {"corpusmill"}, f"{name} is also installed by {owners - {'corpusmill'}}"


@pytest.mark.parametrize("name", FLOORS)
def test_each_floor_is_typed_and_says_what_it_is(name: str) -> None:
    assert (ROOT / name / "py.typed").exists()
    assert (ROOT / name / "__init__.py").read_text().startswith('"""')


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_of_a_size_to_read_and_well_named(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    assert path.stem not in BANNED_NAMES


def test_the_wheel_holds_exactly_the_floors() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(FLOORS)


def test_the_changelog_knows_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("folder", ["examples/pdfs", "tests/data"])
def test_every_shipped_pdf_has_its_licence_named(folder: str) -> None:
    notes = (ROOT / folder / "README.md").read_text()
    assert [path.name for path in (ROOT / folder).glob("*.pdf") if path.name not in notes] == []
