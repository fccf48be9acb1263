from io import BytesIO

import pymupdf
from PIL import Image as PillowImage

from extractors.pictures import picture_page, picture_part
from schemas.geometry import Box
from schemas.records import Image


def shown(image: Image) -> PillowImage.Image:
    return PillowImage.open(BytesIO(image.bytes)).convert("RGB")


def page(width: float = 200, height: float = 100) -> pymupdf.Page:
    made = pymupdf.open().new_page(width=width, height=height)
    made.draw_rect(pymupdf.Rect(100, 50, 150, 75), color=(1, 0, 0), fill=(1, 0, 0))
    return made


def test_a_page_is_pictured_whole() -> None:
    image = picture_page(page(), 144)
    assert (image.format, image.width, image.height, shown(image).size) == ("jpeg", 400, 200, (400, 200))


def test_a_part_shows_what_lies_in_its_box() -> None:
    image = picture_part(page(), Box(100, 50, 150, 75), 72)
    assert (image.format, shown(image).getpixel((image.width // 2, image.height // 2))) == ("png", (255, 0, 0))
    assert (image.width, image.height) == (54, 29)


def test_a_poster_is_pictured_at_a_lower_resolution() -> None:
    assert max(picture_page(page(14_400, 7_200), 300).width, 0) == 4096


def test_the_same_pixels_have_the_same_id() -> None:
    assert picture_page(page(), 96).image_id == picture_page(page(), 96).image_id
