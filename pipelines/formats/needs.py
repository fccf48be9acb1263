"""What must be there before a format can be written, told before any work is done."""

from collections.abc import Callable

import pyarrow.compute as pc

from pipelines.formats.shape import Format, Need
from pipelines.workspace import Workspace
from schemas.errors import ExportError
from schemas.kinds import QuestionType


def check_needs(workspace: Workspace, format: Format) -> None:
    """Make sure that a workspace holds what a format is about.

    Raises:
        ExportError: something is missing; the message says what makes it.
    """
    for need in Need:
        if need in format.needs:
            _CHECKS[need](workspace, format.name)


def _questions(workspace: Workspace, name: str) -> None:
    if not workspace.count("qa"):
        raise ExportError(
            f"--format {name}: the workspace holds no accepted question, so there is nothing to export; "
            "corpusmill generate writes them"
        )


def _evidence(workspace: Workspace, name: str) -> None:
    answerable = pc.field("question_type") != QuestionType.UNANSWERABLE.value
    for rows in workspace.stream("qa", ["qa_id", "evidence"], filter=answerable):
        lengths = pc.fill_null(pc.list_value_length(rows["evidence"]), 0)
        bare = rows.filter(pc.equal(lengths, 0))["qa_id"].to_pylist()
        if bare:
            raise ExportError(
                f"--format {name}: question {bare[0]} has no evidence, so nothing is relevant to it; "
                "corpusmill check names all such questions"
            )


def _page_pictures(workspace: Workspace, name: str) -> None:
    drawn = pc.field("image_id").is_valid()
    if not any(rows.num_rows for rows in workspace.stream("pages", ["page_index"], filter=drawn)):
        raise ExportError(
            f"--format {name}: no page has a picture; set extract.page_dpi in the recipe (96, say) and run corpusmill "
            "extract again"
        )


def _triplets(workspace: Workspace, name: str) -> None:
    if not workspace.count("triplets"):
        raise ExportError(f"--format {name}: the workspace holds no triplets; corpusmill mine makes them")


_CHECKS: dict[Need, Callable[[Workspace, str], None]] = {
    Need.QUESTIONS: _questions,
    Need.EVIDENCE: _evidence,
    Need.PAGE_PICTURES: _page_pictures,
    Need.TRIPLETS: _triplets,
}
