"""What question and answer claim besides what is asked: premises, hedges, names in marks, who does what to whom."""

import re
from collections.abc import Mapping
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.self_containment import names_source
from generators.checks.surroundings import element_text, elements_of, lead_texts, near_texts, own_evidence, proof_texts
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import content_stems, fold, share_found, stem, words
from generators.document_view import DocumentView
from schemas.kinds import ElementKind
from schemas.records import CheckResult, Question

_PREMISE: Final = re.compile(
    r"^(?:given that|since|after|before|because|although|though|while|if|considering (?:that)?|assuming (?:that)?"
    r"|now that|as|when|knowing that|following|despite)\b"
    r"(?! (?:is|are|was|were|do|does|did|has|have|had|can|will)\b)(?P<claim>[^,]*[^\d,]),",
    re.IGNORECASE,
)
_HEDGE: Final = re.compile(
    r"\b(?:about|approximately|approx\.?|around|roughly|nearly|almost|at least|at most|(?:no |not )?more than"
    r"|(?:no |not )?(?:less|fewer) than|up to|over|under|some|circa|well above|well below)"
    r"(?= (?:an? \w+ of )?[-−+$€£]?\d)",
    re.IGNORECASE,
)
_IN_MARKS: Final = re.compile(r"“([^“”]+)”")
_DOES_WHAT: Final = re.compile(
    r"\bwhat (?:does|do) (?P<subject>[^?]+?) (?P<verb>[\w-]+)(?: (?:to|on|of|in|for|at))?\?", re.IGNORECASE
)
_LEAST_OF_PREMISE: Final = 0.6
_NEAR: Final = 60


def check_premise(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an English question begins with a claim most of whose words stand nowhere near its evidence."""
    match = _PREMISE.match(question.question) if question.language.split("-")[0] == "en" else None
    wanted = content_stems(match["claim"]) if match else frozenset()
    if match is None or not wanted:
        return passed("premise")
    around = [*proof_texts(question), *lead_texts(question, views), *near_texts(question, views)]
    share = share_found(wanted, content_stems("\n".join(around)))
    if share < _LEAST_OF_PREMISE:
        message = f"nothing near says “{match['claim'].strip()[:80]}”"
        return rejected("premise", CheckReason.UNSUPPORTED_QUESTION, message, round(share, 3))
    return passed("premise", round(share, 3))


def check_hedge(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when an English answer blurs or bounds a number ("about 12", "at least 12") and no proof does."""
    match = _HEDGE.search(question.answer) if question.language.split("-")[0] == "en" else None
    if match is None:
        return passed("hedge")
    said = fold(match.group())
    if any(said in fold(text) for text in [question.question, *proof_texts(question)]):
        return passed("hedge")
    return rejected("hedge", CheckReason.UNSUPPORTED_WORDS, f"no proof says “{match.group()}”")


def check_quoted_names(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when a name in marks is not that of the document, the table, the section or a cell that the evidence is of.

    Its words have to stand there in a row, or all in one of them: captions are quoted without labels and marks. A
    section named alone leads nowhere.
    """
    names = [name for name in _IN_MARKS.findall(question.question) if content_stems(name)]
    if not names or not own_evidence(question):
        return skipped("quoted_names", "nothing is set in marks")
    found = list(elements_of(question, views))
    texts = [*_titles(question, views), *proof_texts(question), *(element_text(element) for _, element in found)]
    captions = [views[evidence.doc_id].caption_of(element) for evidence, element in found]
    texts += [caption.text for caption in captions if caption]
    sections = [section for _, element in found for section in element.section_path]
    for name in names:
        if any(_is_called(name, text) for text in texts):
            continue
        if not any(_is_called(name, section) for section in sections):
            message = f"nothing near its evidence is called “{name[:80]}”"
            return rejected("quoted_names", CheckReason.UNSUPPORTED_QUESTION, message)
        if not names_source(question, views):
            return rejected("quoted_names", CheckReason.BARE_LABEL, f"“{name[:80]}” is a section of which document?")
    return passed("quoted_names")


def _is_called(name: str, text: str) -> bool:
    if f" {' '.join(words(name))} " in f" {' '.join(words(text))} ":
        return True
    return share_found(content_stems(name), content_stems(text)) == 1


def _titles(question: Question, views: Mapping[str, DocumentView]) -> list[str]:
    """Return what the documents may be called: as recorded, as printed, or by the heading that they begin with."""
    found: list[str] = []
    for name in dict.fromkeys(evidence.doc_id for evidence in own_evidence(question)):
        view = views.get(name)
        if view is not None:
            headings = [element.text for element in view.elements if element.kind == ElementKind.HEADING][:1]
            titles = [element.text for element in view.elements if element.kind == ElementKind.TITLE]
            found += [view.document.title or "", *titles, *headings]
    return found


def check_roles(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the question asks what A does and the quote says that the answer does it to A."""
    match = _DOES_WHAT.search(question.question)
    if match is None or question.program is not None or question.language.split("-")[0] != "en":
        return skipped("roles", "it does not ask what something does")
    subject, answer = " ".join(words(match["subject"])), " ".join(words(question.answer))
    for evidence in own_evidence(question):
        said = " ".join(words(evidence.quote or ""))
        doing, done = said.find(answer), said.find(subject)
        between = said[doing + len(answer) : done] if 0 <= doing < done else ""
        verbs = {stem(word) for word in between.split()}
        if stem(fold(match["verb"])) in verbs and "by" not in between.split() and len(between) < _NEAR:
            return rejected("roles", CheckReason.ROLES_REVERSED, f"it is “{question.answer[:60]}” that does it")
    return passed("roles")
