"""How many tokens a request may cost at most, before any tokenizer or server has seen it."""

import io
import math
from dataclasses import dataclass
from typing import Final

from PIL import Image

from generators.engines.exchange import Picture, Request

_BYTES_PER_TOKEN: Final = 3
# Many tokenizers spend a token on every digit and mark, so that a table costs far more than a text of its length.
_SINGLE: Final = "0123456789.,;:|%$()[]{}<>/\\\"'-+*=_#\n"
_TOKENS_PER_MESSAGE: Final = 24
_PIXELS_PER_TOKEN: Final = 700
_TOKENS_PER_PICTURE: Final = 64
_UNREADABLE_PICTURE: Final = 4096


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that a request may cost, in tokens."""

    prompt_tokens: int
    completion_tokens: int

    @property
    def tokens(self) -> int:
        """Of prompt and answer."""
        return self.prompt_tokens + self.completion_tokens


def estimate_of(request: Request) -> Estimate:
    """Return an upper estimate of what a request and its answer cost."""
    texts = [message.text for message in request.messages] + [request.schema or ""]
    pictures = sum(picture_tokens(image) for message in request.messages for image in message.images)
    prompt = sum(map(text_tokens, texts)) + pictures + _TOKENS_PER_MESSAGE * len(request.messages)
    return Estimate(prompt, 1 if request.weigh else request.sampling.max_tokens)


def text_tokens(text: str) -> int:
    """Return an upper estimate of a text's tokens.

    >>> text_tokens("Revenue grew"), text_tokens("| 1,204.5 |")
    (4, 10)
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    single = sum(map(text.count, _SINGLE))
    return math.ceil((size - single) / _BYTES_PER_TOKEN) + single


def picture_tokens(picture: Picture) -> int:
    """Return an upper estimate of a picture's tokens; only the head of the file is read."""
    try:
        with Image.open(io.BytesIO(picture.bytes)) as image:
            pixels = image.width * image.height
    except (OSError, ValueError, Image.DecompressionBombError):
        return _UNREADABLE_PICTURE
    return pixels // _PIXELS_PER_TOKEN + _TOKENS_PER_PICTURE
