"""Page pictures for labelling: grey or in colour as the page is, small enough that thousands go into tasks."""

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
_GREY_TOLERANCE: Final = 24
_PROBE: Final = (120, 160)


@dataclass(frozen=True, slots=True)
class TaskPicture:
    """An encoded picture; sizes in pixels."""

    data: bytes
    width: int
    height: int

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
    picture.thumbnail((_LONGEST, _LONGEST))
    coded = picture.convert("L") if _is_grey(picture) else picture
    target = io.BytesIO()
    coded.save(target, FORMAT, quality=_QUALITY)
    return TaskPicture(target.getvalue(), picture.width, picture.height)


def _is_grey(picture: PIL.Image.Image) -> bool:
    red, green, blue = picture.resize(_PROBE).split()
    differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    # A histogram has 256 counts; anything above the tolerance is colour.
    return not any(sum(difference.histogram()[_GREY_TOLERANCE:]) for difference in differences)
