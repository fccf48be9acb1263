"""Integers for our string ids, for the formats that want them: the same on every machine and in every worker."""

from collections import Counter
from functools import lru_cache
from itertools import accumulate

import pyarrow.compute as pc

from pipelines.formats.source import DatasetSource
from schemas.identity import document_of
from schemas.kinds import CandidateKind, ElementKind

_DOCUMENTS_HELD = 16


class Numbering:
    """Numbers the questions, the pages and the other candidates of a corpus from 0, each document after the last."""

    def __init__(self, source: DatasetSource) -> None:
        """Count the rows of every document."""
        self._source = source
        objects = pc.field("kind").isin([ElementKind.TABLE.value, ElementKind.FIGURE.value])
        self._questions = self._starts(source.counts("qa", "qa_id"))
        self._pages = self._starts(source.counts("pages", "doc_id"))
        self._elements = self._starts(
            source.counts("passages", "doc_id") + source.counts("elements", "doc_id", objects)
        )
        # Bound here, not by decorators, so that the caches go with this object.
        self._asked = lru_cache(_DOCUMENTS_HELD)(self._question_places)
        self._places = lru_cache(_DOCUMENTS_HELD)(self._candidate_places)

    def question(self, qa_id: str) -> int:
        """Return the number of a question."""
        doc_id = document_of(qa_id)
        return self._questions[doc_id] + self._asked(doc_id)[qa_id]

    def candidate(self, candidate_id: str) -> int:
        """Return the number of a page among the pages, or of any other candidate among those."""
        doc_id = document_of(candidate_id)
        place, page = self._places(doc_id)[candidate_id]
        return (self._pages if page else self._elements)[doc_id] + place

    def _question_places(self, doc_id: str) -> dict[str, int]:
        return {question.qa_id: place for place, question in enumerate(self._source.questions(doc_id))}

    def _candidate_places(self, doc_id: str) -> dict[str, tuple[int, bool]]:
        seen, found = Counter[bool](), {}
        for name, item in self._source.pool(doc_id).items():
            page = item.kind is CandidateKind.PAGE
            found[name] = (seen[page], page)
            seen[page] += 1
        return found

    def _starts(self, counts: dict[str, int]) -> dict[str, int]:
        known = self._source.ordered()
        order = [*known, *sorted(counts.keys() - set(known))]
        return dict(zip(order, accumulate((counts.get(doc_id, 0) for doc_id in order), initial=0), strict=False))


@lru_cache(1)
def numbering(source: DatasetSource) -> Numbering:
    """Return the numbers of a corpus, counted once."""
    return Numbering(source)
