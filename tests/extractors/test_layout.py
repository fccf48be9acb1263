import pytest

from extractors.layout import reasons_to_ask
from extractors.raw import CaptionRegion, RawPage, RawPath, RawWord
from schemas.geometry import Box
from schemas.kinds import ElementKind, TextSource
from schemas.recipe import Profile

STROKE = RawPath(Box(10, 10, 20, 20), False, True, 1, 0)
WORD = RawWord("word", Box(10, 10, 40, 20))
CAPTION = CaptionRegion(ElementKind.TABLE, "Table 1", Box(10, 100, 90, 110), (), "Table 1: Rates")


@pytest.mark.parametrize(
    ("profile", "strokes", "asked"),
    [(Profile.BEST, 10, True), (Profile.FAST, 10, False), (Profile.BEST, 10_001, False)],
    ids=["a table is announced", "never in fast", "a map of many strokes takes minutes"],
)
def test_the_network_is_asked_where_it_pays(profile: Profile, strokes: int, asked: bool) -> None:
    page = RawPage(0, "1", 600, 800, 0, TextSource.TEXT_LAYER, words=(WORD,), paths=(STROKE,) * strokes)
    assert bool(reasons_to_ask(page, [CAPTION], profile)) is asked
