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
