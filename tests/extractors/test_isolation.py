import os
import resource
from collections.abc import Iterator

import pymupdf
import pytest

from extractors.isolation import close_workers, extract_into, extract_isolated
from extractors.messages import Task
from extractors.options import ExtractOptions
from extractors.spool import Spool
from schemas.errors import ExtractionError, ReasonCode
from schemas.records import Image

# Extractors that misbehave for real; the children import them by name.
MISBEHAVING = """
import os, time
from extractors.heartbeat import beat
from schemas.errors import ExtractionError, ReasonCode
from schemas.records import Document, Extraction

def good(pdf, options, *, uri=""):
    return Extraction(Document("d", "s", uri, len(pdf), 1, "good", str(os.getpid())))

def aborts(pdf, options, *, uri=""):
    os.abort()

def bug(pdf, options, *, uri=""):
    return {}["no such key"]

def refuses(pdf, options, *, uri=""):
    raise ExtractionError(ReasonCode.NO_TEXT, "nothing to read", page_index=3)

def loops(pdf, options, *, uri=""):
    beat()
    while True:
        pass

def hogs(pdf, options, *, uri=""):
    hoard = []
    while True:
        hoard.append(bytearray(8 << 20))
        time.sleep(0.005)

def bomb(pdf, options, *, uri=""):
    return bytes(40 << 30)

def chatters(pdf, options, *, uri=""):
    print("noise on stdout" * 1000)
    return good(pdf, options, uri=uri)

def smuggles(pdf, options, *, uri=""):
    return Extraction(Path("/"))

def forgets(pdf, options, *, uri=""):
    pass

def hands_over(pdf, options, *, uri=""):
    for n in range(80):
        hand_over([Image(str(n), bytes([n]) * 10_000_000, "png", 1, 1)])
    return good(pdf, options, uri=uri)

def gives_up(pdf, options, *, uri=""):
    hand_over([Image("1", b"picture", "png", 1, 1)])
    raise ExtractionError(ReasonCode.DAMAGED, "no further")

from pathlib import Path
from extractors.handover import hand_over
from schemas.records import Image
"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    document = pymupdf.open()
    document.new_page()
    return bytes(document.tobytes())


@pytest.fixture(scope="module", autouse=True)
def misbehaving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("extractors")
    (folder / "misbehaving.py").write_text(MISBEHAVING)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setattr("extractors.isolation._BASE_SECONDS", 1.0)
        close_workers()
        yield
        close_workers()


OPTIONS = ExtractOptions(seconds_per_page=60.0, memory_megabytes=400)


def test_a_process_serves_one_document_after_the_other(pdf: bytes) -> None:
    first, second = (extract_isolated("misbehaving:good", pdf, OPTIONS, "a.pdf") for _ in range(2))
    assert first.document.uri == "a.pdf"
    assert first.document.extractor_version == second.document.extractor_version != str(os.getpid())


@pytest.mark.parametrize(
    ("function", "reason", "words"),
    [
        ("aborts", ReasonCode.CRASH, "signal 6"),
        ("bug", ReasonCode.CRASH, "no such key"),
        ("refuses", ReasonCode.NO_TEXT, "nothing to read"),
        ("hogs", ReasonCode.OUT_OF_MEMORY, "400 MB"),
        ("bomb", ReasonCode.OUT_OF_MEMORY, "400 MB"),
        ("smuggles", ReasonCode.CRASH, "no report"),
        ("forgets", ReasonCode.CRASH, "returned no extraction"),
        ("gives_up", ReasonCode.DAMAGED, "no further"),
    ],
)
def test_what_goes_wrong_costs_the_document_alone(pdf: bytes, function: str, reason: ReasonCode, words: str) -> None:
    with pytest.raises(ExtractionError, match=words) as caught:
        extract_isolated(f"misbehaving:{function}", pdf, OPTIONS)
    assert (caught.value.reason_code, caught.value.retryable) == (reason, False)


def test_the_next_document_is_read_by_another_process(pdf: bytes) -> None:
    before = extract_isolated("misbehaving:good", pdf, OPTIONS)
    with pytest.raises(ExtractionError):
        extract_isolated("misbehaving:aborts", pdf, OPTIONS)
    after = extract_isolated("misbehaving:good", pdf, OPTIONS)
    assert before.document.extractor_version != after.document.extractor_version


def test_a_hang_is_ended_and_can_be_tried_again(pdf: bytes) -> None:
    options = ExtractOptions(seconds_per_page=8.0)
    with pytest.raises(ExtractionError) as caught:
        extract_isolated("misbehaving:loops", pdf, options)
    assert (caught.value.reason_code, caught.value.retryable) == (ReasonCode.TIMEOUT, True)
    assert caught.value.page_index == 1


def test_pictures_pass_through_both_processes_without_filling_their_memory(pdf: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Spool() as spool:
        extract_into(spool, Task("misbehaving:hands_over", pdf, ExtractOptions(memory_megabytes=300), "a.pdf"))
        sizes = [len(image.bytes) for part in spool for image in part.rows if isinstance(image, Image)]
    assert sizes == [10_000_000] * 80
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_what_is_printed_does_not_spoil_the_messages(pdf: bytes) -> None:
    assert extract_isolated("misbehaving:chatters", pdf, OPTIONS).document.doc_id == "d"


def test_a_file_that_cannot_be_opened_never_reaches_the_extractor() -> None:
    with pytest.raises(ExtractionError) as caught:
        extract_isolated("misbehaving:good", b"plain text", OPTIONS)
    assert caught.value.reason_code is ReasonCode.NOT_A_PDF
