"""What `unstructured` sees in a PDF: its elements, page by page, with boxes on the displayed page.

Its own `fast` strategy fetches a language model for English when it is missing, and gives nothing when it cannot. So
the same layout analysis (pdfminer's, as `unstructured` sets it up) is asked for here directly; it needs no model.
"""

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from extractors.heartbeat import beat
from extractors.options import ExtractOptions
from extractors.unstructured_strategy import Strategy, refusal
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box, box

_LEAST_FIGURE = 40.0


class Part(NamedTuple):
    """An element of `unstructured`: its category, text and HTML; `bbox` is in parts of a page of size `frame`."""

    category: str
    text: str
    bbox: Box
    frame: tuple[float, float]
    html: str | None = None


def read_parts(pdf: bytes, options: ExtractOptions, strategy: Strategy) -> dict[int, list[Part]]:
    """Return the parts by page index.

    Raises:
        ExtractionError: the file cannot be read, or a model turns out to be missing.
    """
    return _read_hi_res(pdf, options) if strategy is Strategy.HI_RES else _read_fast(pdf, options)


def parts_of(elements: list[Any]) -> dict[int, list[Part]]:
    """Return the elements of a partition as parts; those without a place on a page are left out."""
    pages: dict[int, list[Part]] = defaultdict(list)
    for element in elements:
        metadata = element.metadata
        place = metadata.coordinates
        if place is None or not place.points or metadata.page_number is None:
            continue
        across, down = zip(*place.points, strict=True)
        bbox = box(min(across), min(down), max(across), max(down))
        frame = (float(place.system.width), float(place.system.height))
        part = Part(element.category, element.text or "", bbox, frame, metadata.text_as_html)
        pages[metadata.page_number - 1].append(part)
    return dict(pages)


def _read_hi_res(pdf: bytes, options: ExtractOptions) -> dict[int, list[Part]]:
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled  # type: ignore[import-not-found,unused-ignore]
    from unstructured.partition.pdf import partition_pdf

    try:
        elements = partition_pdf(
            file=BytesIO(pdf), strategy=Strategy.HI_RES.value, infer_table_structure=True, password=options.password
        )
    except (LocalEntryNotFoundError, OfflineModeIsEnabled, HFValidationError) as error:
        raise refusal(Strategy.HI_RES, f"a model is not in the Hugging Face cache ({error})") from error
    return parts_of(elements)


def _read_fast(pdf: bytes, options: ExtractOptions) -> dict[int, list[Part]]:
    pages: dict[int, list[Part]] = {}
    for page_index, layout in enumerate(_layouts(pdf, options.password or "")):
        pages[page_index] = list(_parts(layout))
        beat()
    return pages


def _layouts(pdf: bytes, password: str) -> Iterator[Any]:
    from pdfminer.pdfexceptions import PDFException  # type: ignore[import-not-found,unused-ignore]
    from pdfminer.pdfpage import PDFPage  # type: ignore[import-not-found,unused-ignore]
    from pdfminer.psexceptions import PSException  # type: ignore[import-not-found,unused-ignore]
    from unstructured.partition.pdf_image.pdfminer_utils import init_pdfminer

    device, interpreter = init_pdfminer()
    try:
        for page in PDFPage.get_pages(BytesIO(pdf), password=password):
            interpreter.process_page(page)
            yield device.get_result()
    except (PDFException, PSException, ValueError, TypeError, LookupError, AssertionError) as error:
        raise ExtractionError(ReasonCode.DAMAGED, f"pdfminer cannot read the file: {error}") from error


def _parts(layout: Any) -> Iterator[Part]:
    from unstructured.partition.pdf_image.pdfminer_utils import get_text_with_deduplication, rect_to_bbox
    from unstructured.partition.text_type import is_bulleted_text
    from unstructured.partition.utils.config import env_config

    frame = (float(layout.width), float(layout.height))
    for item in layout:
        bbox = box(*rect_to_bbox(item.bbox, layout.height))
        if hasattr(item, "get_text"):
            text = " ".join(get_text_with_deduplication(item, env_config.PDF_CHAR_DUPLICATE_THRESHOLD).split())
            if text:
                yield Part("ListItem" if is_bulleted_text(text) else "Text", text, bbox, frame)
        elif type(item).__name__ in ("LTFigure", "LTImage") and min(bbox.width, bbox.height) >= _LEAST_FIGURE:
            yield Part("Image", "", bbox, frame)
