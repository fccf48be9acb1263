"""Load an export as mteb loads ViDoRe v2, and print how it sees it."""

import json
import sys
from importlib.metadata import version

import kernels  # noqa: F401
import mteb

task = mteb.get_task("Vidore2EconomicsReportsRetrieval", languages=["eng"])
task.metadata.dataset.update(path=sys.argv[1], revision=None)
task.load_data()
corpus, queries, relevant = (part["english"]["test"] for part in (task.corpus, task.queries, task.relevant_docs))
held = set(corpus["id"])
print(
    json.dumps(
        {
            "library": f"mteb {version('mteb')}",
            "corpus": len(corpus),
            "queries": len(queries),
            "judged": sum(query in relevant for query in queries["id"]),
            "dangling": sum(page not in held for grades in relevant.values() for page in grades),
            "page_size": corpus[0]["image"].size,
        }
    )
)
