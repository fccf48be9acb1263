"""Where the page pictures of tasks go, as the recipe says: into the tasks, a served folder, or a bucket."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from annotation.server import LabelServer
from annotation.task_pictures import FORMAT, TaskPicture, task_picture
from annotation.tasks import PageKey, PagePicture
from annotation.units import Crop
from pipelines.formats.source import DatasetSource
from pipelines.storage import open_filesystem, storage_errors
from schemas.errors import AnnotationError
from schemas.geometry import box
from schemas.kinds import ElementKind
from schemas.recipe import AnnotateSection
from schemas.records import Element, Page

_KEPT: Final = 512


class PictureShelf:
    """Gives each page's picture an address that the server's pages can show."""

    def __init__(self, section: AnnotateSection, source: DatasetSource) -> None:
        """Check that there is a folder where one is needed.

        Raises:
            AnnotationError: the recipe names none.
        """
        self._inline = section.pictures == "inline"
        self._local = section.pictures == "local"
        self._source = source
        self._recent: dict[PageKey, PagePicture] = {}
        if self._inline:
            return
        if not section.picture_folder:
            raise AnnotationError(
                f"annotate.pictures is {section.pictures}, so annotate.picture_folder must name where pictures go"
            )
        self.folder = str(Path(section.picture_folder).absolute()) if self._local else section.picture_folder
        self._filesystem, self._root = open_filesystem(self.folder)

    def pictures(self, pages: Iterable[Page]) -> Mapping[PageKey, PagePicture]:
        """Return the pictures of pages; a page whose picture was not asked for has none."""
        found = {}
        for page in pages:
            picture = self._source.picture(page.doc_id, page.image_id)
            if picture is not None and page.image_id is not None:
                key = page.doc_id, page.page_index
                if key not in self._recent:
                    self._recent[key] = self._place(page, picture.data, page.image_id)
                found[key] = self._recent[key]
        for key in list(self._recent)[: max(0, len(self._recent) - _KEPT)]:
            del self._recent[key]
        return found

    def crops(self, elements: Iterable[Element]) -> Mapping[str, Crop]:
        """Return figures' own pictures by element.

        There are none in a bucket: Label Studio signs the addresses of pages, not those that stand inside a text.
        """
        found = {}
        for element in elements:
            picture = self._source.picture(element.doc_id, element.image_id)
            if element.kind == ElementKind.FIGURE and picture is not None and (self._inline or self._local):
                coded = task_picture(picture.data, element.element_id)
                address = self._address(coded, str(element.image_id))
                found[element.element_id] = Crop(address, coded.width, coded.height)
        return found

    def connect(self, server: LabelServer, project_id: int, pictures: Mapping[PageKey, PagePicture]) -> None:
        """Let the project show what lies in a served folder, and make sure that it does."""
        if not self._local:
            return
        server.serve_folder(project_id, self.folder)
        for picture in list(pictures.values())[:1]:
            server.check_picture(picture.source)

    def _place(self, page: Page, data: bytes, image_id: str) -> PagePicture:
        coded = task_picture(data, f"{page.doc_id} page {page.page_index + 1}")
        shown = box(
            coded.left * page.width, coded.top * page.height, coded.right * page.width, coded.bottom * page.height
        )
        return PagePicture(page, self._address(coded, image_id), shown, coded.width, coded.height)

    def _address(self, picture: TaskPicture, image_id: str) -> str:
        if self._inline:
            return picture.inline()
        name = f"{image_id}.{FORMAT}"
        self._write(name, picture.data)
        if self._local:
            return f"/data/local-files/?d={Path(self.folder).name}/{name}"
        return f"{self.folder.rstrip('/')}/{name}"

    def _write(self, name: str, data: bytes) -> None:
        filesystem: Any = self._filesystem
        with storage_errors(f"{self.folder}/{name}"):
            filesystem.makedirs(self._root, exist_ok=True)
            filesystem.pipe_file(f"{self._root.rstrip('/')}/{name}", data)
