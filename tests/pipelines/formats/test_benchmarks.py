"""Every format: what it writes is read again, ids survive, and nothing private leaves."""

import ast
import csv
import importlib.util
import io
import json
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import PIL.Image
import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from generators.document_view import DocumentView
from generators.pools import PoolItem
from pipelines.exporting import ExportJob, export_dataset, plan_units, write_unit
from pipelines.formats.asked import Asked, Relevant
from pipelines.formats.catalog import FORMATS
from pipelines.formats.mmlongbench import answer_format, answer_text
from pipelines.formats.sentence_tuples import _triplets
from pipelines.formats.shape import Encoding, LeftOut
from pipelines.formats.source import DatasetSource
from pipelines.outcomes import RunOutcome
from pipelines.shards import ShardLimits
from pipelines.storage import Folder
from pipelines.workspace import DocumentPlace, Workspace
from schemas.arrow import from_table, to_table
from schemas.kinds import AnswerKind, CandidateKind, Operation
from schemas.recipe import Recipe
from schemas.records import Document, Program
from schemas.triplets import Candidate

_PATH = Path(__file__).with_name("pool_corpus.py")
_SPEC = importlib.util.spec_from_file_location("pool_corpus", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
pool_corpus = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pool_corpus)

FIRST, SECOND = pool_corpus.FIRST, pool_corpus.SECOND
TABLE, PASSAGE = pool_corpus.TABLES[FIRST], pool_corpus.PASSAGES[FIRST]
NAMES = [format.name for format in FORMATS]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("corpus") / "workspace")
    pool_corpus.commit_pools(folder)
    return folder


@pytest.fixture(scope="module")
def exported(workspace: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, RunOutcome]]:
    made = {}
    for name in NAMES:
        folder = tmp_path_factory.mktemp("exported") / name
        made[name] = folder, export_dataset(workspace, str(folder), Recipe(), format=name)
    return made


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(path: Path) -> list[dict[str, Any]]:
    return [row for file in sorted(path.glob("*.parquet")) for row in pq.read_table(file).to_pylist()]


class CountingWorkspace(Workspace):
    """A workspace that remembers which documents were read."""

    def __init__(self, folder: Folder) -> None:
        super().__init__(folder)
        self.read_ids: list[str] = []

    def view(self, place: DocumentPlace) -> DocumentView:
        self.read_ids.append(place.doc_id)
        return super().view(place)


@pytest.mark.parametrize(("name", "times"), [("beir", 1), ("universalrag", 1), ("limit", 2)])
def test_a_document_is_read_once_for_all_configs(
    workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, times: int
) -> None:
    # No more than one document is held, as if there were many; LIMIT looks through all of them before it writes.
    monkeypatch.setattr("pipelines.formats.source._DOCUMENTS_HELD", 1)
    monkeypatch.setattr("pipelines.checking._VIEWS_KEPT", 1)
    counting = CountingWorkspace(Folder(workspace))
    source = DatasetSource(counting)
    # Evidence and mined candidates in other documents would be read besides.
    monkeypatch.setattr(source, "questions", {doc_id: () for doc_id in source.places}.__getitem__)
    monkeypatch.setattr(source, "triplets", {doc_id: {} for doc_id in source.places}.__getitem__)
    (unit,) = plan_units(source)
    write_unit(source, unit, ExportJob(workspace, Folder(str(tmp_path)), name, ShardLimits(100, 1 << 20)))
    assert Counter(counting.read_ids) == dict.fromkeys(source.places, times)


