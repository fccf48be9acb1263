import io

import pytest
from PIL import Image

from generators.engines.exchange import Picture
from generators.mining.pictures import fitting


def _picture(width: int, height: int, *, mode: str = "RGB", format: str = "png") -> Picture:
    written = io.BytesIO()
    Image.new(mode, (width, height)).save(written, format)
    return Picture(written.getvalue(), format)


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (_picture(3000, 1500), (1000, 500)),
        (_picture(20, 2000, mode="P"), (10, 1000)),
        (_picture(1200, 4000, format="jpeg"), (300, 1000)),
    ],
    ids=["wide", "palette", "jpeg"],
)
def test_a_large_picture_is_scaled_down(picture: Picture, size: tuple[int, int]) -> None:
    shown = fitting(picture, 1000)
    assert shown is not None
    with Image.open(io.BytesIO(shown.bytes)) as opened:
        assert (opened.size, opened.format) == (size, "JPEG")
    assert shown.format == "jpeg"


def test_a_small_picture_stays_as_it_is() -> None:
    picture = _picture(1000, 30)
    assert fitting(picture, 1000) is picture


def test_what_is_no_picture_or_a_bomb_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fitting(Picture(b"%PDF-1.7", "png"), 1000) is None
    broken = _picture(3000, 3000)
    assert fitting(Picture(broken.bytes[: len(broken.bytes) // 2], "png"), 1000) is None
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000_000)
    assert fitting(broken, 1000) is None
