"""Read an export as its trainer does, and take steps of contrastive training: read_pairs.py FOLDER FORMAT.

For trainers that have no package (VLM2Vec, UniME-V2) or none of their multimodal version (Tevatron).
"""

import json
import sys
from pathlib import Path

import PIL.Image
from datasets import load_dataset
from towers import Towers, contrast, seen

FOLDER = Path(sys.argv[1])
MOST = 8
NEGATIVES = 3


def opened(path):
    if path == "":
        return None
    with PIL.Image.open(FOLDER / path) as picture:
        return seen(picture)


def mmeb():
    rows = load_dataset(str(FOLDER), "hard_negatives", split="train")
    # mmeb_neg removes these and casts the rest to its own features: any other column ends it.
    assert set(rows.column_names) == {
        *("qry", "qry_image_path", "pos_text", "pos_image_path", "neg_text", "neg_image_path")
    }
    plain = load_dataset(str(FOLDER), "train", split="train")
    assert all((row["qry"] or row["qry_image_path"]) and (row["pos_text"] or row["pos_image_path"]) for row in plain)
    for row in load_dataset(str(FOLDER), "eval", split="test"):
        assert len(row["tgt_text"]) == len(row["tgt_img_path"])
        assert opened(row["tgt_img_path"][0]) is not None
    for row in rows:
        others = list(zip(row["neg_text"], row["neg_image_path"], strict=True))
        yield row["qry"], [(row["pos_text"], row["pos_image_path"]), *others], None


def tevatron():
    corpus = load_dataset(str(FOLDER), "corpus", split="train")
    places = {docid: place for place, docid in enumerate(corpus["docid"])}
    for row in load_dataset(str(FOLDER), "distillation", split="train"):
        assert all(isinstance(one["score"], float) for one in row["positive_passages"] + row["negative_passages"])
    for row in load_dataset(str(FOLDER), "train", split="train"):
        ids = [row["positive_document_ids"][0], *row["negative_document_ids"]]
        held = [corpus[places[docid]] for docid in ids]
        yield row["query_text"], [(one["text"] or "", one["image"]) for one in held], None


def unime():
    for row in json.loads((FOLDER / "train.json").read_text(encoding="utf-8")):
        assert opened(row["query_image"]) is None
        assert len(row["hard_negatives"]) == len(row["hard_negatives_scores"]) == 10
        scores = [row["query_pos_scores"], *row["hard_negatives_scores"]]
        assert all(0 <= score <= 1 for score in scores)
        yield row["query_text"], [(row["pos_text"], row["pos_image"]), *row["hard_negatives"]], scores


queries, candidates, labels = [], [], []
for query, held, scores in {"mmeb": mmeb, "tevatron": tevatron, "unime": unime}[sys.argv[2]]():
    if len(held) <= NEGATIVES or len(queries) == MOST:
        continue
    some = held[: NEGATIVES + 1]
    soft = (scores or [1.0])[: NEGATIVES + 1]
    soft += [0.0] * (len(some) - len(soft))
    queries.append(query)
    pictures = [opened(one) if isinstance(one, str) else one and seen(one) for _, one in some]
    candidates.append([(text, picture) for (text, _), picture in zip(some, pictures, strict=True)])
    labels.append([score / sum(soft) for score in soft])
print(json.dumps({"rows": len(queries), "loss": contrast(Towers(), queries, candidates, labels)}))
