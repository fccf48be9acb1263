"""The card: its front matter is what the hub reads, its tables are what people read."""

import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from huggingface_hub import DatasetCard

from pipelines.card import licence_names, write_card
from pipelines.card_facts import CardFacts, SourceRow, example_question
from pipelines.formats.catalog import find_format
from pipelines.shards import ShardFile
from pipelines.storage import Folder

FORMAT = find_format("huggingface")
SOURCE = SourceRow("a.pdf", "f" * 64, 3, "A | title", "CC-BY-4.0", "pymupdf (version 1)", 5, 2)
FACTS = CardFacts(
    name="demo",
    licence="MIT",
    language="en",
    rows={"qa": 3, "corpus": 5, "pages": 3},
    files=tuple(
        ShardFile(name, "train", f"{name}/train-00000-of-00001.parquet", rows, 1_000_000)
        for name, rows in (("qa", 3), ("corpus", 5), ("pages", 3))
    ),
    counts={
        "answer_modality": {"table": 2, "text+table": 1},
        "answer_kind": {"number": 3},
        "kind": {"passage": 5},
        "language": {"en": 3},
    },
    matrix={"comparison": {"table": 1}, "factual_retrieval": {"table": 1, "text+table": 1}},
    sources=(SOURCE,),
    rejects={"no_quote": 4},
    errors={"encrypted": 1},
    makers=(("none", None, None, None, "0.1.0"),),
    checks=(("grounding", 3, 0, 0),),
    software={"corpusmill": "0.1.0 and 0.2.0"},
    judgements=0,
)


def card_of(folder: Path, facts: CardFacts, rows: list[dict[str, object]] | None = None) -> DatasetCard:
    target = io.BytesIO()
    wanted = pa.schema(
        [FORMAT.config("qa").schema().field(name) for name in ("question", "answer", "evidence", "hops")]
    )
    pq.write_table(pa.Table.from_pylist(rows or [question(1)], schema=wanted), target)
    (folder / "qa").mkdir(exist_ok=True)
    (folder / "qa" / "train-00000-of-00001.parquet").write_bytes(target.getvalue())
    write_card(Folder(str(folder)), facts, FORMAT)
    return DatasetCard.load(folder / "README.md")


def question(hops: int) -> dict[str, object]:
    cells = [{"row": 1, "col": 2, "text": "7 | 8"}]
    place = {"file_name": "a.pdf", "page_label": "iv", "modality": "table", "role": "answer"}
    quoted = place | {"modality": "text", "role": "context", "quote": "a <b>quote</b>\u2028of it", "cells": []}
    return {
        "question": f"What is\u2028asked in {hops} hops?",
        "answer": "`7`",
        "hops": hops,
        "evidence": [place | {"cells": cells}, quoted],
    }


def test_the_hub_reads_licences_sizes_and_configs(tmp_path: Path) -> None:
    data = card_of(tmp_path, FACTS).data.to_dict()
    assert data["license"] == ["mit", "cc-by-4.0"]
    assert (data["size_categories"], data["language"], data["pretty_name"]) == (["n<1K"], ["en"], "demo")
    assert [(part["config_name"], part.get("default", False)) for part in data["configs"]] == [
        ("qa", True),
        ("corpus", False),
        ("pages", False),
    ]
    assert {part["config_name"]: part["splits"][0]["num_examples"] for part in data["dataset_info"]} == FACTS.rows


@pytest.mark.parametrize(
    ("questions", "documents", "names"),
    [
        (None, ("",), ["unknown"]),
        ("CC BY 4.0", ("",), ["cc-by-4.0", "unknown"]),
        ("Apache-2.0", ("Apache-2.0", "Apache-2.0"), ["apache-2.0"]),
        (None, ("our own terms", "MIT"), ["unknown", "mit", "other"]),
    ],
)
def test_no_licence_is_claimed_that_was_not_stated(
    questions: str | None, documents: tuple[str, ...], names: list[str]
) -> None:
    sources = tuple(replace(SOURCE, licence=licence) for licence in documents)
    assert licence_names(replace(FACTS, licence=questions, sources=sources)) == names


def test_missing_licences_are_said_plainly(tmp_path: Path) -> None:
    text = card_of(tmp_path, replace(FACTS, licence=None, sources=(replace(SOURCE, licence=""),))).text
    assert "Documents, their text and pictures: not stated." in text
    assert "Questions and answers: not stated" in text
    assert "ask the holders" in text


@pytest.mark.parametrize(
    "line",
    [
        "| question type | all | table | text+table |",
        "| comparison | 1 | 1 | 0 |",
        "| factual_retrieval | 2 | 1 | 1 |",
        "| all | 3 | 2 | 1 |",
        "| number | 3 |",
        "| a.pdf | 3 | A \\| title | CC-BY-4.0 | 5 | 2 | " + "f" * 64 + " |",
        "| no_quote | 4 |",
        "| encrypted | 1 |",
        "| grounding | 3 | 0 | 0 |",
        "| none |  |  |  | 0.1.0 |",
        "corpusmill 0.1.0 and 0.2.0.",
        'qa = load_dataset("PATH", "qa")  # the default',
    ],
)
def test_the_card_says(tmp_path: Path, line: str) -> None:
    assert line in card_of(tmp_path, FACTS).text.split("\n")


def test_every_table_has_as_many_cells_in_every_row(tmp_path: Path) -> None:
    text = card_of(tmp_path, FACTS, [question(2)]).text
    for block in text.split("\n\n"):
        rows = [line.replace("\\|", "") for line in block.split("\n") if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1, block


def test_the_example_is_the_question_with_the_most_hops(tmp_path: Path) -> None:
    card_of(tmp_path, FACTS, [question(hops) for hops in (1, 3, 2)])
    example = example_question(Folder(str(tmp_path)), FACTS.files)
    assert example is not None
    assert example["hops"] == 3
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "> What is asked in 3 hops?\n>\n> **\\`7\\`**" in text
    assert "| table (answer) in a.pdf | iv | row 1, column 2: 7 \\| 8 |" in text
    assert "| text (context) in a.pdf | iv | a &lt;b&gt;quote&lt;/b&gt; of it |" in text


def test_a_long_proof_is_cut_with_a_count(tmp_path: Path) -> None:
    long = question(1)
    long["evidence"] = [
        {"file_name": "a.pdf", "page_label": "1", "cells": [{"row": n, "col": 0, "text": str(n)} for n in range(11)]}
    ]
    text = card_of(tmp_path, FACTS, [long]).text
    assert "row 7, column 0: 7, and 3 more cells |" in text
    assert "row 8" not in text


def test_without_questions_the_card_says_so(tmp_path: Path) -> None:
    empty = replace(
        FACTS,
        rows=FACTS.rows | {"qa": 0},
        files=(replace(FACTS.files[0], rows=0), *FACTS.files[1:]),
        counts=FACTS.counts | {"answer_modality": {}, "answer_kind": {}},
        matrix={},
        makers=(),
        checks=(),
        rejects={},
        errors={},
    )
    card = card_of(tmp_path, empty)
    assert "No question was accepted" in card.text
    assert [part["config_name"] for part in card.data.to_dict()["configs"] if part.get("default")] == ["corpus"]
    assert "One of the questions" not in card.text
    assert "No draft was dropped." in card.text
    assert "No document, page or request failed." in card.text


@pytest.mark.parametrize(("judgements", "words"), [(0, "No person has validated"), (7, "7 judgements by people")])
def test_the_card_says_whether_people_looked(tmp_path: Path, judgements: int, words: str) -> None:
    assert words in card_of(tmp_path, replace(FACTS, judgements=judgements)).text
