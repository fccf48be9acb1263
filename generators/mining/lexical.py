"""BM25 over a pool, by bm25s: the index lies on disk and is mapped by whoever searches."""

import importlib
import logging
import re
from array import array
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from generators.mining.ranking import Hit, top

# Numbers stay whole, letters make words, and a Chinese, Japanese or Korean character is a word by itself.
_TOKEN: Final = re.compile(
    r"\d+(?:[.,]\d+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_COMMON_SHARE: Final = 0.5
_NO_WORD: Final = ""


class LexicalIndex:
    """Searches an index that `build_lexical` wrote.

    Scores are those of Lucene's BM25 with k1 = 1.5 and b = 0.75, as bm25s computes them (Lù, 2024). A query's words
    that stand in more than half of the pool weigh next to nothing and cost most; they are left out unless it has no
    others.
    """

    def __init__(self, folder: Path) -> None:
        """Map the index."""
        self._index = _library().BM25.load(folder, mmap=True, load_corpus=False)
        self._rows = int(self._index.scores["num_docs"])
        self._found_in = np.diff(np.asarray(self._index.scores["indptr"]))

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """Return the score of every row for a query, 0 where no word is shared."""
        known = [self._index.vocab_dict[word] for word in _words(query) if word in self._index.vocab_dict]
        tokens = [token for token in known if self._found_in[token] <= _COMMON_SHARE * self._rows] or known
        if not tokens:
            return np.zeros(self._rows, dtype=np.float32)
        return np.asarray(self._index.get_scores_from_ids(tokens), dtype=np.float32)

    def search(self, query: str, depth: int) -> list[Hit]:
        """Return the best rows that share a word with the query, best first."""
        return top(self.scores(query), depth, least=0.0)


def build_lexical(folder: Path, texts: Iterable[str]) -> None:
    """Index texts in the order given; a text without words keeps its row and is never found.

    Texts are read one at a time and kept as numbers, four bytes a word.
    """
    vocabulary = {_NO_WORD: 0}
    tokens = [array("I", [vocabulary.setdefault(word, len(vocabulary)) for word in _words(text)]) for text in texts]
    index = _library().BM25(method="lucene")
    index.index((tokens, vocabulary), show_progress=False)
    index.save(folder, show_progress=False)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


@cache
def _library() -> Any:
    """Import bm25s when there is a search: where numba is installed it loads that, which vLLM cannot bear beside it."""
    module = importlib.import_module("bm25s")
    # It tells of every step it takes, at a level of its own choosing.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return module