@pytest.mark.parametrize("name", NAMES)
def test_checksums_cover_every_file_and_hold(exported: Any, name: str) -> None:
    folder, outcome = exported[name]
    listed = {line[66:] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there - listed == {"SHA256SUMS"}
    assert (
        subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False).returncode == 0
    )
    assert json.loads((folder / "corpusmill.json").read_text())["rows"] == outcome.counts
    assert next(iter(outcome.counts.values())) > 0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_private_or_absolute_leaves(exported: Any, workspace: str, name: str) -> None:
    folder, _ = exported[name]
    texts = [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    texts += [json.dumps(pq.read_table(path).to_pylist(), default=repr) for path in folder.rglob("*.parquet")]
    for private in (pool_corpus.SECRET, "somebody", workspace, str(folder)):
        assert [text for text in texts if private in text] == []
    assert [path for path in folder.rglob("*") if not path.name.isascii() or " " in path.name] == []


@pytest.mark.parametrize("format", FORMATS, ids=NAMES)
def test_the_datasets_library_opens_every_config_of_the_card(exported: Any, tmp_path: Path, format: Any) -> None:
    folder, outcome = exported[format.name]
    for name, rows in outcome.counts.items():
        if not rows or format.config(name).encoding in (Encoding.TABBED, Encoding.SPACED):
            continue
        splits = load_dataset(str(folder), name, cache_dir=str(tmp_path))
        numbers = [splits[split].num_rows for split in splits]
        assert (set(numbers) == {rows}) if format.config(name).shared else (sum(numbers) == rows)


@pytest.mark.parametrize("name", NAMES)
def test_the_card_has_the_lines_that_load_it(exported: Any, name: str) -> None:
    folder, outcome = exported[name]
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert '"PATH' in card
    for config, rows in outcome.counts.items():
        assert f"| {config} | {rows} |" in card


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("huggingface", "mmlongbench")])
def test_unanswerable_questions_are_left_out_and_that_is_said(exported: Any, name: str) -> None:
    folder, outcome = exported[name]
    assert "left out: unanswerable questions (" in outcome.message
    assert "unanswerable questions" in (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in (".json", ".jsonl", ".tsv", ".txt"):
            assert pool_corpus.UNANSWERABLE not in path.read_text(encoding="utf-8")


def test_beir_has_a_qrels_file_for_each_split(exported: Any, workspace: str) -> None:
    folder, _ = exported["beir"]
    corpus = {row["_id"]: row for row in lines(folder / "corpus.jsonl")}
    queries = {row["_id"] for row in lines(folder / "queries.jsonl")}
    found = {}
    for split in ("train", "test"):
        with (folder / "qrels" / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
            found[split] = list(csv.DictReader(file, delimiter="\t"))
    grades = [row for rows in found.values() for row in rows]
    assert {row["query-id"] for row in grades} == queries == set(pool_corpus.questions(workspace))
    assert {row["corpus-id"] for row in grades} <= set(corpus)
    assert found["train"] == [{"query-id": pool_corpus.TEXT_QUESTION, "corpus-id": PASSAGE, "score": "2"}]
    wide = {row["corpus-id"] for row in grades if row["query-id"] == pool_corpus.WIDE_QUESTION}
    assert wide == set(pool_corpus.TABLES.values())


def test_text_of_a_table_begins_with_its_caption(exported: Any) -> None:
    corpus = {row["_id"]: row for row in lines(exported["beir"][0] / "corpus.jsonl")}
    assert corpus[TABLE]["text"].startswith("Table 1: profit\nyear\tprofit")
    assert corpus[PASSAGE]["text"] == pool_corpus.corpus.ODD_TEXT
    assert corpus[TABLE]["metadata"] == {"kind": "table", "doc_id": FIRST, "page_indices": [0]}


def test_mteb_has_a_pool_of_text_and_one_of_pages(exported: Any) -> None:
    folder, outcome = exported["mteb"]
    assert outcome.counts == {
        **{"text-corpus": 4, "text-queries": 6, "text-qrels": 7},
        **{"pages-corpus": 6, "pages-queries": 6, "pages-qrels": 7},
    }
    assert {row["corpus-id"] for row in table(folder / "pages-qrels")} == {
        f"{FIRST}/p0000",
        f"{FIRST}/p0001",
        f"{SECOND}/p0000",
    }
    compile((folder / "mteb_tasks.py").read_text(), "mteb_tasks.py", "exec")


def test_vidore_numbers_lead_back_to_our_ids(exported: Any, workspace: str) -> None:
    for name, dash in (("vidore-v2", "-"), ("vidore-v3", "_")):
        folder, _ = exported[name]
        pages = {row[f"corpus{dash}id"]: row["id"] for row in table(folder / "corpus")}
        queries = {row[f"query{dash}id"]: row["id"] for row in table(folder / "queries")}
        assert list(pages) == list(range(6))
        assert set(queries.values()) == set(pool_corpus.questions(workspace))
        pairs = {(queries[row[f"query{dash}id"]], pages[row[f"corpus{dash}id"]]) for row in table(folder / "qrels")}
        assert (pool_corpus.TEXT_QUESTION, f"{FIRST}/p0001") in pairs
        assert len(pairs) == 7


def test_vidore_v3_boxes_are_in_pixels_of_the_page_picture(exported: Any) -> None:
    folder, _ = exported["vidore-v3"]
    row = next(row for row in table(folder / "qrels") if row["content_type"] == ["Table"])
    # The page is 612 x 792 points, its picture 20 x 10 pixels; the table is at (10, 20, 110, 220).
    assert row["bounding_boxes"] == [{"annotator": 0, "x1": 0, "y1": 0, "x2": 4, "y2": 3}]
    documents = table(folder / "documents_metadata")
    assert [(row["page_number"], row["visual_types"]) for row in documents] == [(3, [])] * 2
    assert [row["page_number_in_doc"] for row in table(folder / "corpus")] == [0, 1, 2] * 2


def test_mbeir_queries_and_candidates_meet(exported: Any, workspace: str) -> None:
    folder, _ = exported["m-beir"]
    pool = {row["did"]: row for row in lines(folder / "cand_pool/local/mbeir_corpusmill_cand_pool.jsonl")}
    queries = [
        row for split in ("train", "test") for row in lines(folder / f"query/{split}/mbeir_corpusmill_{split}.jsonl")
    ]
    assert {json.loads(row["query_src_content"])["id"] for row in queries} == set(pool_corpus.questions(workspace))
    for row in queries:
        # The reader's own rule: one modality for all positives, and integers behind the colon.
        assert len({pool[did]["modality"] for did in row["pos_cand_list"]}) == 1
        assert all(did in pool for did in row["neg_cand_list"])
        assert row["qid"].startswith("100:")
    assert len({row["qid"] for row in queries}) == len(queries)
    grades = [
        line.split(" ") for line in (folder / "qrels/test/mbeir_corpusmill_test_qrels.txt").read_text().splitlines()
    ]
    assert {(len(row), row[1], row[3], row[4]) for row in grades} == {(5, "0", "2", "2")}
    with PIL.Image.open(folder / next(row["img_path"] for row in pool.values() if row["img_path"])) as picture:
        assert (picture.format, min(picture.size)) == ("JPEG", 256)


def test_mmeb_targets_begin_with_the_gold_page(exported: Any) -> None:
    folder, _ = exported["mmeb"]
    row = next(row for row in lines(folder / "eval/train.jsonl") if row["query_id"] == pool_corpus.TEXT_QUESTION)
    assert row["tgt_ids"] == [f"{FIRST}/p0001", f"{FIRST}/p0000", f"{FIRST}/p0002"]
    assert len(row["tgt_text"]) == len(row["tgt_img_path"]) == 3
    assert all((folder / path).is_file() for path in row["tgt_img_path"])


def test_mmeb_pairs_have_the_columns_of_their_parser_and_no_others(exported: Any) -> None:
    folder, outcome = exported["mmeb"]
    plain, hard, ids = (
        [row for path in sorted((folder / name).glob("*.jsonl")) for row in lines(path)]
        for name in ("train", "hard_negatives", "ids")
    )
    assert {tuple(row) for row in plain} == {("qry", "qry_image_path", "pos_text", "pos_image_path")}
    assert {tuple(row) for row in hard} == {(*plain[0], "neg_text", "neg_image_path")}
    assert len(ids) == len(plain) >= len(hard) == outcome.counts["hard_negatives"] > 0
    for row in hard:
        assert 0 < len(row["neg_text"]) == len(row["neg_image_path"])
        paths = [path for path in (row["pos_image_path"], *row["neg_image_path"]) if path]
        assert all((folder / path).is_file() for path in paths)
    places = [row["pos_id"].replace("/", "-").partition("-")[2] for row in ids]
    assert [Path(row["pos_image_path"]).stem for row in plain if row["pos_image_path"]] == [
        place for place, row in zip(places, plain, strict=True) if row["pos_image_path"]
    ]


@pytest.mark.parametrize(
    ("name", "corpus", "key", "positives", "negatives"),
    [
        ("tevatron", "corpus", "docid", "positive_document_ids", "negative_document_ids"),
        ("colpali", "corpus", "docid", "pos_target", "neg_target"),
    ],
)
def test_ids_of_training_rows_are_in_the_corpus(
    exported: Any, name: str, corpus: str, key: str, positives: str, negatives: str
) -> None:
    folder, _ = exported[name]
    held = {row[key] for row in table(folder / corpus)}
    rows = table(folder / "train")
    assert len(rows) == 6
    for row in rows:
        assert row[positives]
        assert row[negatives]
        assert {*row[positives], *row[negatives]} <= held
        assert not set(row[positives]) & set(row[negatives])


def test_tuples_have_their_columns_in_order_and_nothing_else(exported: Any) -> None:
    folder, outcome = exported["sentence-transformers"]
    assert list(table(folder / "triplets")[0]) == ["query", "positive", "negative"]
    assert outcome.counts["tuples"] == 0 or "negative_4" in table(folder / "tuples")[0]
    assert "mined candidates that are gone" in outcome.message


def test_unime_rows_have_ten_scored_negatives(exported: Any) -> None:
    folder, _ = exported["unime"]
    rows = [
        row for path in folder.glob("*.json") if path.name != "corpusmill.json" for row in json.loads(path.read_text())
    ]
    assert len(rows) == 6
    for row in rows:
        assert len(row["hard_negatives"]) == len(row["hard_negatives_scores"]) == 10
        assert [type(part) for pair in row["hard_negatives"] for part in pair] == [str] * 20
        assert all((folder / path).is_file() for _, path in row["hard_negatives"] if path)
    assert {row["query_pos_scores"] for row in rows} >= {0.9}


def test_unidoc_pages_count_from_one(exported: Any) -> None:
    folder, _ = exported["unidoc"]
    rows = {row["id"]: row for row in table(folder / "questions")}
    row = rows[pool_corpus.WIDE_QUESTION]
    assert [path.rpartition("_page_")[2] for path in row["gt_image_paths"]] == ["0001.png", "0001.png"]
    assert len(row["longdoc_image_paths"]) == 6
    assert all((folder / path).is_file() for path in row["longdoc_image_paths"])
    assert (row["answer_type"], row["domain"]) == ("table_required", "general")


def test_mmlongbench_lists_stand_in_texts(exported: Any) -> None:
    folder, outcome = exported["mmlongbench"]
    rows = {
        row["id"]: row
        for split in ("test", "train")
        for row in json.loads((folder / f"samples_{split}.json").read_text())
    }
    text, none = rows[pool_corpus.TEXT_QUESTION], rows[pool_corpus.UNANSWERABLE]
    assert (text["evidence_pages"], text["evidence_sources"]) == ("[2]", "['Pure-text (Plain-text)']")
    assert (none["answer"], none["answer_format"], none["evidence_pages"]) == ("Not answerable", "None", "[]")
    assert pool_corpus.WIDE_QUESTION not in rows
    assert "questions over several documents (1)" in outcome.message


def test_mmlongbench_answers_that_are_lists_can_be_taken_apart(workspace: str) -> None:
    model = pool_corpus.questions(workspace)[pool_corpus.TEXT_QUESTION]
    told = {
        "Kiel, Ulm and Bonn": ["Kiel", "Ulm", "Bonn"],
        "Smith, John; Doe, Jane": ["Smith, John", "Doe, Jane"],
        "the widow's, the orphan's": ["the widow's", "the orphan's"],
    }
    for answer, items in told.items():
        listed = replace(model, answer=answer, answer_kind=AnswerKind.LIST, program=None)
        assert ast.literal_eval(answer_text(listed)) == items
        assert answer_format(listed) == "List"
    run = Program(Operation.TOP, (), "Washington, D.C.; Maryland")
    assert answer_text(replace(model, answer="x", answer_kind=AnswerKind.LIST, program=run)) == (
        "['Washington, D.C.', 'Maryland']"
    )


def test_tevatron_scores_stand_where_its_loaders_look(exported: Any) -> None:
    rows = table(exported["tevatron"][0] / "distillation")
    assert rows
    for row in rows:
        parts = row["positive_passages"] + row["negative_passages"]
        assert row["positive_passages"]
        assert row["negative_passages"]
        assert [part["docid"] for part in parts] == [passage["docid"] for passage in row["passages"]]
        assert [part["score"] for part in parts] == row["scores"]


def test_unime_takes_no_rank_for_a_probability(tmp_path: Path) -> None:
    url = str(tmp_path / "workspace")
    pool_corpus.commit_pools(url, judged=False)
    export_dataset(url, str(tmp_path / "d"), Recipe(), format="unime")
    rows = json.loads((tmp_path / "d" / "train.json").read_text())
    assert {row["query_pos_scores"] for row in rows} == {1.0}
    assert {score for row in rows for score in row["hard_negatives_scores"]} == {0.0}


def test_a_figure_without_a_word_is_no_text_to_train_on(workspace: str) -> None:
    blank, said = (
        PoolItem(name, CandidateKind.FIGURE, FIRST, (), (0,), text) for name, text in (("a", " "), ("b", "B"))
    )
    asked = Asked(
        pool_corpus.questions(workspace)[pool_corpus.TEXT_QUESTION],
        (Relevant(blank, 2, (0,)), Relevant(said, 2, (0,))),
        tuple((one, Candidate(one.candidate_id, CandidateKind.FIGURE)) for one in (blank, said)),
    )
    source: Any = None
    assert [row["negative"] for row in _triplets(source, asked) if isinstance(row, dict)] == ["B"]
    wordless = replace(asked, relevant=asked.relevant[:1])
    assert list(_triplets(source, wordless)) == [LeftOut("questions whose answer stands in a picture without text")]


def test_limit_has_the_questions_and_its_patterns(exported: Any, workspace: str) -> None:
    folder, outcome = exported["limit"]
    corpus, queries, qrels = (lines(folder / f"{name}.jsonl") for name in ("corpus", "queries", "qrels"))
    assert list(corpus[0]) == ["_id", "title", "text"]
    assert {row["title"] for row in corpus} == {""}
    assert (
        {row["_id"] for row in queries} == {row["query-id"] for row in qrels} == set(pool_corpus.questions(workspace))
    )
    assert {row["corpus-id"] for row in qrels} <= {row["_id"] for row in corpus}
    assert all((folder / pattern / "qrels.jsonl").is_file() for pattern in ("random", "cycle", "disjoint", "dense"))
    assert "dense-corpus" in outcome.counts


def test_universalrag_routes(exported: Any) -> None:
    folder, _ = exported["universalrag"]
    rows = {
        row["index"]: row for split in ("test", "train") for row in json.loads((folder / f"{split}.json").read_text())
    }
    text, wide = rows[pool_corpus.TEXT_QUESTION], rows[pool_corpus.WIDE_QUESTION]
    assert (text["gt_retrieval"], text["gt_texts"], text["gt_images"]) == (
        "paragraph",
        [pool_corpus.corpus.ODD_TEXT],
        [],
    )
    assert (wide["gt_retrieval"], len(wide["gt_images"])) == ("image", 2)
    assert all((folder / path).is_file() for path in wide["gt_images"])


def test_cmrag_regions_lie_on_their_page(exported: Any) -> None:
    folder, _ = exported["cmrag"]
    pages = {row["page_id"]: row for row in lines(folder / "pages.jsonl")}
    regions = {region["id"]: (page, region) for page in pages.values() for region in page["regions"]}
    for row in [*lines(folder / "queries_test.jsonl"), *lines(folder / "queries_train.jsonl")]:
        for name in row["region_ids"]:
            page, region = regions[name]
            assert page["page_id"] in {one["page_id"] for one in row["pages"]}
            assert 0 <= region["bbox"][0] <= region["bbox"][2] <= page["width"]
    with PIL.Image.open(io.BytesIO((folder / pages[f"{FIRST}/p0000"]["image"]).read_bytes())) as picture:
        assert picture.size == (pages[f"{FIRST}/p0000"]["width"], pages[f"{FIRST}/p0000"]["height"])


def test_mteb_has_a_subset_a_domain(tmp_path: Path) -> None:
    url = str(tmp_path / "workspace")
    pool_corpus.commit_pools(url)
    for path, domain in zip(
        sorted((tmp_path / "workspace" / "documents").glob("*.parquet")), ("Law", "Real estate"), strict=True
    ):
        documents = from_table(pq.read_table(path), Document)
        pq.write_table(to_table([replace(one, domain=domain) for one in documents], Document), path)
    outcome = export_dataset(url, str(tmp_path / "d"), Recipe(), format="mteb")
    pools = {name.removesuffix("-corpus") for name in outcome.counts if name.endswith("-corpus")}
    assert pools == {"law-text", "law-pages", "real-estate-text", "real-estate-pages"}
    for pool in pools:
        held = {row["id"] for row in table(tmp_path / "d" / f"{pool}-corpus")}
        asked = {row["id"] for row in table(tmp_path / "d" / f"{pool}-queries")}
        grades = table(tmp_path / "d" / f"{pool}-qrels")
        assert {row["corpus-id"] for row in grades} <= held
        assert {row["query-id"] for row in grades} == asked
    assert "SUBSETS = ('law', 'real-estate')" in (tmp_path / "d" / "mteb_tasks.py").read_text()
    assert "relevant candidates in the pool of another domain (2)" in outcome.message


@pytest.mark.parametrize("name", NAMES)
def test_the_card_counts_candidates_and_questions_of_every_document(exported: Any, name: str) -> None:
    card = (exported[name][0] / "README.md").read_text(encoding="utf-8")
    assert "| comparison | 2 |" in card
    assert "| replay | Tiny | table | abc |" in card
    assert "| grounding | 7 | 0 | 0 |" in card
    rows = [line.split(" | ")[4:6] for line in card.splitlines() if "report.pdf | 3 |" in line.replace(chr(92), "")]
    assert sorted(row[-1] for row in rows) == ["2", "5"]
