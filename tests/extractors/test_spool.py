import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.messages import HEADER, Beat, Slice, pack, slices_of
from extractors.spool import Spool, gather
from schemas.errors import ExtractionError, ReasonCode, WorkspaceError
from schemas.geometry import Box
from schemas.kinds import ElementKind, LinkKind, Stage
from schemas.records import Document, Element, Extraction, Failure, Image, Link, Passage

ELEMENTS = tuple(Element(f"d/{n}", "d", n, 0, ElementKind.PARAGRAPH, Box(0, 0, 1, 1), str(n)) for n in range(1200))
EXTRACTION = Extraction(
    Document("d", "s", "u", 1, 1, "e", "1"),
    elements=ELEMENTS,
    links=(Link("d/0", "d/1", LinkKind.MENTIONS),),
    passages=(Passage("p", "d", ("d/0",), "0", (0,)),),
    images=tuple(Image(str(n), bytes([n]), "png", 1, 1) for n in range(40)),
    problems=(Failure(Stage.EXTRACT, "d/p0000", "page_failed", "broken"),),
)


def spooled(*reports: Slice | Beat) -> Spool:
    spool = Spool()
    for report in reports:
        spool.add(pack(report)[HEADER.size :])
    return spool


def test_an_extraction_comes_back_whole() -> None:
    with spooled(*slices_of(EXTRACTION)) as spool:
        assert gather(spool) == EXTRACTION
        assert gather(spool) == EXTRACTION  # it can be read again


def test_pictures_handed_over_early_stand_with_the_others() -> None:
    early = Slice("images", EXTRACTION.images[:1])
    with spooled(early, *slices_of(replace(EXTRACTION, images=EXTRACTION.images[1:]))) as spool:
        assert gather(spool) == EXTRACTION


@pytest.mark.parametrize(
    ("reports", "words"),
    [([], "no document"), ([Slice("__class__", ())], "no table"), ([Beat()], "no table")],
    ids=["nothing", "an unknown field", "no rows"],
)
def test_a_spool_holds_an_extraction_or_says_so(reports: list[Slice | Beat], words: str) -> None:
    with spooled(*reports) as spool, pytest.raises(ExtractionError, match=words) as caught:
        gather(spool)
    assert caught.value.reason_code is ReasonCode.CRASH


def test_without_room_on_disk_the_run_stops_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(WorkspaceError, match="TMPDIR"):
        Spool()
