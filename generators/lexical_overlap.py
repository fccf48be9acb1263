"""How many of a question's words stand in its evidence: what a retriever of words finds it by."""

from collections.abc import Mapping
from typing import Final

from generators.checks.surroundings import elements_of, near_texts, proof_texts
from generators.checks.verdicts import passed, skipped
from generators.checks.wording import content_stems, is_known
from generators.document_view import DocumentView
from schemas.records import CheckResult, Question

LEXICAL_OVERLAP: Final = "lexical_overlap"


def lexical_overlap(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Return the share of the question's content words that stand in its evidence, as the score of a check.

    The evidence is the whole element: the paragraph, or the table with its cells, and its caption. Numbers alone are
    no content words. It never fails; without words on either side it is skipped.
    """
    wanted = content_stems(question.question)
    known = source_stems(question, views)
    if not wanted or not known:
        return skipped(LEXICAL_OVERLAP, "no words to compare")
    return passed(LEXICAL_OVERLAP, round(sum(is_known(one, known) for one in wanted) / len(wanted), 3))


def source_stems(question: Question, views: Mapping[str, DocumentView]) -> frozenset[str]:
    """Return the stems of all that is printed in the question's evidence and its captions."""
    captions = [views[unit.doc_id].caption_of(element) for unit, element in elements_of(question, views)]
    texts = [*near_texts(question, views), *proof_texts(question), *(one.text for one in captions if one)]
    return content_stems("\n".join(texts))
