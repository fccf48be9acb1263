"""Run mteb's own LIMIT task on an export with BM25, and load its patterns as subsets."""

import json
import sys
from importlib.metadata import version

import kernels  # noqa: F401
import mteb
from mteb.abstasks.retrieval_dataset_loaders import RetrievalDatasetLoader

task = mteb.get_task("LIMITRetrieval")
task.metadata.dataset.update(path=sys.argv[1], revision="local")
results = mteb.evaluate(mteb.get_model("mteb/baseline-bm25s"), [task], cache=None)
scores = results.task_results[0].scores["test"][0]
patterns = {}
for name in ("random", "cycle", "disjoint", "dense"):
    held = RetrievalDatasetLoader(sys.argv[1], revision="local", split="test", config=name).load()
    relevant = held["relevant_docs"]
    ids = set(held["corpus"]["id"])
    assert set(held["queries"]["id"]) == set(relevant)
    assert all(len(found) == 2 and found.keys() <= ids for found in relevant.values())
    patterns[name] = {"queries": len(relevant), "corpus": len(ids)}
print(
    json.dumps(
        {
            "library": f"mteb {version('mteb')}",
            "task": results.task_results[0].task_name,
            "ndcg_at_10": scores["ndcg_at_10"],
            "recall_at_2": scores["recall_at_2"],
            "patterns": patterns,
        }
    )
)
