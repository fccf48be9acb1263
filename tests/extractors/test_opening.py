import pymupdf
import pytest

from extractors.opening import count_pages, open_pdf
from extractors.options import ExtractOptions
from schemas.errors import ExtractionError, ReasonCode


def make_pdf(pages: int = 1, **save: object) -> bytes:
    document = pymupdf.open()
    for _ in range(pages):
        document.new_page().insert_text((72, 72), "text")
    return bytes(document.tobytes(**save))


def locked() -> bytes:
    return make_pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner")


def by_certificate() -> bytes:
    return locked().replace(b"/Filter/Standard", b"/Filter/Adobe.PubSec")


NO_PAGES = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
INDEX = b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \ntrailer<</Size 3/Root 1 0 R>>\n"


@pytest.mark.parametrize(
    ("pdf", "options", "reason"),
    [
        (b"", ExtractOptions(), ReasonCode.EMPTY_FILE),
        (b"<html>not a pdf</html>", ExtractOptions(), ReasonCode.NOT_A_PDF),
        (b"%PDF-1.7\n" + b"x" * 100, ExtractOptions(), ReasonCode.DAMAGED),
        (make_pdf(3), ExtractOptions(max_pages=2), ReasonCode.TOO_MANY_PAGES),
        (b"%PDF-" + bytes(1 << 20), ExtractOptions(max_megabytes=1), ReasonCode.TOO_LARGE),
        (locked(), ExtractOptions(), ReasonCode.ENCRYPTED),
        (locked(), ExtractOptions(password="wrong"), ReasonCode.WRONG_PASSWORD),
        (by_certificate(), ExtractOptions(), ReasonCode.ENCRYPTED),
        (NO_PAGES + INDEX + b"startxref\n%d\n%%%%EOF\n" % len(NO_PAGES), ExtractOptions(), ReasonCode.NO_PAGES),
        (NO_PAGES + b"trailer<</Root 1 0 R>>\n%%EOF\n", ExtractOptions(), ReasonCode.DAMAGED),
    ],
)
def test_what_cannot_be_opened_says_why(pdf: bytes, options: ExtractOptions, reason: ReasonCode) -> None:
    with pytest.raises(ExtractionError) as caught:
        open_pdf(pdf, options)
    assert caught.value.reason_code is reason


def test_a_password_opens_and_does_not_show() -> None:
    options = ExtractOptions(password="secret")
    assert count_pages(locked(), options) == 1
    assert "secret" not in repr(options)


def test_what_the_library_says_of_the_cause_is_told() -> None:
    with pytest.raises(ExtractionError, match="no objects found"):
        open_pdf(b"%PDF-1.7\n" + b"x" * 100, ExtractOptions())
