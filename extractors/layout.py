"""The layout network of the PDF library: when it pays to ask it, and how to ask it cheaply."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import onnxruntime
import pymupdf

from extractors.certainty import is_certain
from extractors.layout_inputs import ease_inputs
from extractors.onnx_graph import with_leaky_units
from extractors.raw import CaptionRegion, LayoutRegion, RawPage
from extractors.signals import table_signals
from schemas.geometry import box
from schemas.recipe import Profile

_MOST_LINES = 800
_MOST_PATHS = 10_000


def reasons_to_ask(page: RawPage, captions: Sequence[CaptionRegion], profile: Profile) -> tuple[str, ...]:
    """Return why the network should look at a page; empty when geometry and text suffice, always so in `fast`.

    The network costs about a hundred times what reading a page does, and what it sees better than rules and aligned
    text is tables: so it is asked where there are signs of one and geometry is not certain of it. It goes wrong, and
    takes minutes, where every word or glyph is a line of its own, or a map is drawn in many thousand strokes.
    """
    if profile is Profile.FAST or not page.words or _is_crowded(page):
        return ()
    signs = table_signals(page, captions)
    return () if signs and is_certain(page, captions) else signs


def _is_crowded(page: RawPage) -> bool:
    return len(page.lines) > _MOST_LINES or len(page.paths) > _MOST_PATHS


def ask_layout(page: pymupdf.Page) -> tuple[LayoutRegion, ...]:
    """Return the regions that the network sees on a straightened page, with the grid of each table."""
    spare_threads()
    page.get_layout(return_raw=True)
    return tuple(_region(group) for group in page.layout_information or ())


def _region(group: dict[str, Any]) -> LayoutRegion:
    x0, y0, x1, y1 = (float(value) for value in group["group_bbox"][:4])
    grid = group.get("table_grid")
    if grid is None:
        return LayoutRegion(group["class_name"], box(x0, y0, x1, y1))
    rows = _inside((y0 + line for line in grid.h_lines), y0, y1)
    columns = _inside((x0 + line for line in grid.v_lines), x0, x1)
    return LayoutRegion(group["class_name"], box(x0, y0, x1, y1), 1.0, rows, columns)


def _inside(lines: Any, low: float, high: float) -> tuple[float, ...]:
    return tuple(sorted(round(float(line), 2) for line in lines if low + 1 < line < high - 1))


@cache
def spare_threads() -> None:
    """Give the network one thread: reading processes run side by side, and their threads would fight each other.

    The library makes its sessions when it is imported, with as many threads as there are cores; they are made again,
    of a model that runs faster and computes the same.
    """
    ease_inputs()
    for model in _loaded_models():
        for owner in (model, model.feature_extractor, model.table_grid_extractor):
            for name, value in list(vars(owner).items()):
                if isinstance(value, onnxruntime.InferenceSession):
                    setattr(owner, name, _single_threaded(value))


def _loaded_models() -> list[Any]:
    cells = getattr(pymupdf._get_layout, "__closure__", None) or ()
    return [cell.cell_contents._model for cell in cells if hasattr(cell.cell_contents, "_model")]


def _single_threaded(session: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    model = with_leaky_units(Path(session._model_path).read_bytes())
    return onnxruntime.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])
