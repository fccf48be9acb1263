"""Page pictures for labelling: without their margins, so that the print is large; grey or in colour as the page is."""

import base64
import io
from dataclasses import dataclass
from typing import Final

import PIL.Image
from PIL import ImageChops, UnidentifiedImageError

from schemas.errors import AnnotationError

FORMAT: Final = "webp"
_LONGEST: Final = 1400
_QUALITY: Final = 62
_EFFORT: Final = 2
_PAPER: Final = 236
_MARGIN: Final = 0.03
_GREY_TOLERANCE: Final = 24
_PROBE: Final = (120, 160)


@dataclass(frozen=True, slots=True)
class TaskPicture:
    """An encoded picture, sizes in pixels; `left` to `bottom` say from where to where it shows the page, 0 to 1."""

    data: bytes
    width: int
    height: int
    left: float
    top: float
    right: float
    bottom: float

    def inline(self) -> str:
        """Return it as a data URI."""
        return f"data:image/{FORMAT};base64,{base64.b64encode(self.data).decode()}"


def task_picture(data: bytes, name: str) -> TaskPicture:
    """Return a page picture recoded for labelling.

    Raises:
        AnnotationError: the bytes are no picture; `name` says which page.
    """
    try:
        with PIL.Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise AnnotationError(f"{name}: its page picture cannot be read; extract the document again") from error
    left, top, right, bottom = _printed(picture)
    shown = picture.crop((left, top, right, bottom))
    shown.thumbnail((_LONGEST, _LONGEST))
    coded = shown.convert("L") if _is_grey(shown) else shown
    target = io.BytesIO()
    coded.save(target, FORMAT, quality=_QUALITY, method=_EFFORT)
    width, height = picture.size
    parts = (left / width, top / height, right / width, bottom / height)
    return TaskPicture(target.getvalue(), shown.width, shown.height, *parts)


def _printed(picture: PIL.Image.Image) -> tuple[int, int, int, int]:
    """Return the pixels that are printed on, with a little white around; all of an empty page."""
    ink = picture.convert("L").point(_is_ink).getbbox()
    if ink is None:
        return 0, 0, *picture.size
    margin = round(_MARGIN * picture.width)
    left, top, right, bottom = ink
    width, height = picture.size
    return max(left - margin, 0), max(top - margin, 0), min(right + margin, width), min(bottom + margin, height)


def _is_ink(level: int) -> int:
    return 255 * (level < _PAPER)


def _is_grey(picture: PIL.Image.Image) -> bool:
    red, green, blue = picture.resize(_PROBE).split()
    differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    # A histogram has 256 counts; anything above the tolerance is colour.
    return not any(sum(difference.histogram()[_GREY_TOLERANCE:]) for difference in differences)
