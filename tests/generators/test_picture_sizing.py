import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generators.engines.exchange import Picture
from generators.picture_sizing import fitting


def _encoded(image: Image.Image, format: str = "png") -> Picture:
    written = io.BytesIO()
    image.save(written, format)
    return Picture(written.getvalue(), format)


def _drawing(width: int, height: int, *, mode: str = "RGB", format: str = "png") -> Picture:
    return _encoded(Image.new(mode, (width, height)), format)


def _photo(width: int, height: int, *, format: str = "png") -> Picture:
    noise = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return _encoded(Image.fromarray(noise), format)


def _shown(picture: Picture, longest: int = 1000) -> Image.Image:
    fitted = fitting(picture, longest)
    assert fitted is not None
    opened = Image.open(io.BytesIO(fitted.bytes))
    opened.load()
    assert (opened.format or "").lower() == fitted.format
    return opened


@pytest.mark.parametrize(
    ("picture", "size", "format"),
    [
        (_drawing(3000, 1500), (1000, 500), "PNG"),
        (_drawing(20, 2000, mode="P"), (10, 1000), "PNG"),
        (_drawing(2000, 2000, mode="1"), (1000, 1000), "PNG"),
        (_drawing(2000, 1000, mode="CMYK", format="jpeg"), (1000, 500), "PNG"),
        (_photo(1200, 4000, format="jpeg"), (300, 1000), "JPEG"),
        (_photo(2000, 1000), (1000, 500), "JPEG"),
        (_drawing(1, 5000), (1, 1000), "PNG"),
        (_drawing(400, 300, format="gif"), (400, 300), "PNG"),
        (_photo(400, 300, format="tiff"), (400, 300), "JPEG"),
    ],
    ids=["wide", "palette", "bits", "cmyk", "jpeg", "photo", "hair", "gif", "tiff"],
)
def test_a_picture_is_scaled_down_to_a_form_that_is_read(picture: Picture, size: tuple[int, int], format: str) -> None:
    shown = _shown(picture)
    assert (shown.size, shown.format, shown.mode) == (size, format, "RGB")


@pytest.mark.parametrize("picture", [_drawing(1000, 30), _photo(64, 64, format="jpeg")])
def test_a_small_picture_stays_as_it_is(picture: Picture) -> None:
    assert fitting(picture, 1000) is picture


def test_what_is_transparent_shows_white() -> None:
    assert _shown(_drawing(2000, 2000, mode="RGBA")).getpixel((5, 5)) == (255, 255, 255)


def test_the_same_picture_gives_the_same_bytes() -> None:
    picture = _photo(1500, 700)
    first = fitting(picture, 640)
    fitting.cache_clear()
    assert first is not None
    assert fitting(picture, 640) == first


def test_what_is_no_picture_or_a_bomb_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fitting(Picture(b"%PDF-1.7", "png"), 1000) is None
    broken = _photo(1200, 1200)
    assert fitting(Picture(broken.bytes[: len(broken.bytes) // 2], "png"), 1000) is None
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000_000)
    assert fitting(broken, 1000) is None


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 3000), value=st.integers(0, 255), cut=st.integers(0, 3000))
def test_damaged_bytes_end_as_a_picture_or_as_none(place: int, value: int, cut: int) -> None:
    data = bytearray(_drawing(1100, 900).bytes)
    data[place % len(data)] = value
    fitted = fitting(Picture(bytes(data[: len(data) - cut % len(data)]), "png"), 1000)
    assert fitted is None or _shown(fitted).size[0] <= 1100
