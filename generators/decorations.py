"""Figures that show nothing to ask about: logos, banners, shades and lines that no caption or sentence speaks of."""

from collections import Counter
from functools import lru_cache
from typing import Final

from generators.document_view import DocumentView
from schemas.kinds import ElementKind
from schemas.records import Element

_LEAST_WORDS: Final = 3
_SMALL_SHARE: Final = 0.04
_STRIP: Final = 4.0


@lru_cache(maxsize=16)
def decorations(view: DocumentView) -> frozenset[str]:
    """Return the ids of a document's figures that are ornament.

    What a caption names or the text mentions is none, whatever it looks like. Of the others, a picture that comes on
    two or more pages is one, and what holds less than three words and is small (4 % of its page) or a strip (four
    times as long as wide).
    """
    figures = [item for item in view.of_kind(ElementKind.FIGURE) if not _is_spoken_of(item, view)]
    seen = {(item.image_id, item.page_index) for item in view.of_kind(ElementKind.FIGURE)}
    pages = Counter(image_id for image_id, _ in seen if image_id is not None)
    repeated = {image_id for image_id, number in pages.items() if number > 1}
    return frozenset(
        item.element_id for item in figures if item.image_id in repeated or (_is_mute(item) and _is_slight(item, view))
    )


def _is_spoken_of(figure: Element, view: DocumentView) -> bool:
    return view.caption_of(figure) is not None or bool(view.mentions_of(figure))


def _is_mute(figure: Element) -> bool:
    return sum(any(map(str.isalnum, word)) for word in figure.text.split()) < _LEAST_WORDS


def _is_slight(figure: Element, view: DocumentView) -> bool:
    page = view.pages.get(figure.page_index)
    short, long = sorted((figure.bbox.width, figure.bbox.height))
    small = page is not None and figure.bbox.area < _SMALL_SHARE * page.width * page.height
    return small or long >= _STRIP * short
