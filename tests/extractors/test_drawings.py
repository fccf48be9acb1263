import pytest

from extractors.drawings import read_drawings
from schemas.geometry import Box

FRAME = Box(0, 0, 200, 200)


def drawing(*items: tuple[object, ...], kind: str = "s", **more: object) -> dict[str, object]:
    return {"items": list(items), "type": kind, "rect": (10, 10, 110, 60), "width": 1.0, **more}


@pytest.mark.parametrize(
    ("made", "rules"),
    [
        (drawing(("l", (10, 20), (110, 20))), [Box(10, 19.5, 110, 20.5)]),
        (drawing(("l", (10, 20), (110, 70))), []),
        (drawing(("l", (10, 20), (12, 20))), []),
        (drawing(("re", (10, 20, 110, 21), 1), kind="f", fill=(0, 0, 0)), [Box(10, 20, 110, 21)]),
        (drawing(("re", (10, 20, 110, 60), 1), kind="f", fill=(0.9, 0.9, 0.9)), []),
    ],
    ids=["level line", "slanted line", "tick", "thin box", "shading"],
)
def test_rules_are_level_or_upright_and_long(made: dict[str, object], rules: list[Box]) -> None:
    assert list(read_drawings([made], FRAME)[1]) == rules


def test_a_stroked_box_gives_its_four_edges() -> None:
    _, rules = read_drawings([drawing(("re", (10, 20, 110, 60), 1))], FRAME)
    assert len(rules) == 4


@pytest.mark.parametrize(
    "unseen",
    [
        drawing(("re", (10, 10, 110, 60), 1), kind="f", fill=(1, 1, 1)),
        drawing(("re", (10, 10, 110, 60), 1), rect=(300, 300, 310, 310)),
    ],
    ids=["white", "outside"],
)
def test_drawings_that_do_not_show_are_left_out(unseen: dict[str, object]) -> None:
    assert read_drawings([unseen], FRAME) == ((), ())


def test_slanted_lines_are_counted_and_level_ones_are_not() -> None:
    made = drawing(("l", (10, 20), (110, 20)), ("l", (10, 20), (60, 60)), ("l", (60, 60), (60, 20)))
    assert [path.slanted for path in read_drawings([made], FRAME)[0]] == [1]


def test_what_is_clipped_away_is_left_out() -> None:
    inside = drawing(("l", (10, 20), (110, 20)), level=2)
    paths, rules = read_drawings(
        [
            {"type": "group", "rect": (0, 0, 200, 200), "level": 0},
            {"type": "clip", "scissor": (10, 10, 60, 40), "level": 1},
            inside,
            {"type": "clip", "scissor": (150, 150, 160, 160), "level": 2},
            {**inside, "level": 3},
            {**inside, "level": 1},
        ],
        FRAME,
    )
    assert [path.bbox for path in paths] == [Box(10, 10, 60, 40), Box(10, 10, 110, 60)]
    assert rules == (Box(10, 19.5, 60, 20.5), Box(10, 19.5, 110, 20.5))
