"""Run the tasks of an export with mteb's BM25, load the pages too, and print the scores."""

import json
import sys
from importlib.metadata import version

import kernels  # noqa: F401
import mteb

sys.path.insert(0, sys.argv[1])
from mteb_tasks import PageRetrieval, tasks

results = mteb.evaluate(mteb.get_model("mteb/baseline-bm25s"), tasks(), cache=None)
scores = results.task_results[0].scores["test"][0]
pages = PageRetrieval()
pages.load_data()
held = pages.dataset["pages"]["test"]
print(
    json.dumps(
        {
            "library": f"mteb {version('mteb')}",
            "task": results.task_results[0].task_name,
            "ndcg_at_10": scores["ndcg_at_10"],
            "recall_at_10": scores["recall_at_10"],
            "pages": len(held["corpus"]),
            "page_queries": len(held["queries"]),
            "page_size": held["corpus"][0]["image"].size,
        }
    )
)
