"""Whether a subject and an object cut out of a sentence can stand in a question and in its answer, without it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from generators.checks.wording import content_stems, stem, vocabulary
from generators.words import word_list

_NOT_FIRST: Final = vocabulary(
    "it this these those they we our i he she his her there here you your its their that which who whose what if "
    "when while where although though because since as for in on at to by with without from after before during "
    "under over however thus therefore hence moreover furthermore also then finally first second third firstly "
    "secondly next overall instead another one both such other others similarly additionally specifically note let "
    "see using given figure table section equation algorithm listing chapter appendix and or but so not yet each "
    "every all most some many several few various any no none two three four five six seven eight nine ten"
)
_NOT_INSIDE: Final = vocabulary(
    "latter former last previous current first second third fourth fifth next final remaining other another "
    "following above below same respective that which who whose is are was were be been being has have had do does "
    "did will would can could may might must should shall we they it its our their us them this these those i you "
    "when if also not he she his her my what how where while whether et al used field audience now example examples "
    "itself themselves resulting corresponding available relevant recent certain alternative already "
    # Parts of a picture, which the sentence's neighbours name.
    "shaded grey gray dashed dotted solid curve curves axis axes panel panels plotted red green blue black additional "
    "website"
)
_ARTICLES: Final = frozenset({"the", "a", "an"})
_INDEFINITE: Final = frozenset({"a", "an"})
_LONGEST_SUBJECT: Final = 9
_LONGEST_ANSWER: Final = 28
_LEAST_CONTENT: Final = 3
_LONGEST_TAKEN_UP: Final = 3
_SHORT_WORDS: Final = vocabulary("a an as at be by do go if in is no of on or so to up vs via r c i v")
# An article in the middle of a noun phrase follows a preposition; anywhere else a verb stands before it.
_BARE_ARTICLE: Final = re.compile(
    r"(?<!\bof)(?<!\bin)(?<!\bfor)(?<!\bwith)(?<!\bfrom)(?<!\bon)(?<!\bby)(?<!\bto)(?<!\band)(?<!\bat)(?<!\binto)"
    r"(?<!\bbetween)(?<!\bbehind)(?<!\bover)(?<!\bwithin) (?:the|an?) "
)
_HANGING: Final = re.compile(
    r"\b(?:and|or|of|in|to|for|with|by|as|at|on|from|the|an?|also|both|then|such|that|is|are|be|than"
    r"|(?:in|by|see|from|of) (?:equations?|tables?|figures?|sections?|chapters?|appendix))$",
    re.IGNORECASE,
)
_POINTING: Final = re.compile(
    r"\b(?:this|these|those|such|our|we|us|your|you|here|above|below|following|aforementioned|it|its|they|them|their|"
    r"latter|former|previous|respectively|he|she|his|her|similar|another|"
    r"the (?:issue|problem|question|point|concern|challenge)s? (?:raised|mentioned|discussed|noted|addressed)|"
    r"(?:table|figure|fig|section|sec|chapter|equation|eq|appendix|listing|algorithm)s?\.? \(?[\dA-Z])\b",
    re.IGNORECASE,
)
_CITING: Final = re.compile(
    r"\bet al\b|\b[A-Z][\w’'-]+,? (?:and|&) [A-Z][\w’'-]+,? (?:19|20)\d\d|[A-Z]\w+,? (?:19|20)\d\d[a-z]?\b"
)
_NEXT_SENTENCE: Final = re.compile(r"[.!?][\d”\"’]* [A-Z]|[.!?]$")
# "the best of both worlds": of which two?
_WHICH_TWO: Final = re.compile(r"\bboth\b(?!.*\band\b)", re.IGNORECASE)
# "a smoother image": than which?
_THAN_WHAT: Final = re.compile(
    r"(?:an? |the )?(?:smoother|better|larger|smaller|higher|lower|faster|slower|lighter|darker|worse|stronger|weaker|"
    r"longer|shorter|wider|narrower|simpler|greater|fewer)\b(?!-)(?!.*\bthan\b)"
)
# A second predicate: ", gives", "and employs", ", and pls implements". Nouns end in s as well, so verbs are named.
_THIRD: Final = (
    r"(?:allows|applies|builds|combines|computes|contains|creates|defines|describes|employs|enables|estimates|extends|"
    r"gives|handles|has|helps|implements|includes|introduces|makes|needs|offers|performs|presents|provides|"
    r"reads|relies|requires|returns|runs|solves|stores|supports|takes|uses|utilizes|works|writes)"
)
_CUT: Final = re.compile(
    rf",? and {_THIRD}\b|, {_THIRD}\b|, and (?:(?!and\b)[\w.-]+ ){{1,3}}{_THIRD}\b"
    r"|, (?:e\.g\.|i\.e\.|for example|for instance)"
    r"|[;(\[]|:(?=\s)|, (?:which|where|who|whose|when|in which|of which|see)\b|,? (?:while|whereas|although|because|"
    r"since|so that|but|thus|thereby|hence|unless|until|if|when)\b"
    r"|, (?:as|and (?:is|are|was|were|has|have|can|cannot|it|they|we|this|the|its|their|so|thus|therefore|"
    r"\w+ (?:is|are|was|were|has|can|cannot))|"
    r"suggesting|indicating|showing|implying|reflecting|confirming|revealing|meaning|demonstrating|"
    r"making|allowing|leading|enabling|providing|including|using|helping|with|so|or|hence|resulting|ensuring)\b"
    r"| and (?:is|are|was|were|has|have|can|cannot|will|it|they|we|this|so|therefore|thus|also|then|may|must|should)\b"
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a document tells about its words: `names` are written with a capital, `common` without one.

    `subjects` are the stems of its title: what it is about needs no further name.
    """

    names: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


