"""Rewrites: an accepted question worded anew by an engine, and held to what it asked before.

Two steps, after UniDoc-Bench: first the fewest words are added that make the question findable in a corpus, then it is
paraphrased so that it shares few words with its source. A question never gets lost here: a wording that fails leaves
the question as it was, with the reason among its checks.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from generators.checks.catalog import check_question, failed
from generators.checks.reasons import CheckReason
from generators.checks.surroundings import document_title, elements_of, lead_texts, quoted_cells
from generators.checks.wording import FUNCTION_WORDS, content_stems, fold, has_digit, is_known, stem, words
from generators.document_view import DocumentView
from generators.draft_parsing import first_object
from generators.draft_sources import object_schema
from generators.engines.exchange import Completion, EngineFailure, Request, Sampling
from generators.lexical_overlap import LEXICAL_OVERLAP, lexical_overlap, source_stems
from generators.prompt_packs import PromptPack
from generators.prompting import language_name, render
from generators.rewrite_faults import deciding_names, kept_texts, rewrite_fault, spelled_out
from generators.situating import names_document
from generators.stated_facts import sense_words
from schemas.kinds import Stage, Verdict
from schemas.recipe import GenerateSection, RewriteStep
from schemas.records import CheckResult, Question, Reject, Revision

_PROMPTS: Final = {RewriteStep.SPECIFIC: "rewrite_specific", RewriteStep.OBSCURED: "rewrite_obscured"}
_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_LEAD_IN: Final = re.compile(r"^\W*(?:(?:rewritten|reworded|new|final) )?question\s*:\s*", re.IGNORECASE)
_MARKS: Final = " \t\"“”'`*"
_TOKEN_WITH_DIGIT: Final = re.compile(r"[^\s“”\"«»(),;?]*\d(?:[^\s“”\"«»()?,;]|,(?=\d))*")
_REFUSED: Final = frozenset({"refusal", "content_filter"})
_LONGEST_LEAD: Final = 300
_MOST_LEADS: Final = 6
_MOST_REPLACED: Final = 16


def rewrite_request(
    question: Question,
    views: Mapping[str, DocumentView],
    step: RewriteStep,
    generate: GenerateSection,
    pack: PromptPack | None = None,
    *,
    seed: int,
) -> Request | None:
    """Return the request for another wording; None where there is nothing to word anew.

    A question that names its document, or what stands over its table, is specific as it is; one without a word of its
    source is obscure as it is. Where code put the document's title before a draft, the engine is asked for fewer words.
    """
    question = _base(question, step)
    if step is RewriteStep.SPECIFIC:
        values = None if _is_specific(question, views) else _specific_values(question, views)
    else:
        values = _obscured_values(question, views)
    if values is None:
        return None
    key = f"{seed} {question.qa_id}"
    manner = pack.values(_PROMPTS[step], question.question_type, key) if pack else {"persona": "", "style": ""}
    common = {"question": question.question, "answer": question.answer, "language": language_name(question.language)}
    return Request(
        request_id=f"{question.qa_id}/{_PROMPTS[step]}/{seed}",
        messages=render(_PROMPTS[step], {**manner, **common, **values}),
        sampling=Sampling(temperature=generate.temperature, max_tokens=generate.max_tokens),
        seed=seed,
        schema=None if generate.answer_form == "text" else object_schema(question={"type": "string"}),
    )


def rewritten(
    question: Question,
    step: RewriteStep,
    request: Request,
    completion: Completion,
    views: Mapping[str, DocumentView],
) -> Question | Reject:
    """Return the question in the words of a completion, its old ones in its history; or why they may not replace it.

    The checks of the old wording stay, and want to be run again; `lexical_overlap` is measured anew.
    """
    wording = _wording(completion)
    if wording is None:
        return _reject(question, CheckReason.REWRITE_FAILED, "the engine gave no wording", completion.text)
    fault = rewrite_fault(_base(question, step), wording, step, views)
    if fault:
        return _reject(question, *fault, wording)
    earlier = Revision(_PROMPTS[step], completion.model, question.question, question.answer)
    provenance = replace(question.provenance, request_ids=(*question.provenance.request_ids, request.request_id))
    changed = replace(question, question=wording, history=(*question.history, earlier), provenance=provenance)
    overlap = _compared(lexical_overlap(question, views), lexical_overlap(changed, views))
    return with_check(changed, overlap)


def settle_rewrite(
    question: Question,
    step: RewriteStep,
    request: Request,
    result: Completion | EngineFailure,
    views: Mapping[str, DocumentView],
) -> Question:
    """Return the question worded anew if the new wording stands every check, else as it was, with the reason noted.

    What engines found out about the old wording (trials) is not carried over to a new one.
    """
    if isinstance(result, EngineFailure):
        return unchanged(question, step, CheckReason.REWRITE_FAILED, f"{result.reason_code}: {result.message}")
    changed = rewritten(question, step, request, result, views)
    if isinstance(changed, Reject):
        return unchanged(question, step, changed.reason_code, f"{changed.message}: {changed.text}")
    overlap = next(check for check in changed.checks if check.name == LEXICAL_OVERLAP)
    checked = check_question(changed, views)
    fault = failed(checked)
    if fault:
        words_for = f"{fault.reason_code}: {fault.message}: {changed.question}"
        return unchanged(question, step, CheckReason.REWRITE_FAILED, words_for)
    return with_check(checked, overlap)


def unchanged(question: Question, step: RewriteStep, reason: str, message: str) -> Question:
    """Return the question as it was, with a skipped check that says why it was not worded anew."""
    return with_check(question, CheckResult(_PROMPTS[step], Verdict.SKIP, str(reason), " ".join(message.split())[:300]))


def restored(question: Question) -> Question:
    """Return the question in the words that it had before its last rewrite; the same one if there was none.

    For a wording that engines cannot answer while they could answer the old one. Its checks want to be run again.
    """
    if not question.history or question.history[-1].step not in _PROMPTS.values():
        return question
    *earlier, last = question.history
    return replace(question, question=last.question, answer=last.answer, history=tuple(earlier), checks=())


def with_check(question: Question, result: CheckResult) -> Question:
    """Return the question with one more check, in place of one of the same name."""
    others = tuple(check for check in question.checks if check.name != result.name)
    return replace(question, checks=(*others, result))


def _base(question: Question, step: RewriteStep) -> Question:
    """Return the question as the engine drafted it, before code put the title in front, where words shall be added."""
    last = question.history[-1] if question.history else None
    drafted = step is RewriteStep.SPECIFIC and last is not None and last.step == "draft"
    return replace(question, question=last.question) if last and drafted else question


def _is_specific(question: Question, views: Mapping[str, DocumentView]) -> bool:
    """Say whether a question names every document of its evidence, or the caption of what it asks about."""
    named: dict[str, bool] = {}
    for unit, element in elements_of(question, views):
        view = views[unit.doc_id]
        caption = view.caption_of(element)
        leads = [document_title(view), caption.text if caption else None]
        known = any(lead and content_stems(lead) and names_document(question.question, lead) for lead in leads)
        named[unit.doc_id] = named.get(unit.doc_id, False) or known
    return bool(named) and all(named.values())


def _specific_values(question: Question, views: Mapping[str, DocumentView]) -> dict[str, object] | None:
    names = list(dict.fromkeys(unit.doc_id for unit in question.evidence if unit.doc_id in views))
    titles = [title[:_LONGEST_LEAD] for title in (document_title(views[name]) for name in names) if title]
    leads = [" ".join(text.split())[:_LONGEST_LEAD] for text in lead_texts(question, views)]
    leads = [text for text in leads if text not in titles][:_MOST_LEADS]
    return {"sources": titles, "leads": leads} if titles or leads else None


def _obscured_values(question: Question, views: Mapping[str, DocumentView]) -> dict[str, object] | None:
    known = source_stems(question, views)
    if known and not any(is_known(one, known) for one in content_stems(question.question)):
        return None
    keep = _keep(question, views)
    held = content_stems(" ".join(keep))
    shared = [
        word
        for word in dict.fromkeys(words(question.question))
        if word not in FUNCTION_WORDS and not has_digit(word) and stem(word) not in held and is_known(stem(word), known)
    ]
    return {
        "keep": keep,
        "replace": shared[:_MOST_REPLACED],
        "abbreviations": [(short, " ".join(long)) for short, long in spelled_out(question, views).items()],
    }


def _keep(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return what a paraphrase may not touch, without what is a part of another."""
    tokens = [match.strip(" .") for match in _TOKEN_WITH_DIGIT.findall(question.question)]
    names = deciding_names(question, views)
    # The checks want the columns that a program reads named as they are printed.
    cells = [cell.text for cell in quoted_cells(question) if question.program and not has_digit(cell.text)]
    printed = [text for text in cells if content_stems(text) and fold(text) in fold(question.question)]
    told = [*kept_texts(question, views), *printed, *names, *tokens, *sense_words(question.question)]
    found = list({fold(text): text for text in reversed(told)}.values())[::-1]
    return [
        text for text in found if not any(text != other and f" {fold(text)} " in f" {fold(other)} " for other in found)
    ]


def _wording(completion: Completion) -> str | None:
    """Return the wording that a completion holds: in JSON, or as its last line of text."""
    text = _THOUGHT.sub("", completion.text).strip()
    if completion.finish_reason in _REFUSED or not text:
        return None
    found = first_object(text)
    if found is not None:
        wording = found.get("question")
        return " ".join(wording.split()) or None if isinstance(wording, str) else None
    if "{" in text or completion.finish_reason == "length":
        return None
    last = _LEAD_IN.sub("", text.splitlines()[-1]).strip(_MARKS)
    return last if last.endswith(("?", ".", "？")) else None


def _compared(before: CheckResult, after: CheckResult) -> CheckResult:
    if before.score is None or after.score is None:
        return after
    return replace(after, message=f"{before.score:.2f} before, {after.score:.2f} after")


def _reject(question: Question, reason: CheckReason, message: str, text: str) -> Reject:
    evidence = question.evidence[0] if question.evidence else None
    return Reject(
        stage=Stage.GENERATE,
        subject=question.qa_id,
        reason_code=reason.value,
        message=message,
        page_index=evidence.page_index if evidence else None,
        text=text[:500],
    )
