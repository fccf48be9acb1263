from pathlib import Path

import pytest

from pipelines.formats.source import DatasetSource
from pipelines.label_pictures import PictureShelf
from pipelines.workspace import Workspace, open_workspace
from schemas.errors import AnnotationError
from schemas.recipe import AnnotateSection
from schemas.records import Page
from tests.pipelines.dataset_corpus import commit_corpus


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    url = str(tmp_path_factory.mktemp("pictures") / "workspace")
    commit_corpus(url)
    return open_workspace(url)


@pytest.fixture(scope="module")
def source(workspace: Workspace) -> DatasetSource:
    return DatasetSource(workspace)


@pytest.fixture(scope="module")
def pages(workspace: Workspace) -> list[Page]:
    rows: list[Page] = workspace.records("pages")
    return [page for page in rows if page.doc_id == rows[0].doc_id]


def test_inline_pictures_stand_in_the_task(source: DatasetSource, pages: list[Page]) -> None:
    found = PictureShelf(AnnotateSection(), source).pictures(pages)
    assert set(found) == {(page.doc_id, page.page_index) for page in pages}
    assert all(picture.source.startswith("data:image/webp;base64,") for picture in found.values())
    # These pages are of one colour, so all of them is shown.
    assert {tuple(picture.shown) for picture in found.values()} == {(0.0, 0.0, 612.0, 792.0)}


def test_a_page_without_a_picture_has_none(source: DatasetSource, pages: list[Page]) -> None:
    bare = [Page(*(getattr(page, name) for name in page.__slots__[:-1])) for page in pages]
    assert PictureShelf(AnnotateSection(), source).pictures(bare) == {}


@pytest.mark.parametrize(
    ("kind", "folder", "address"),
    [("local", "{0}/pages", "/data/local-files/?d=pages/"), ("cloud", "file://{0}/bucket", "file://{0}/bucket/")],
)
def test_other_pictures_are_written_and_named(
    source: DatasetSource, pages: list[Page], tmp_path: Path, *, kind: str, folder: str, address: str
) -> None:
    section = AnnotateSection.model_validate({"pictures": kind, "picture_folder": folder.format(tmp_path)})
    found = PictureShelf(section, source).pictures(pages)
    names = {picture.source.removeprefix(address.format(tmp_path)) for picture in found.values()}
    assert names == {path.name for path in tmp_path.rglob("*.webp")}
    assert len(names) == len(pages)


@pytest.mark.parametrize("kind", ["local", "cloud"])
def test_a_folder_must_be_named(source: DatasetSource, kind: str) -> None:
    with pytest.raises(AnnotationError, match=rf"annotate.pictures is {kind}, so annotate.picture_folder"):
        PictureShelf(AnnotateSection.model_validate({"pictures": kind}), source)
