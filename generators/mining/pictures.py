"""Pictures for embedders and judges: no larger than they can take."""

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from generators.engines.exchange import Picture

_FORMAT: Final = "jpeg"
_QUALITY: Final = 90


def fitting(picture: Picture, longest: int) -> Picture | None:
    """Return a picture whose longer side has at most `longest` pixels; a smaller one comes back as it is.

    What cannot be read as a picture, or is a decompression bomb, gives None.
    """
    try:
        with Image.open(io.BytesIO(picture.bytes)) as opened:
            if max(opened.size) <= longest:
                return picture
            opened.draft("RGB", (longest, longest))
            shown = opened.convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError):
        return None
    shown.thumbnail((longest, longest))
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=_QUALITY)
    return Picture(written.getvalue(), _FORMAT)
