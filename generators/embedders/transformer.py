"""Any sentence-transformers model, in this process: `st:MODEL`. Models that see pictures embed them."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image as PillowImage

from generators.embedders.exchange import Embeddable, EmbedderOptions, Vectors, unit_rows
from schemas.errors import EngineError


class TransformerEmbedder:
    """Embeds with a model of the sentence-transformers library.

    Args:
        model: a folder, or a name on the hub that the library may download.
        options: prefixes and batch size.
    """

    def __init__(self, model: str, options: EmbedderOptions) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EngineError(
                f"the embedder st:{model} needs the package sentence-transformers: pip install sentence-transformers"
            ) from error
        try:
            self._model: Any = SentenceTransformer(model)
        except (OSError, ValueError) as error:
            raise EngineError(
                f"the embedder st:{model} cannot be loaded: {error}; give a folder with the model, or a name that can "
                "be downloaded from here"
            ) from error
        self.name = f"sentence-transformers/{model}"
        self._options = options
        self.sees_images = "image" in (getattr(self._model, "modalities", None) or ())

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the vectors of queries."""
        return self._encode([self._options.query_prefix + query for query in queries])

    def embed_candidates(self, candidates: Sequence[Embeddable]) -> Vectors:
        """Return the vectors of pictures where the model sees them, else of texts."""
        return self._encode([self._input(item) for item in candidates])

    def close(self) -> None:
        """Let the model go."""
        self._model = None

    def _input(self, item: Embeddable) -> object:
        if item.picture is not None and self.sees_images:
            return PillowImage.open(io.BytesIO(item.picture.bytes))
        return self._options.passage_prefix + item.text

    def _encode(self, inputs: list[Any]) -> Vectors:
        vectors = self._model.encode(inputs, batch_size=self._options.batch, show_progress_bar=False)
        return unit_rows(vectors, len(inputs), self.name)


def open_transformer(spec: str, options: EmbedderOptions) -> TransformerEmbedder:
    """Open the model that stands after `st:`."""
    return TransformerEmbedder(spec.partition(":")[2], options)
