"""Whether a text is in the language that its row states.

Detectors were weighed first. langdetect (an old port that our dependencies carry) answers at random on ten words and
calls a question full of proper names or formulas Dutch or Romanian; lingua is accurate and weighs a hundred megabytes;
py3langid guesses among a hundred languages from letters, which labels of tables mislead in the same way. But a question
is the one kind of short text that always holds function words, and we are told the language and only verify it. So the
function words are counted, language against language, and scripts are looked at where they decide alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from generators.checks.reasons import CheckReason
from generators.checks.verdicts import passed, rejected, skipped
from generators.checks.wording import FUNCTION_WORDS, vocabulary, without_quoted, words
from generators.document_view import DocumentView
from schemas.records import CheckResult, Question

_CODE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ENOUGH_WORDS: Final = 6
_ENOUGH_ANSWER_WORDS: Final = 8
_OTHER_HITS: Final = 3

_PROFILES: Final[dict[str, frozenset[str]]] = {
    "en": FUNCTION_WORDS,
    "de": vocabulary(
        """
        der die das des dem den ein eine einer eines einem einen und oder aber ist sind war waren wird werden wurde
        wurden hat haben hatte welche welcher welches welchem welchen was wer wie wo wann warum wieviel viele viel von
        vom zum zur mit bei nach aus auf für über unter im ins nicht auch als sich es sie er wir ihr nennen laut gemäß
        zwischen durch gegen ohne um bis seit
        """
    ),
    "fr": vocabulary(
        """
        le la les l un une des du de d et ou où est sont était étaient été a ont avait quel quelle quels quelles que
        qui quoi quand comment combien pourquoi dans sur sous avec pour par selon entre au aux en ce cette ces son sa
        ses leur leurs il elle ils elles nous vous ne pas plus moins
        """
    ),
    "es": vocabulary(
        """
        el la los las un una unos unas de del y o es son era eran fue fueron ha han hay qué que cuál cuáles cuánto
        cuánta cuántos cuántas quién cómo cuándo dónde por para con sin en entre según al se su sus lo no más menos
        como este esta estos estas
        """
    ),
    "it": vocabulary(
        """
        il lo la i gli le un uno una di del dello della dei degli delle e o è sono era erano stato stata ha hanno
        quale quali che chi cosa quando come quanto quanta quanti quante dove perché per con senza in nel nella nei
        nelle tra fra secondo al alla ai alle si suo sua suoi non più meno da dal dalla
        """
    ),
    "pt": vocabulary(
        """
        o a os as um uma uns umas de do da dos das e ou é são era eram foi foram tem têm há qual quais que quem quando
        como quanto quanta quantos quantas onde por para com sem em no na nos nas entre segundo ao aos à às se seu sua
        seus suas não mais menos
        """
    ),
    "nl": vocabulary(
        """
        de het een van en of is zijn was waren werd werden heeft hebben had welke welk wat wie hoe waar wanneer waarom
        hoeveel in op met voor door bij naar uit over onder tussen volgens niet ook als dat die deze dit er aan om te
        meer minder
        """
    ),
    "sv": vocabulary(
        """
        en ett den det de och eller är var varit har hade vilken vilket vilka vad vem hur när varför många mycket i på
        med för av från till om som inte också mellan enligt under över efter mer mindre sin sitt sina
        """
    ),
    "da": vocabulary(
        """
        en et den det de og eller er var har havde hvilken hvilket hvilke hvad hvem hvordan hvor hvornår hvorfor mange
        meget i på med for af fra til om som ikke også mellem ifølge under over efter mere mindre
        """
    ),
    "pl": vocabulary(
        """
        i lub w we z ze na do od po dla przez o jest są był była było były jaki jaka jakie który która które co kto
        kiedy gdzie jak ile dlaczego nie się to ten ta te oraz według między pod nad więcej mniej
        """
    ),
    "cs": vocabulary(
        """
        a nebo v ve z ze na do od po pro je jsou byl byla bylo byly jaký jaká jaké který která které co kdo kdy kde
        jak kolik proč ne se to ten ta te podle mezi pod nad více méně
        """
    ),
    "tr": vocabulary(
        """
        ve veya bir bu şu o ne kim nasıl nerede hangi kaç neden için ile gibi göre arasında daha en çok az mi mı mu mü
        değil olan olarak
        """
    ),
    "ru": vocabulary(
        """
        и или в во на с со по для из от до о об что кто как какой какая какое какие который когда где почему сколько
        не это был была было были есть между согласно более менее
        """
    ),
    "uk": vocabulary(
        """
        і й та або в у на з зі по для із від до про що хто як який яка яке які коли де чому скільки не це був була
        було були є між згідно більше менше
        """
    ),
}
_SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "ru": ("CYRILLIC",),
    "uk": ("CYRILLIC",),
    "bg": ("CYRILLIC",),
    "sr": ("CYRILLIC", "LATIN"),
    "el": ("GREEK",),
    "ar": ("ARABIC",),
    "fa": ("ARABIC",),
    "ur": ("ARABIC",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "th": ("THAI",),
    "zh": ("CJK",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL", "CJK"),
}
_LATIN: Final = frozenset(_PROFILES) - frozenset(_SCRIPTS)


def check_language(question: Question, views: Mapping[str, DocumentView]) -> CheckResult:
    """Fail when the question, or a long answer, is in another language than stated.

    Passes English and thirteen other languages by their words, eight more by their script; skips the rest.
    """
    if not _CODE.fullmatch(question.language):
        return rejected("language", CheckReason.BAD_LANGUAGE_CODE, f"{question.language[:20]!r} is no language code")
    code = question.language.split("-")[0]
    fault = language_fault(without_quoted(question.question), code)
    if fault:
        return rejected("language", CheckReason.WRONG_LANGUAGE, f"the question {fault}")
    if len(words(question.answer)) >= _ENOUGH_ANSWER_WORDS and not _is_quoted(question):
        fault = language_fault(without_quoted(question.answer), code, strict=False)
        if fault:
            return rejected("language", CheckReason.WRONG_LANGUAGE, f"the answer {fault}")
    if code not in _PROFILES and code not in _SCRIPTS:
        return skipped("language", f"no profile of {code}")
    return passed("language")


def language_fault(text: str, code: str, *, strict: bool = True) -> str | None:
    """Return what speaks against `text` being in language `code`, or None; unknown languages are believed.

    Args:
        text: the text.
        code: a two-letter language code.
        strict: whether a text of several words without a single function word is a fault, as it is for questions.
    """
    scripts = script_counts(text)
    expected = _SCRIPTS.get(code, ("LATIN",) if code in _LATIN else ())
    letters = sum(scripts.values())
    if expected and letters and sum(scripts[name] for name in expected) < letters / 2:
        return f"is written in {scripts.most_common(1)[0][0].title()} letters"
    if code not in _PROFILES:
        return None
    tokens = words(text)
    hits = {name: sum(token in profile for token in tokens) for name, profile in _PROFILES.items()}
    rival = max(hits, key=lambda name: hits[name])
    if hits[rival] > hits[code] and hits[rival] >= _OTHER_HITS:
        return f"reads like {rival} ({hits[rival]} function words against {hits[code]})"
    if strict and not hits[code] and len([token for token in tokens if not token.isnumeric()]) >= _ENOUGH_WORDS:
        return f"holds no function word of {code}"
    return None


@lru_cache(maxsize=4096)
def script_counts(text: str) -> Counter[str]:
    """Count letters by script, named as Unicode names its characters ("LATIN", "CJK")."""
    return Counter(unicodedata.name(char, "UNKNOWN").split()[0] for char in text if char.isalpha())


def _is_quoted(question: Question) -> bool:
    """Say whether the answer is a quote: then it is in the language of its document, whatever the question's."""
    return any(evidence.quote and question.answer.strip() in evidence.quote for evidence in question.evidence)
