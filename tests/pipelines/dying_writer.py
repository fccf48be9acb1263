"""Run by test_commits: a program that is killed at every storage operation of a commit, and of a recovery, in turn.

`python dying_writer.py START OUT` copies the workspace START to OUT/commit-00, OUT/commit-01, ... and commits in each
copy, in a forked child that gets SIGKILL just before its n-th storage operation. Each copy that a decided commit was
cut short in is then copied again, to OUT/commit-07-recovery-00, ..., and its recovery killed in the same way.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pipelines.commits import is_unsettled
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.storage import Folder
from pipelines.workspace import writing
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, Stage
from schemas.recipe import Recipe
from schemas.records import Document, Element, Failure, Image, Link, Reject


class DyingFolder(Folder):
    """Kills its process instead of doing the n-th operation."""

    def __init__(self, url: str, last: int) -> None:
        super().__init__(url)
        self._left = last

    def open_output(self, relative: str) -> BinaryIO:
        self._step()
        return super().open_output(relative)

    def move(self, source: str, target: str) -> None:
        self._step()
        super().move(source, target)

    def remove(self, relative: str) -> None:
        self._step()
        super().remove(relative)

    def remove_tree(self, relative: str) -> None:
        self._step()
        super().remove_tree(relative)

    def _step(self) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


def add_documents(folder: Folder, numbers: range, version: str) -> None:
    """Commit some documents, over those of the same id, and an error."""
    with writing(folder) as workspace:
        draft = workspace.begin(Stage.EXTRACT)
        ids = [f"{number:016x}" for number in numbers]
        workspace.drop_documents(draft, ids)
        workspace.drop_told(draft, Stage.EXTRACT, ids)
        rows: dict[str, list[object]] = {
            "elements": [_element(doc_id, version) for doc_id in ids],
            "links": [Link(f"{doc_id}/a", f"{doc_id}/b", LinkKind.MENTIONS, version) for doc_id in ids],
            "images": [Image(f"{doc_id}-{version}", b"picture", "png", 1, 1) for doc_id in ids],
            "documents": [Document(doc_id, doc_id * 4, "uri", 1, 1, "test", version) for doc_id in ids],
            "errors": [Failure(Stage.EXTRACT, ids[0], "page_failed", version)],
            "rejects": [Reject(Stage.EXTRACT, f"{ids[0]}/p0000/paragraph1", "mention_not_found", version)],
        }
        for table, records in rows.items():
            draft.stage(write_part(folder, draft.staging, table, records))
        publish(draft, Recipe(), key=version, seconds=0.0)


def _element(doc_id: str, version: str) -> Element:
    image = f"{doc_id}-{version}"
    return Element(f"{doc_id}/a", doc_id, 0, 0, ElementKind.PARAGRAPH, Box(0, 0, 1, 1), version, image_id=image)


def commit(folder: Folder) -> None:
    add_documents(folder, range(1, 4), "new")


def recover(folder: Folder) -> None:
    with writing(folder):
        pass


def killed_everywhere(action: Callable[[Folder], None], start: Path, out: Path) -> list[Path]:
    """Return the copies of `start` that each death left, up to the first run that lived."""
    left = []
    for number in range(1000):
        copy = out.with_name(f"{out.name}{number:02d}")
        shutil.copytree(start, copy)
        child = os.fork()
        if child == 0:
            action(DyingFolder(str(copy), number))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status):
            if os.waitstatus_to_exitcode(status):
                raise SystemExit(f"the writer failed at operation {number}")
            return left
        left.append(copy)
    raise SystemExit("the commit never ended")


def main(start: Path, out: Path) -> None:
    for copy in killed_everywhere(commit, start, out / "commit-"):
        if is_unsettled(Folder(str(copy))):
            killed_everywhere(recover, copy, out / f"{copy.name}-recovery-")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
