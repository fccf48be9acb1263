"""Rank what an export holds and measure it with pytrec_eval: read_ranked.py FOLDER FORMAT.

For formats whose own evaluation wants a large model or has no package: the ids, grades and texts are taken from where
its loader takes them, BM25 ranks, and the measure is that of TREC's own program.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import bm25s
import PIL.Image
import pytrec_eval
from datasets import load_dataset

FOLDER = Path(sys.argv[1])


def lines(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def vidore_v3():
    corpus, queries, qrels = (load_dataset(str(FOLDER), name, split="test") for name in ("corpus", "queries", "qrels"))
    sizes = {row["corpus_id"]: row["image"].size for row in corpus}
    for row in qrels:
        width, height = sizes[row["corpus_id"]]
        for box in row["bounding_boxes"]:
            assert 0 <= box["x1"] < box["x2"] <= width
            assert 0 <= box["y1"] < box["y2"] <= height
    grades = [(str(row["query_id"]), str(row["corpus_id"]), row["score"]) for row in qrels]
    texts = {str(row["corpus_id"]): row["markdown"] for row in corpus.remove_columns("image")}
    return texts, {str(row["query_id"]): row["query"] for row in queries}, grades


def cmrag():
    pages, queries = lines("pages.jsonl"), lines("queries_test.jsonl")
    for page in pages:
        with PIL.Image.open(FOLDER / page["image"]) as picture:
            assert picture.size == (page["width"], page["height"])
    grades = [(row["query_id"], found["page_id"], found["grade"]) for row in queries for found in row["pages"]]
    return {row["page_id"]: row["text"] for row in pages}, {row["query_id"]: row["query"] for row in queries}, grades


def universalrag():
    rows = json.loads((FOLDER / "test.json").read_text(encoding="utf-8"))
    assert {row["gt_retrieval"] for row in rows} <= {"no", "paragraph", "document", "image"}
    assert all((FOLDER / path).is_file() for row in rows for path in row["gt_images"])
    texts = {row["id"]: row["text"] for row in lines("candidates.jsonl")}
    return texts, {r["index"]: r["question"] for r in rows}, [(r["index"], one, 1) for r in rows for one in r["gt_ids"]]


def unidoc():
    rows = load_dataset(str(FOLDER), split="test")
    pages = sorted({path for row in rows for path in row["longdoc_image_paths"]})
    assert all(PIL.Image.open(FOLDER / path).size for path in pages)
    # Pictures alone: what can be ranked without a model is the names of the documents.
    texts = {path: Path(path).name.replace("-", " ").replace("_", " ") for path in pages}
    return (
        texts,
        {row["id"]: row["question"] for row in rows},
        [(r["id"], p, 1) for r in rows for p in r["gt_image_paths"]],
    )


READERS = {"vidore-v3": vidore_v3, "cmrag": cmrag, "universalrag": universalrag, "unidoc": unidoc}

texts, queries, grades = READERS[sys.argv[2]]()
assert {query for query, _, _ in grades} == set(queries)
assert {found for _, found, _ in grades} <= set(texts)
ids = list(texts)
index = bm25s.BM25()
index.index(bm25s.tokenize(list(texts.values()), show_progress=False), show_progress=False)
asked = bm25s.tokenize(list(queries.values()), show_progress=False)
found, scores = index.retrieve(asked, k=min(100, len(ids)), show_progress=False)
run = {
    query: {ids[place]: float(score) for place, score in zip(places, row, strict=True)}
    for query, places, row in zip(queries, found, scores, strict=True)
}
qrels = {query: {} for query in queries}
for query, candidate, grade in grades:
    qrels[query][candidate] = grade
measured = pytrec_eval.RelevanceEvaluator(qrels, {"ndcg_cut_10", "recall_10"}).evaluate(run)
print(
    json.dumps(
        {
            "library": f"pytrec-eval-terrier {version('pytrec-eval-terrier')}",
            "queries": len(queries),
            "corpus": len(texts),
            "ndcg_at_10": sum(one["ndcg_cut_10"] for one in measured.values()) / len(measured),
            "recall_at_10": sum(one["recall_10"] for one in measured.values()) / len(measured),
        }
    )
)
