"""Whether a question stands on its own: nothing refers to what is not there, and its words lead to the document."""

import re
from collections.abc import Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import document_title, elements_of, lead_texts, near_texts, quoted_cells
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import content_stems, distinctive_stems, is_known, without_quoted
from generators.document_view import DocumentView
from schemas.records import CheckResult, Question

_PRONOUN: Final = re.compile(
    r"\b(?:does|did|do|is|was|are|were|has|have|had|can|could|will|would) (?P<subject>it|he|she|they)\b"
    r"|\b(?P<object>it|its|he|his|him|she|her|they|their|them|this|these|those)\b(?=\s*[?.,]|\s)",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"[“\"'«][^”\"'»]{3,}[”\"'»]|(?<=\s)[A-Z][\w-]+")
_GENERIC: Final = re.compile(
    r"\b(?:the|this|these|their|its) (?:(?:proposed|presented|described|suggested|new|novel|above|present|current|"
    r"final|main|developed|introduced) )?(?:stud(?:y|ies)|models?|methods?|approach(?:es)?|algorithms?|experiments?|"
    r"systems?|frameworks?|techniques?|compan(?:y|ies)|organi[sz]ations?|surveys?|datasets?|tools?|packages?|software|"
    r"librar(?:y|ies)|project|program(?:me)?|trial|participants|patients|respondents|sample|work|architecture|pipeline|vignette|agency|"
    r"department|committee|commission|firm|country|region|city|authors?)\b(?!['’]s? [A-Z])(?P<more>\W+\w+)?",
    re.IGNORECASE,
)
# A word after the generic name that tells which one: "the model of Smith", "the survey on housing", "the tool jq".
_TELLING: Final = re.compile(
    r"\W+(?:of|on|for|by|from|in|at|about|called|named|that|which|who|whose|with|using|to|where|behind|“|\"|'|«|"
    r"(?-i:[A-Z])\w*)",
    re.IGNORECASE,
)
_PROPOSED: Final = re.compile(
    r"\b(?:the|this|their) (?:proposed|presented|described|suggested|novel|introduced|above) \w+", re.IGNORECASE
)
_LABEL: Final = re.compile(
    r"\b(?:tab(?:le|\.)|fig(?:ure|\.)|section|sec\.|chapter|appendix|eq(?:uation|\.)|exhibit|chart|page|p\.|slide)\s*"
    r"(?:[A-Z]?\d+(?:[.-]\d+)*[a-z]?|[IVX]+|[A-Z])\b",
    re.IGNORECASE,
)
_ENOUGH_TITLE: Final = 0.5
_ENOUGH_LEADS: Final = 2
_ENOUGH_DETAIL: Final = 4
_LEAST_FOUND: Final = 2


def check_reference(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail on a pronoun without a noun before it and on "the model", "the study" when no name says which."""
    if question.language.split("-")[0] != "en":
        return skipped("reference", "only English is read")
    text = without_quoted(question.question)
    pronoun = _loose_pronoun(question.question, text)
    if pronoun:
        return rejected("reference", CheckReason.UNRESOLVED_REFERENCE, f"“{pronoun}” refers to nothing in the question")
    generic = _loose_generic(text)
    if generic and not names_source(question, views):
        return rejected("reference", CheckReason.UNRESOLVED_REFERENCE, f"“{generic}” does not say which one")
    return passed("reference")


def check_label(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when "Table 3" or "page 7" stands without words that name its document or its caption."""
    match = _LABEL.search(without_quoted(question.question))
    if match and not names_source(question, views):
        return rejected("label", CheckReason.BARE_LABEL, f"“{match.group()}” of which document?")
    return passed("label")


def check_findable(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when too few words of the question lead to its document.

    The words that count are neither grammar nor generic ("value", "highest", "table"). The score is how many of them
    stand in the title, a heading, the caption or the label; what is only in the cells counts when there is much of it.
    """
    if not any(True for _ in elements_of(question, views)):
        return skipped("findable", "no evidence to lead to")
    wanted = distinctive_stems(question.question)
    leads = distinctive_stems(" ".join(lead_texts(question, views)))
    near = distinctive_stems("\n".join([*near_texts(question, views), *(cell.text for cell in quoted_cells(question))]))
    leading = [one for one in wanted if is_known(one, leads)]
    detail = [one for one in wanted if is_known(one, near)]
    score = float(len(leading))
    if len(set(leading) | set(detail)) < _LEAST_FOUND:
        return rejected(
            "findable", CheckReason.NOT_FINDABLE, "fewer than two telling words lead to its evidence", score
        )
    if len(leading) < _ENOUGH_LEADS and len(detail) < _ENOUGH_DETAIL:
        return rejected("findable", CheckReason.NOT_FINDABLE, "it would fit many documents", score)
    return passed("findable", score)


def _loose_pronoun(question: str, text: str) -> str | None:
    for match in _PRONOUN.finditer(text):
        word = (match["subject"] or match["object"]).casefold()
        before = text[: match.start()]
        if match["subject"]:
            if not _NAMED.search(question[: len(question) - len(text) + match.start()]) and "," not in before:
                return match.group()
        elif word in {"this", "these", "those"}:
            # "those who", "those of": pronouns that explain themselves; "this" before a noun is left to deixis.
            if not re.match(r"\s+\w", text[match.end() :]) and not content_stems(before):
                return match.group()
        elif not content_stems(before):
            return match.group()
    return None


def _loose_generic(text: str) -> str | None:
    proposed = _PROPOSED.search(text)
    if proposed:
        return proposed.group()
    for match in _GENERIC.finditer(text):
        more = match["more"] or ""
        if not _TELLING.match(more):
            return match.group().strip()
    return None


def names_source(question: Question, views: Mapping[str, DocumentView]) -> bool:
    """Say whether the question names its document or what its caption says, by half of the words or two at least."""
    asked = distinctive_stems(question.question)
    for evidence, element in elements_of(question, views):
        view = views[evidence.doc_id]
        caption = view.caption_of(element)
        for text in (document_title(view), caption.text if caption else None):
            stems = content_stems(text) if text else frozenset()
            named = [one for one in stems if is_known(one, asked)]
            if stems and (len(named) >= _ENOUGH_TITLE * len(stems) or len(named) >= _ENOUGH_LEADS):
                return True
    return False
