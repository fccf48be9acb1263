"""The record of a page, from what was read and what was found on it."""

from collections.abc import Iterable
from typing import Final

from extractors.raw import Block, RawPage
from schemas.kinds import ElementKind, Modality
from schemas.records import Image, Page

OBJECT_MODALITIES: Final = {ElementKind.TABLE: Modality.TABLE, ElementKind.FIGURE: Modality.FIGURE}


def page_record(doc_id: str, raw: RawPage, blocks: Iterable[Block], *, picture: Image | None) -> Page:
    """Return the page with the modalities of its blocks; every block that is no table or figure is text."""
    found = {OBJECT_MODALITIES.get(block.kind, Modality.TEXT) for block in blocks}
    return Page(
        doc_id=doc_id,
        page_index=raw.page_index,
        page_label=raw.page_label,
        width=raw.width,
        height=raw.height,
        rotation=raw.rotation,
        modalities=tuple(modality for modality in Modality if modality in found),
        text_source=raw.text_source,
        image_id=picture.image_id if picture else None,
    )
