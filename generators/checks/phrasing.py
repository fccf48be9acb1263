"""What a question must not say: an engine's own voice, our ids, and words that point at a page nobody sees.

The patterns of pointing are English; other languages keep the checks for leaks and internal ids.
"""

import re
from collections.abc import Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.surroundings import lead_texts
from generators.checks.verdicts import passed, rejected
from generators.checks.wording import distinctive_stems, is_known, without_quoted
from generators.document_view import DocumentView
from schemas.records import CheckResult, Question

_LEAKS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|assistant)\b",
        r"\b(?:provided|given|above|supplied|retrieved|following|input) "
        r"(?:context|passages?|excerpts?|snippets?|evidence)\b",
        r"\b(?:from|in|on|to|per) the (?:context|evidence|excerpt|snippet)s?\b(?! of)",
        r"^\W*(?:sure|certainly|of course|absolutely|okay|ok|great)\b[,!.:]",
        r"\bhere(?:'s| is| are) (?:an?|the|your|my|some|one)\b.{0,40}\b(?:question|answer|response|json)s?\b",
        r"\b(?:i hope this helps|let me know if|feel free to)\b",
        r"\b(?:i.m sorry|i apologi[sz]e|i cannot (?:answer|assist|help))\b",
        r"\b(?:system|user|assistant) ?(?:prompt|message)\b|^\s*(?:system|user|assistant|human)\s*:",
        r"^\W*(?:question|answer|q|a|query|response|final answer)\s*\d*\s*[:=]",
        r"</?(?:think|thinking|answer|question|context|s|im_start|im_end|tool|json)\b[^>]{0,40}>",
        r"<\|[^|]{0,40}\|>|\[/?INST\]|```",
        r"\{\{|\}\}|\{%|%\}|\$\{\w|<<\w+>>|\[(?:insert|your|placeholder|entity|name here)[^\]]{0,30}\]",
        r"[\"']?\b(?:qa_id|doc_id|element_id|page_index|answer_kind|question_type|answer_modality|quote_start|bbox|"
        r"section_path|evidence_id|row_span|col_span)\b[\"']?",
        r"[{,]\s*\"(?:question|answer|evidence|quote|cells|type)\"\s*:",
        r"\b(?:generate|write|produce|create) (?:a|one|the|another|\d+) (?:new )?(?:questions?|q&a|qa pairs?)\b",
        r"\bjson (?:object|schema|format)\b.{0,40}\b(?:question|answer|fields?|keys?)\b",
        r"\b(?:ignore|disregard|forget) (?:all |the |any |your )*(?:previous |prior |above |earlier )?instructions\b",
        r"\b(?:respond|reply|answer|output) (?:only |just )?(?:in|with|as) (?:json|xml|yaml|markdown|the word)\b",
        r"\b(?:do not|don't|without) us(?:e|ing) the (?:document|context|evidence|text)\b",
        r"\bknowledge cut-?off\b|\bmy training data\b",
        r"\bbased on (?:the )?(?:information|text|context) (?:provided|given)\b",
    )
)
_INTERNAL: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{16}\b",
        r"\bp\d{4}/(?:title|heading|paragraph|list_item|table|figure|caption|formula|footnote|header|footer)\d",
        r"\bqa-[0-9a-f]{6,}|\bpassage-[0-9a-f]{6,}",
        r"\b(?:paragraph|list_item|table|figure|caption|formula|footnote)\d+\b(?=.*/)",
        r"\bfile://|\b(?:gs|s3|hdfs|abfss?|memory)://|\blocalhost\b|\b127\.0\.0\.1\b|\b192\.168\.\d",
        r"(?<![\w.])/(?:home|tmp|var|usr|mnt|work|root|data|opt|etc|Users|app|workspace)/[\w.]",
        r"\b[A-Z]:\\\\?[\w.]|(?<!\w)\\\\\w+\\\w",
        r"(?<![\w.])\.{0,2}/[\w-]+(?:/[\w-]+)*\.(?:pdf|png|jpe?g|parquet|jsonl?|csv|py)\b",
    )
)
_THING: Final = (
    r"(?:table|figure|fig|chart|graph|image|diagram|plot|picture|photo(?:graph)?|map|passage|text|excerpt|paragraph|"
    r"section|page|document|paper|article|report|study|context|snippet|caption|row|column|list|equation|formula|"
    r"screenshot|illustration|chapter|panel|data|information|slide|abstract|appendix|manual|vignette|website)s?"
)
_DEIXIS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:this|these) (?:\w+ ){{0,2}}{_THING}\b",
        rf"\b(?:the|this|these|from|in|per) (?:above|below|following|given|provided|preceding|current|attached|"
        rf"aforementioned|above-mentioned|accompanying|displayed|depicted) (?:[^\W\d]+ )?{_THING}\b",
        r"\b(?:of|from|among|which|are) the following\b(?! (?:year|month|day|week|decade|quarter|century))",
        r"\bthe following\s*[:?.,]",
        rf"\b{_THING} (?:above|below|shown here|provided|given here|at hand|in question)\b(?! \d)",
        r"\b(?:shown|listed|described|mentioned|given|discussed|stated|presented|defined|as|see|seen|depicted|reported|"
        r"provided|noted|outlined) (?:above|below|here)\b(?!\s*[\d$€£])",
        r"\bthe (?:present|current) (?:paper|study|work|article|report|document|section|chapter)\b",
        rf"\b(?:on|in|from) (?:this|the (?:next|previous|same|left|right)) {_THING}\b",
        r"\b(?:upper|lower|left|right|top|bottom)[- ]?(?:hand)? (?:panel|corner|side|part) of the "
        r"(?:figure|page|image|chart)\b",
    )
)
_FIRST_PERSON: Final = re.compile(r"\b(?:[Oo]urs?|[Mm]y|[Ww]e|us)\b|\bI (?:am|have|had|was|can|use|used|do|did)\b")
# "The table" alone points; "the table of annual sales", "the report 'Title'" and "the 2019 annual report" name.
_BARE_THING: Final = re.compile(
    r"\bthe (?:table|figure|chart|graph|image|diagram|plot|picture|photo|passage|text|excerpt|paragraph|page|caption|"
    r"document|paper|article|report|context|snippet|data|screenshot|illustration|slide|list)s?\b"
    r"(?=\s*(?:[?.,;:!)]|$|(?:show|list|mention|describ|report|stat|say|present|discuss|provid|indicat|give|suggest|has|"
    r"have|had|is|are|was|were|do|does|did|and|or|what|which|how|who|when|where|why)\w*\b))",
    re.IGNORECASE,
)
_AUTHORS: Final = re.compile(
    r"\b(?:the|these|its|their) (?:authors?|writers?|researchers?|investigators)\b"
    r"(?!\s+(?:of|behind|named)\s+[“\"'«A-Z])"
)
_ENOUGH_LEADS: Final = 2