def read_subject(text: str, lexicon: Lexicon, verbs: frozenset[str]) -> str | None:
    """Return the subject as it reads inside a question, or None when it is no noun phrase that stands alone.

    Args:
        text: the words before the verb, as a sentence begins with them.
        lexicon: the document's words.
        verbs: words that show that the phrase goes on beyond its noun.
    """
    words = text.split()
    folded = [word.casefold() for word in words]
    if not 1 <= len(words) <= _LONGEST_SUBJECT or folded[0] in _NOT_FIRST or set(folded) & (_NOT_INSIDE | verbs):
        return None
    if folded[0] in _INDEFINITE and not any(map(_looks_named, words)):
        return None
    if (
        _POINTING.search(text)
        or _symbols(text)
        or _HANGING.search(text)
        or _BARE_ARTICLE.search(text)
        or _is_participle(words)
        or not _is_telling(words, lexicon)
    ):
        return None
    first = _inside(words[0], lexicon)
    return None if first is None else " ".join([first, *words[1:]])


def looks_back(subject: str, before: str, lexicon: Lexicon) -> bool:
    """Tell whether "the decision" takes up a decision of which the sentences before it speak.

    What has a name, or is what the title is about, needs no sentence before it.
    """
    words = re.split(r" (?:of|for|in|on|to|with|from|by|at|between)\b", subject)[0].split()
    if words[0] != "the" or len(words) > _LONGEST_TAKEN_UP or any(map(_looks_named, words)):
        return False
    if any(word in lexicon.names or stem(word.casefold()) in lexicon.subjects for word in words[1:]):
        return False
    return stem(words[-1].casefold()) in content_stems(before)


def read_answer(text: str) -> str | None:
    """Return the answer up to where a side clause begins, or None when it says too little or points elsewhere."""
    cut = _CUT.search(text)
    if cut and cut.group().startswith(":"):
        return None
    answer = (text[: cut.start()] if cut else text).strip(" ,")
    if _THAN_WHAT.match(answer) or _WHICH_TWO.search(answer):
        return None
    # After items with commas, "and the" begins the last of them more often than a clause.
    if cut and cut.group().startswith(", and the") and "," in answer:
        return None
    if len(answer.split()) > _LONGEST_ANSWER or len(content_stems(answer) - vague_stems()) < _LEAST_CONTENT:
        return None
    return answer if stands_alone(answer) else None


def stands_alone(text: str) -> bool:
    """Say whether a piece of a sentence points at nothing outside, cites nobody and is whole."""
    if any(pattern.search(text) for pattern in (_POINTING, _HANGING, _CITING, _NEXT_SENTENCE)):
        return False
    return not _symbols(text) and text.count("“") == text.count("”")


def _symbols(text: str) -> list[str]:
    """Return the letters that are no word: a formula's, and what they stand for is said elsewhere."""
    short = (bare for word in text.split() if len(bare := word.strip(",.’'“”").casefold()) <= 2)
    return [word for word in short if word and word not in _SHORT_WORDS and not word.isdigit()]


def is_name(subject: str) -> bool:
    """Say whether a subject is a name without an article, such as a program's or a data set's."""
    words = subject.split()
    return all(word[0].isupper() or any(map(str.isupper, word)) for word in words) and len(subject) > 2


@cache
def vague_stems() -> frozenset[str]:
    """Return the stems of words that fit any document."""
    return frozenset(map(stem, word_list("vague")))


def _is_participle(words: list[str]) -> bool:
    """Say whether a phrase begins with how or with doing, or ends with what was done ("structures implemented")."""
    if len(words) > 2 and words[-1].endswith("ed") and not _looks_named(words[-1]):
        return True
    return words[0].casefold().endswith("ly") or (words[0].endswith("ing") and words[0][0].isupper())


def _is_telling(words: list[str], lexicon: Lexicon) -> bool:
    """Say whether a phrase names something: by a name, by two words not both vague, or by the title's own noun."""
    if len(words) == 1 and len(words[0]) <= 2:
        return False
    stems = content_stems(" ".join(words))
    telling = stems - vague_stems()
    named = any(_looks_named(word) or word in lexicon.names for word in words)
    of_title = stems & lexicon.subjects and words[0].casefold() == "the"
    return bool((telling and (named or len(stems) > 1)) or of_title)


def _inside(word: str, lexicon: Lexicon) -> str | None:
    """Return a sentence's first word as it is written in the middle of one, or None where that is unknown."""
    lower = word.lower()
    if lower in _ARTICLES or (lower in lexicon.common and not _looks_named(word)):
        return lower
    return word if _looks_named(word) or word in lexicon.names else None


def _looks_named(word: str) -> bool:
    return any(char.isupper() or char.isdigit() for char in word[1:]) and not word.isdigit()
