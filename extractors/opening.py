"""Open a PDF that may be anything: what cannot be opened ends as an `ExtractionError` with its reason."""

import pymupdf

from extractors.options import ExtractOptions
from schemas.errors import ExtractionError, ReasonCode

# A header may be preceded by a little junk; readers search the first kilobyte for it.
_HEADER = b"%PDF-"
_HEADER_WINDOW = 1024
_MEGABYTE = 1024 * 1024
_UNKNOWN_LOCK = "unknown encryption"

# What the PDF library raises on a file or a page that it cannot digest. It also uses plain Python errors for damage
# that it meets half way (a page tree that loops, an object of the wrong type).
PDF_ERRORS = (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, TypeError, IndexError, KeyError, AttributeError)


def open_pdf(pdf: bytes, options: ExtractOptions) -> pymupdf.Document:
    """Open and unlock a document that is worth reading.

    Raises:
        ExtractionError: it is empty, no PDF, damaged, locked, without pages, or beyond the limits in `options`.
    """
    _check_bytes(pdf, options)
    quiet_library()
    document = _open(pdf)
    try:
        _unlock(document, options.password)
        _check_pages(document, options)
    except ExtractionError:
        document.close()
        raise
    return document


def count_pages(pdf: bytes, options: ExtractOptions) -> int:
    """Return how many pages a document has, if it can be opened at all.

    Raises:
        ExtractionError: as `open_pdf`.
    """
    document = open_pdf(pdf, options)
    try:
        return int(document.page_count)
    finally:
        document.close()


def quiet_library() -> None:
    """Keep the PDF library from writing its complaints to stderr: they are counted elsewhere, with the file's name."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


def _check_bytes(pdf: bytes, options: ExtractOptions) -> None:
    if not pdf:
        raise ExtractionError(ReasonCode.EMPTY_FILE, "the file is empty")
    if len(pdf) > options.max_megabytes * _MEGABYTE:
        size = len(pdf) / _MEGABYTE
        raise ExtractionError(
            ReasonCode.TOO_LARGE,
            f"the file has {size:.0f} MB, the limit is {options.max_megabytes} MB (recipe: extract.max_megabytes)",
        )
    if _HEADER not in pdf[:_HEADER_WINDOW]:
        raise ExtractionError(ReasonCode.NOT_A_PDF, "the file does not begin like a PDF (no %PDF- header)")


def _open(pdf: bytes) -> pymupdf.Document:
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        document = pymupdf.open(stream=pdf, filetype="pdf")
    except PDF_ERRORS as error:
        why = first_line(error.__cause__ or error)  # the library's own error says only that it failed
        if _UNKNOWN_LOCK in why:
            message = f"the file is encrypted in a way that no password opens ({why}); unlock it with its certificate"
            raise ExtractionError(ReasonCode.ENCRYPTED, message) from error
        raise ExtractionError(ReasonCode.DAMAGED, f"the file cannot be opened: {why}") from error
    if not document.is_pdf:
        document.close()
        raise ExtractionError(ReasonCode.NOT_A_PDF, "the file is of another kind than PDF")
    return document


def _unlock(document: pymupdf.Document, password: str | None) -> None:
    if not document.needs_pass:
        return
    if password is None:
        raise ExtractionError(
            ReasonCode.ENCRYPTED,
            "the file is encrypted; name an environment variable that holds its password (extract.password_variable)",
        )
    if not document.authenticate(password):
        raise ExtractionError(ReasonCode.WRONG_PASSWORD, "the password does not open the file")


def _check_pages(document: pymupdf.Document, options: ExtractOptions) -> None:
    try:
        count = document.page_count
    except PDF_ERRORS as error:
        raise ExtractionError(ReasonCode.DAMAGED, f"the page tree is damaged: {first_line(error)}") from error
    if count == 0 and (document.is_repaired or pymupdf.TOOLS.mupdf_warnings()):
        raise ExtractionError(ReasonCode.DAMAGED, "no page of the file can be found, its structure is damaged")
    if count == 0:
        raise ExtractionError(ReasonCode.NO_PAGES, "the file has no pages")
    if count > options.max_pages:
        raise ExtractionError(
            ReasonCode.TOO_MANY_PAGES,
            f"the file has {count} pages, the limit is {options.max_pages} (recipe: extract.max_pages)",
        )


def first_line(error: BaseException) -> str:
    """Return what an error says in one line, or its name when it says nothing."""
    text = error.what() if isinstance(error, pymupdf.mupdf.FzErrorBase) else str(error)
    return (text.splitlines() or [type(error).__name__])[0][:200]
