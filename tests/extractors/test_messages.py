import pickle
from io import BytesIO
from pathlib import Path

import pytest

from extractors.heartbeat import beat, listening
from extractors.messages import (
    HEADER,
    Beat,
    Opened,
    Outcome,
    Report,
    Slice,
    Task,
    pack,
    read_task,
    send_task,
    slices_of,
    unpack_report,
)
from extractors.options import ExtractOptions
from schemas.errors import ExtractionError, ReasonCode
from schemas.geometry import Box
from schemas.kinds import ElementKind
from schemas.records import Cell, Document, Element, Extraction, Image

EXTRACTION = Extraction(
    Document("d", "s", "u", 1, 1, "e", "1"),
    elements=(Element("d/p0000/table1", "d", 0, 0, ElementKind.TABLE, Box(0, 0, 1, 1), "", cells=(Cell(0, 0, "x"),)),),
    images=(Image("i", b"\x89PNG", "png", 1, 1),),
)


@pytest.mark.parametrize("report", [Opened(3), Beat(), Outcome(), *slices_of(EXTRACTION)], ids=repr)
def test_reports_arrive_as_they_were_sent(report: Report) -> None:
    assert unpack_report(pack(report)[HEADER.size :]) == report


def test_errors_keep_their_reason() -> None:
    sent = Outcome(error=ExtractionError(ReasonCode.DAMAGED, "broken", 4, retryable=True))
    error = unpack_report(pack(sent)[HEADER.size :]).error  # type: ignore[union-attr]
    assert error is not None
    assert (error.reason_code, error.message, error.page_index, error.retryable) == ("damaged", "broken", 4, True)


@pytest.mark.parametrize(
    "body",
    [
        pickle.dumps(Path("/")),
        pickle.dumps(eval),
        # The records' module imports the builtins: they are not to be had through it.
        b"\x80\x04\x8c\x0fschemas.records\x8c\x0dbuiltins.eval\x93\x8c\x031+1\x85R.",
        b"\x80\x04\x8c\x0fschemas.records\x8c\x03Box\x93(K\x00K\x00K\x01K\x01tR.",
        pickle.dumps("text"),
        b"",
        b"\x80garbage",
    ],
    ids=["foreign class", "function", "attribute", "imported name", "plain value", "nothing", "noise"],
)
def test_nothing_but_our_records_is_taken_from_a_child(body: bytes) -> None:
    with pytest.raises(ExtractionError) as caught:
        unpack_report(body)
    assert caught.value.reason_code is ReasonCode.CRASH


def test_rows_go_in_slices_and_the_document_last() -> None:
    images = tuple(Image(str(n), b"", "png", 1, 1) for n in range(20))
    slices = list(slices_of(Extraction(EXTRACTION.document, elements=EXTRACTION.elements * 1001, images=images)))
    assert slices[-1] == Slice("document", (EXTRACTION.document,))
    assert [len(part.rows) for part in slices if part.part == "elements"] == [500, 500, 1]
    assert tuple(image for part in slices if part.part == "images" for image in part.rows) == images
    assert len([part for part in slices if part.part == "images"]) > 1


def test_tasks_are_read_until_the_pipe_closes() -> None:
    task = Task("module:function", b"%PDF-", ExtractOptions(password="secret"), "a.pdf")
    stream = BytesIO()
    send_task(stream, task)
    send_task(stream, task)
    stream.seek(0)
    assert [read_task(stream), read_task(stream), read_task(stream)] == [task, task, None]


def test_beats_are_heard_inside_the_block_alone() -> None:
    heard: list[str] = []
    beat()
    with listening(lambda: heard.append("beat")):
        beat()
        beat()
    beat()
    assert heard == ["beat", "beat"]
