import io
import json
import random
import shutil
from pathlib import Path

import PIL.Image
import PIL.ImageDraw
import pymupdf
import pytest

from pipelines.cli import run
from pipelines.outcomes import publish
from pipelines.parts import write_part
from pipelines.splitting import picture_hash
from pipelines.workspace import open_workspace, writing
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, Modality, QuestionType, Stage
from schemas.recipe import Recipe
from schemas.records import Evidence, Provenance, Question

WORDS = [
    "river",
    "mean",
    "rain",
    "station",
    "gave",
    "litre",
    "month",
    "before",
    "against",
    "winter",
    "level",
    "rose",
    "fell",
    "gauge",
    "bank",
    "mill",
]


def _pdf(path: Path, station: int, *, note: str = "") -> None:
    with pymupdf.open() as document:
        chooser = random.Random(station)
        text = note + " ".join(chooser.choice(WORDS) for _ in range(400))
        document.new_page().insert_textbox((50, 50, 550, 800), text, fontsize=9)
        document.save(path)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("split")
    pdfs = root / "pdfs"
    pdfs.mkdir()
    for number in range(6):
        _pdf(pdfs / f"{number}.pdf", number * 11)
    _pdf(pdfs / "reprint.pdf", 11, note="Second printing, with a new cover line. ")
    workspace = str(root / "workspace")
    recipe = root / "recipe.yaml"
    recipe.write_text("extract: {profile: fast, page_dpi: 0}\n")
    assert run(["extract", str(pdfs), workspace, "--recipe", str(recipe)]) == 0
    with writing(workspace) as opened:
        draft = opened.begin(Stage.GENERATE)
        asked = [_question(place.doc_id, number) for place in opened.places() for number in range(2)]
        draft.stage(write_part(opened.folder, draft.staging, "qa", asked), "qa/generate-000.parquet")
        publish(draft, Recipe(), key="test", seconds=0)
    return workspace


def _question(doc_id: str, number: int) -> Question:
    place = Evidence(
        f"{doc_id}/p0000/paragraph1", doc_id, 0, "1", Box(0, 0, 9, 9), Modality.TEXT, EvidenceRole.ANSWER, "a", 0, 1
    )
    return Question(
        qa_id=f"{doc_id}/qa-{number}",
        question=f"What is number {number} in {doc_id}?",
        answer="a",
        answer_kind=AnswerKind.TEXT,
        question_type=QuestionType.FACTUAL_RETRIEVAL,
        answer_modality="text",
        evidence=(place,),
        provenance=Provenance("none", "0"),
    )


def test_a_reprint_shares_its_family_and_its_split(extracted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["split", extracted, "--json", "--seed", "3"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["leaks"] == []
    assert report["families"] == 6
    assert sum(report["questions"].values()) == 14
    opened = open_workspace(extracted)
    families = {row.doc_id: row.family_id for row in opened.records("documents")}
    reprint = {row.doc_id for row in opened.records("documents") if row.uri.endswith(("/1.pdf", "reprint.pdf"))}
    assert {families[doc_id] for doc_id in reprint} == {min(reprint)}
    assert len({row.split for row in opened.records("qa") if row.qa_id.partition("/")[0] in reprint}) == 1
    manifests = len(opened.manifests())
    assert run(["split", extracted, "--seed", "3"]) == 0
    assert len(open_workspace(extracted).manifests()) == manifests
    assert "nothing to do" in capsys.readouterr().err


def test_the_audit_changes_nothing_and_fails_on_a_leak(
    extracted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extracted = str(shutil.copytree(extracted, tmp_path / "workspace"))
    run(["split", extracted])
    with writing(extracted) as opened:
        draft = opened.begin(Stage.GENERATE)
        doc_id = opened.places()[0].doc_id
        draft.stage(write_part(opened.folder, draft.staging, "qa", [_question(doc_id, 9)]), "qa/more-000.parquet")
        publish(draft, Recipe(), key="more", seconds=0)
    before = len(open_workspace(extracted).manifests())
    assert run(["split", extracted, "--audit"]) == 1
    assert "evidence" in capsys.readouterr().err
    assert len(open_workspace(extracted).manifests()) == before
    assert run(["split", extracted]) == 0


def test_without_questions_or_shares_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _pdf(tmp_path / "a.pdf", 1)
    workspace, recipe = str(tmp_path / "w"), tmp_path / "r.yaml"
    recipe.write_text("extract: {profile: fast, page_dpi: 0}\nsplit: {train: 0, validation: 0, test: 0}\n")
    run(["extract", str(tmp_path / "a.pdf"), workspace, "--recipe", str(recipe)])
    assert run(["split", workspace]) == 2
    assert "corpusmill generate" in capsys.readouterr().err
    assert run(["split", workspace, "--recipe", str(recipe)]) == 2
    assert "give at least one of them a share" in capsys.readouterr().err


def _picture(shift: int = 0, scale: float = 1.0, kind: str = "PNG") -> bytes:
    picture = PIL.Image.new("L", (400, 560), 255)
    draw = PIL.ImageDraw.Draw(picture)
    for number in range(12):
        left = number * 31 % 170
        draw.rectangle((30 + left + shift, 30 + 42 * number, 200 + left, 44 + 42 * number), fill=number * 12)
    buffer = io.BytesIO()
    picture.resize((round(400 * scale), round(560 * scale))).save(buffer, kind)
    return buffer.getvalue()


def test_a_scan_keeps_its_hash_through_scale_and_compression() -> None:
    one, other = picture_hash(_picture()), picture_hash(_picture(1, 0.6, "JPEG"))
    assert one is not None
    assert other is not None
    assert (one ^ other).bit_count() <= 24


@pytest.mark.parametrize("data", [b"", b"not a picture"], ids=["empty", "broken"])
def test_a_picture_that_cannot_be_opened_has_no_hash(data: bytes) -> None:
    assert picture_hash(data) is None


def test_a_blank_page_has_no_hash() -> None:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (300, 400), "white").save(buffer, "PNG")
    assert picture_hash(buffer.getvalue()) is None
