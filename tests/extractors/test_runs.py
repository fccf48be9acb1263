from typing import Any

import pytest

from extractors.runs import run_box, run_text, runs_of
from schemas.geometry import Box

WRITTEN, ADDED = 16, 16 | 512


def span(text: str, left: float, char_flags: int = WRITTEN, **style: Any) -> dict[str, Any]:
    box = (left, 10.0, left + 5.0 * len(text), 20.0)
    look = {"font": "F", "size": 10.0, "flags": 0, "color": 0, "alpha": 255}
    return {"text": text, "bbox": box, "char_flags": char_flags, **look, **style}


ONE, BLANK, TWO, LAST = span("one", 0), span(" ", 15, ADDED), span("two", 20), span(" ", 35, ADDED)


@pytest.mark.parametrize(
    ("spans", "texts"),
    [
        ([ONE, BLANK, TWO], ["one two"]),
        ([BLANK, ONE, BLANK, TWO, LAST], [" ", "one two", " "]),
        ([ONE, BLANK, span("two", 20, font="Bold")], ["one", " ", "two"]),
        ([ONE, BLANK, span("two", 20, char_flags=0)], ["one", " ", "two"]),
        ([span("1", 0, flags=1), span(" ", 5, ADDED, flags=1), span("2", 10, flags=1)], ["1", " ", "2"]),
    ],
    ids=["one look", "blanks at the ends", "another font", "without ink", "raised"],
)
def test_spans_of_one_look_are_one_run(spans: list[dict[str, Any]], texts: list[str]) -> None:
    assert [run_text(run) for run in runs_of(spans)] == texts


def test_the_box_of_a_run_holds_its_spans() -> None:
    assert run_box([ONE, BLANK, TWO]) == Box(0, 10, 35, 20)
