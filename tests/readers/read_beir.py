"""Load an export with beir, rank it with bm25s, and print what beir measures."""

import json
import sys
from importlib.metadata import version

import bm25s
import kernels  # noqa: F401
from beir.datasets.data_loader import GenericDataLoader
from beir.retrieval.evaluation import EvaluateRetrieval

corpus, queries, qrels = GenericDataLoader(sys.argv[1]).load(split="test")
ids = list(corpus)
index = bm25s.BM25()
index.index(bm25s.tokenize([f"{corpus[name]['title']} {corpus[name]['text']}" for name in ids], show_progress=False))
found, scores = index.retrieve(bm25s.tokenize(list(queries.values()), show_progress=False), k=min(100, len(ids)))
results = {
    query: {ids[place]: float(score) for place, score in zip(places, row, strict=True)}
    for query, places, row in zip(queries, found, scores, strict=True)
}
ndcg, _, recall, _ = EvaluateRetrieval.evaluate(qrels, results, [10])
print(
    json.dumps(
        {
            "library": f"beir {version('beir')}",
            "queries": len(queries),
            "corpus": len(corpus),
            "ndcg_at_10": ndcg["NDCG@10"],
            "recall_at_10": recall["Recall@10"],
        }
    )
)
