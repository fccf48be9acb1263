"""Read an export with UniIR's data sets and collator, and take steps of contrastive training on what they give."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import kernels  # noqa: F401
from towers import SIDE, Towers, contrast, seen
from uniir_for_pyserini.data.mbeir_dataset import (
    MBEIRCandidatePoolCollator,
    MBEIRCandidatePoolDataset,
    MBEIRMainCollator,
    MBEIRMainDataset,
    Mode,
)
from uniir_for_pyserini.data.preprocessing.utils import hash_did, unhash_did, unhash_qid

PATHS = (
    "query/test/mbeir_corpusmill_test.jsonl",
    "cand_pool/local/mbeir_corpusmill_cand_pool.jsonl",
    "instructions/query_instructions.tsv",
)


def opened(mode, **options):
    return MBEIRMainDataset(sys.argv[1], *PATHS, seen, mode=mode, print_config=False, **options)


def pairs(batch, places):
    held = [(batch["txt_batched"][place], batch["image_batched"][place]) for place in places]
    masks = [bool(batch["image_mask_batched"][place]) for place in places]
    return [(text, picture if mask else None) for (text, picture), mask in zip(held, masks, strict=True)]


train = opened(Mode.TRAIN, hard_neg_num=3)
batch = MBEIRMainCollator(list, (SIDE, SIDE), Mode.TRAIN)([train[place] for place in range(min(8, len(train)))])
places = batch["index_mapping"]
queries = [batch["txt_batched"][place] for (place,) in places["query"]]
rows = [pairs(batch, [*own, *others]) for own, others in zip(places["pos_cand"], places["neg_cand_list"], strict=True)]
told = contrast(Towers(), queries, rows, [[1.0, 0.0, 0.0, 0.0]] * len(rows))

test = opened(Mode.EVAL, returns={"task_id": True})
asked = MBEIRMainCollator(list, (SIDE, SIDE), Mode.EVAL)([test[place] for place in range(len(test))])
pool = MBEIRCandidatePoolDataset(sys.argv[1], PATHS[1], seen, print_config=False)
held = MBEIRCandidatePoolCollator(list, (SIDE, SIDE))([pool[place] for place in range(len(pool))])
qrels = Path(sys.argv[1]) / "qrels/test/mbeir_corpusmill_test_qrels.txt"
grades = [line.split() for line in qrels.read_text().splitlines()]
ids = {unhash_did(number) for number in held["did_list"]}
tasks = {unhash_qid(qid): task for qid, task in zip(asked["qid_list"], asked["task_id_list"], strict=True)}
print(
    json.dumps(
        {
            "library": f"uniir_for_pyserini {version('uniir_for_pyserini')}",
            "queries": len(test),
            "corpus": len(pool),
            "pictures": int(held["image_mask_batched"].sum()),
            "dangling": sum(row[2] not in ids for row in grades),
            "other_tasks": sum(tasks[row[0]] != int(row[4]) for row in grades),
            "hashed": len({hash_did(name) for name in ids}),
            "loss": told,
        }
    )
)