def check_prompt_leak(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail on an instruction, a template, a schema's key or an assistant's small talk, in question or answer."""
    for name, text in (("question", question.question), ("answer", question.answer)):
        leak = _first(_LEAKS, text)
        if leak and not _is_printed(leak, question):
            return rejected("prompt_leak", CheckReason.PROMPT_LEAK, f"the {name} says “{leak}”")
    return passed("prompt_leak")


def check_internal_reference(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when our own ids, or a file path or local address that the evidence does not print, is shown."""
    own = {question.qa_id, *(evidence.doc_id for evidence in question.evidence)}
    own.update(evidence.element_id for evidence in question.evidence)
    for name, text in (("question", question.question), ("answer", question.answer)):
        shown = next((one for one in sorted(own) if len(one) > 5 and one in text), None)
        path = _first(_INTERNAL, text)
        if path and _is_printed(path, question):
            path = None
        if shown or path:
            return rejected("internal_reference", CheckReason.INTERNAL_REFERENCE, f"the {name} shows {shown or path}")
    return passed("internal_reference")


def check_deixis(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an English question points ("this figure", "listed below", "our method") instead of naming."""
    if question.language.split("-")[0] != "en":
        return passed("deixis")
    text = without_quoted(question.question)
    pointing = _first((*_DEIXIS, _FIRST_PERSON), text)
    if not pointing and not _leads_anywhere(question, views):
        match = _BARE_THING.search(text) or _AUTHORS.search(text)
        pointing = match.group() if match else None
    if pointing:
        return rejected("deixis", CheckReason.DEIXIS, f"“{pointing}” points at what a reader does not see")
    return passed("deixis")


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    return next((match.group().strip() for pattern in patterns if (match := pattern.search(text))), None)


def _is_printed(text: str, question: Question) -> bool:
    """Say whether the document itself prints it: a manual may ask for a path, a paper may study prompts."""
    quoted = [evidence.quote for evidence in question.evidence if evidence.quote]
    quoted += [cell.text for evidence in question.evidence for cell in evidence.cells]
    return any(text.casefold() in one.casefold() for one in quoted)


def _leads_anywhere(question: Question, views: Mapping[str, DocumentView]) -> bool:
    """Say whether the question names its document or table, so that "the report" refers back to that name."""
    leads = distinctive_stems(" ".join(lead_texts(question, views)))
    named = [one for one in distinctive_stems(question.question) if is_known(one, leads)]
    return len(named) >= _ENOUGH_LEADS
