"""One document's elements and links, indexed for those who write and check questions."""

from collections import defaultdict
from collections.abc import Iterable

from schemas.kinds import ElementKind, LinkKind
from schemas.records import Document, Element, Link, Page, Passage


class DocumentView:
    """Read-only access to a document by id and by link.

    Args:
        document: the document.
        pages: its pages, any order.
        elements: its elements, any order; they are kept by (page, order).
        links: its links.
        passages: its passages, in the order given.
    """

    def __init__(
        self,
        document: Document,
        pages: Iterable[Page],
        elements: Iterable[Element],
        links: Iterable[Link] = (),
        *,
        passages: Iterable[Passage] = (),
    ) -> None:
        """Index everything once."""
        self.document = document
        self.pages = {page.page_index: page for page in pages}
        self.elements = tuple(sorted(elements, key=_place))
        self.links = tuple(links)
        self.passages = tuple(passages)
        self._by_id = {element.element_id: element for element in self.elements}
        self._into: dict[tuple[str, LinkKind], list[Link]] = defaultdict(list)
        self._from: dict[tuple[str, LinkKind], list[Link]] = defaultdict(list)
        for link in self.links:
            self._into[link.target_id, link.kind].append(link)
            self._from[link.source_id, link.kind].append(link)

    def get(self, element_id: str) -> Element | None:
        """Return the element of that id, or None."""
        return self._by_id.get(element_id)

    def of_kind(self, *kinds: ElementKind) -> list[Element]:
        """Return the elements of these kinds in reading order."""
        return [element for element in self.elements if element.kind in kinds]

    def caption_of(self, element: Element) -> Element | None:
        """Return the caption tied to a table or figure, or None."""
        return next(
            (
                self._by_id[link.source_id]
                for link in self._into[element.element_id, LinkKind.CAPTION_OF]
                if link.source_id in self._by_id
            ),
            None,
        )

    def captioned(self, caption: Element) -> Element | None:
        """Return the table or figure that a caption is tied to, or None."""
        links = self._from[caption.element_id, LinkKind.CAPTION_OF]
        return next((self._by_id[link.target_id] for link in links if link.target_id in self._by_id), None)

    def mentions_of(self, element: Element) -> list[tuple[Element, Link]]:
        """Return (text element, link) for every place that names `element`, in reading order."""
        found = [
            (self._by_id[link.source_id], link)
            for link in self._into[element.element_id, LinkKind.MENTIONS]
            if link.source_id in self._by_id
        ]
        return sorted(found, key=lambda pair: (*_place(pair[0]), pair[1].anchor_start or 0))

    def mentioned_by(self, element: Element) -> list[tuple[Element, Link]]:
        """Return (target, link) for everything that `element` names."""
        return [
            (self._by_id[link.target_id], link)
            for link in self._from[element.element_id, LinkKind.MENTIONS]
            if link.target_id in self._by_id
        ]

    def page_label(self, page_index: int) -> str:
        """Return what is printed on the page, or its number from 1 where nothing is known."""
        page = self.pages.get(page_index)
        return page.page_label if page and page.page_label else str(page_index + 1)


def _place(element: Element) -> tuple[int, int]:
    return element.page_index, element.order
