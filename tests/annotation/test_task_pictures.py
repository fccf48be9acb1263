import io

import PIL.Image
import pytest
from PIL import ImageDraw

from annotation.task_pictures import task_picture
from schemas.errors import AnnotationError


def page(size: tuple[int, int] = (800, 1000), *, colour: str = "black", ink: bool = True) -> bytes:
    picture = PIL.Image.new("RGB", size, "white")
    if ink:
        ImageDraw.Draw(picture).rectangle((200, 300, 599, 499), fill=colour)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def opened(data: bytes) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(data))


def test_margins_are_cut_off_and_what_is_shown_is_told() -> None:
    found = task_picture(page(), "page 1")
    margin = 24
    assert (found.left * 800, found.top * 1000) == pytest.approx((200 - margin, 300 - margin))
    assert (found.right * 800, found.bottom * 1000) == pytest.approx((600 + margin, 500 + margin))
    assert opened(found.data).size == (found.width, found.height) == (400 + 2 * margin, 200 + 2 * margin)


def test_an_empty_page_is_shown_whole() -> None:
    found = task_picture(page(ink=False), "page 1")
    assert (found.left, found.top, found.right, found.bottom) == (0, 0, 1, 1)


def test_a_large_page_is_made_smaller_in_proportion() -> None:
    found = task_picture(page((6000, 3000), ink=False), "page 1")
    assert (found.width, found.height) == (1400, 700)


@pytest.mark.parametrize(("colour", "coloured"), [("black", False), ("#777777", False), ("#c01010", True)])
def test_colour_is_kept_where_there_is_any(colour: str, coloured: bool) -> None:
    shown = opened(task_picture(page(colour=colour), "page 1").data).convert("RGB")
    red, _, blue = shown.getpixel((shown.width // 2, shown.height // 2))
    assert (abs(red - blue) > 60) is coloured


def test_it_goes_into_a_task_as_a_data_uri() -> None:
    assert task_picture(page(), "page 1").inline().startswith("data:image/webp;base64,UklGR")


def test_a_broken_picture_is_named() -> None:
    with pytest.raises(AnnotationError, match="doc1 page 4: its page picture cannot be read"):
        task_picture(b"no picture", "doc1 page 4")
