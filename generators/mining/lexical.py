"""BM25 over a pool, by bm25s: the index lies on disk and is mapped by whoever searches."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import bm25s
import numpy as np
import numpy.typing as npt

from generators.mining.ranking import Hit, top

# The library tells of every step it takes, at a level of its own choosing.
logging.getLogger("bm25s").setLevel(logging.WARNING)

# Numbers stay whole, letters make words, and a Chinese, Japanese or Korean character is a word by itself.
_TOKEN: Final = (
    r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)


class LexicalIndex:
    """Searches an index that `build_lexical` wrote.

    Scores are those of Lucene's BM25 with k1 = 1.5 and b = 0.75, as bm25s computes them (Lù, 2024).
    """

    def __init__(self, folder: Path) -> None:
        """Map the index."""
        self._index = bm25s.BM25.load(folder, mmap=True, load_corpus=False)

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """Return the score of every row for a query, 0 where no word is shared."""
        tokens = [token for token in _tokens([query])[0] if token in self._index.vocab_dict]
        if not tokens:
            return np.zeros(int(self._index.scores["num_docs"]), dtype=np.float32)
        return np.asarray(self._index.get_scores(tokens), dtype=np.float32)

    def search(self, query: str, depth: int) -> list[Hit]:
        """Return the best rows that share a word with the query, best first."""
        return top(self.scores(query), depth, least=0.0)


def build_lexical(folder: Path, texts: Iterable[str]) -> None:
    """Index texts in the order given; a text without words keeps its row and is never found."""
    index = bm25s.BM25(method="lucene")
    index.index(_tokens(list(texts)), show_progress=False)
    index.save(folder, show_progress=False)


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = bm25s.tokenize(
        list(texts), token_pattern=_TOKEN, stopwords=None, return_ids=False, show_progress=False
    )
    return found
