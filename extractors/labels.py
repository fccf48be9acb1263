"""The printed names of numbered things: "Table S3", "Fig. 2b", "Abb. 4", "图 3" as labels of one spelling."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from schemas.kinds import ElementKind

# Spellings per noun. A final "." marks an abbreviation, which needs its dot or a capital letter to count in running
# text; a plural is a word of its own, because only a plural makes "2-4" a range beyond doubt.
_SINGULAR: dict[str, str] = {
    "Table": "table|tableau|tabelle|tabela|tabla|cuadro|tabella|quadro|tavola|tab.|tbl.|таблица|таблице|таблицы|"
    "таблицу|таблицей|табл.|table no.|جدول|الجدول|表格|表|표",
    "Figure": "figure|fig.|figura|abbildung|abb.|bild|grafik|ilustración|рисунок|рисунке|рисунка|рисунку|рис.|"
    "شكل|الشكل|插图|图|圖|図|그림|도표",
    "Scheme": "scheme",
    "Chart": "chart",
    "Graph": "graph|grafico|gráfico|graphique|diagramm",
    "Plate": "plate",
    "Map": "map",
    "Exhibit": "exhibit",
    "Box": "box",
    "Equation": "equation|eq.|eqn.|equ.|gleichung|gl.|équation|éq.|ecuación|ec.|equazione|equação|formula|formel|"
    "уравнение|уравнении|уравнения|формула|формуле|формулы|ур.|معادلة|المعادلة|公式|方程|式|수식|식",
    "Section": "section|sec.|sect.|subsection|§|abschnitt|abschn.|sección|sezione|seção|secção|раздел|разделе|"
    "раздела|разд.|параграф|параграфе|القسم|قسم|节|節|절",
    "Chapter": "chapter|chap.|ch.|kapitel|kap.|chapitre|capítulo|capitolo|глава|главе|главы|гл.|الفصل|章|장",
    "Appendix": "appendix|app.|anhang|annexe|annex|apéndice|anexo|appendice|apêndice|приложение|приложении|الملحق|"
    "附录|付録|부록",
    "Algorithm": "algorithm|algorithmus|algorithme|algoritmo|алгоритм|алгоритме|算法",
    "Listing": "listing|listado|quelltext|листинг|листинге",
}
_PLURAL: dict[str, str] = {
    "Table": "tables|tableaux|tabellen|tablas|cuadros|tabelle|tabelas|quadros|tabs.|таблицах|таблицам",
    "Figure": "figures|figs.|figuras|figure|abbildungen|abbn.|рисунках|рисункам|рисунки",
    "Scheme": "schemes",
    "Chart": "charts",
    "Graph": "graphs|graphiques|gráficos",
    "Plate": "plates",
    "Map": "maps",
    "Exhibit": "exhibits",
    "Box": "boxes",
    "Equation": "equations|eqs.|eqns.|gleichungen|équations|ecuaciones|equazioni|equações|formulas|уравнения|формулы",
    "Section": "sections|secs.|sects.|subsections|§§|abschnitte|abschnitten|secciones|sezioni|seções|разделах|разделы",
    "Chapter": "chapters|chaps.|kapitel|kapiteln|chapitres|capítulos|capitoli|главах|главы",
    "Appendix": "appendices|appendixes|anhänge|annexes|apéndices|anexos|appendici",
    "Algorithm": "algorithms|algorithmen|algorithmes|algoritmos",
    "Listing": "listings|listados",
}
CAPTION_KINDS: dict[str, ElementKind] = {
    "Table": ElementKind.TABLE,
    "Figure": ElementKind.FIGURE,
    "Scheme": ElementKind.FIGURE,
    "Chart": ElementKind.FIGURE,
    "Graph": ElementKind.FIGURE,
    "Plate": ElementKind.FIGURE,
    "Map": ElementKind.FIGURE,
    "Exhibit": ElementKind.FIGURE,
    "Box": ElementKind.FIGURE,
}
SECTION_NOUNS = frozenset({"Section", "Chapter", "Appendix"})

_PREFIX_WORDS = r"(?:(?:Supplementary|Supplemental|Supporting|Suppl\.|Supp\.|Extended Data|Appendix|Online)\s+)?"
# "3", "S3", "A.1", "A1", "4.1", "3-2", "IV", "1.A"; letters only in capitals.
_LETTERED = r"[A-Z]{1,2}[.\-–]?\d{1,3}(?:\.\d{1,3})*"
_PLAIN = r"\d{1,3}(?:\.\d{1,3})*(?:\.[A-Z]\b)?"
_ROMAN = r"[IVXLC]{1,7}(?![A-Za-z\d'’])"
NUMBER = rf"(?:{_LETTERED}|{_PLAIN}|{_ROMAN})"
_HYPHENATED = rf"(?:{_LETTERED}|{_PLAIN}(?:[\-–]\d{{1,3}}(?!\d|\.\d)|(?!\d))|{_ROMAN})"
_LETTER = r"[A-Z](?:\.\d{1,3})*(?![A-Za-z\d'’])"
_PANEL = r"(?:\s?\(?[a-h](?:\s?[-–,]\s?[a-h])?\)|[a-h](?:[-–,][a-h])?(?![\w]))"
_CJK_DIGITS = "〇一二三四五六七八九"
_CJK_NUMBER = rf"[{_CJK_DIGITS}十百]{{1,4}}"
_ARABIC_INDIC = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


@dataclass(frozen=True, slots=True)
class Label:
    """A numbered name: English noun, printed number, and the panel letters ("b", "a-c") where there are any.

    >>> str(Label("Figure", "2", "b"))
    'Figure 2b'
    """

    noun: str
    number: str
    panel: str = ""

    def __str__(self) -> str:
        """Return the normalised spelling."""
        return f"{self.noun} {self.number}{self.panel}"

    @property
    def key(self) -> str:
        """What two spellings of the same name share; the panel does not count."""
        return f"{self.noun} {self.number}".casefold().replace("–", "-")

    @property
    def whole(self) -> "Label":
        """The label without its panel."""
        return Label(self.noun, self.number)


def fold(text: str) -> str:
    """Return `text` with digits and blanks of other scripts made ASCII, one character for one character."""
    return "".join(map(_fold_character, text)) if not text.isascii() else text


@cache
def _fold_character(character: str) -> str:
    if ord(character) in _ARABIC_INDIC:
        return _ARABIC_INDIC[ord(character)]
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and (plain.isdigit() or plain.isspace() or character in "．：（），") else character


def noun_pattern(*, plural: bool = True, nouns: tuple[str, ...] = tuple(_SINGULAR)) -> str:
    """Return a regular expression (no groups, any case) for the words that name these nouns, longest first."""
    words = {word for noun in nouns for word in _words(noun, plural=plural)}
    return "|".join(_word_pattern(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def noun_of(word: str) -> str | None:
    """Return the English noun for a printed word.

    >>> noun_of("Abb.")
    'Figure'
    """
    return _nouns().get(_bare(word))


def is_plural(word: str) -> bool:
    """Tell whether a printed word is only ever a plural ("Figs.")."""
    return _bare(word) in _plurals()


def needs_form(word: str) -> bool:
    """Tell whether a word is an abbreviation, which counts in running text only with its dot or a capital."""
    return _bare(word) in _abbreviations()


def parse_label(text: str) -> Label | None:
    """Return the label at the start of `text`, or None.

    >>> str(parse_label("Table S3. Rates by year")), str(parse_label("图 3 结果"))
    ('Table S3', 'Figure 3')
    """
    found = match_label(text)
    return found[0] if found else None


def match_label(text: str) -> tuple[Label, int] | None:
    """Return the label at the start of `text` and the place where its number (and panel) ends."""
    match = _label_pattern().match(fold(text))
    if match is None:
        return None
    noun = noun_of(match["noun"] or match["part"] or match["cjk_noun"])
    number = match["number"] or match["letter"] or match["cjk_number"]
    if noun is None or (match["prefix"] and noun not in CAPTION_KINDS):
        return None
    return Label(noun, _number(number, match["prefix"]), tidy_panel(match["panel"])), match.end()


def tidy_panel(text: str | None) -> str:
    """Return panel letters without brackets and blanks.

    >>> tidy_panel(" (a, c)")
    'a,c'
    """
    return re.sub(r"[()\s]", "", text or "").replace("–", "-")


def tidy_number(text: str) -> str:
    """Return a number as labels carry it: Chinese numerals become digits, dashes plain, no final dot.

    >>> tidy_number("十二")
    '12'
    """
    text = text.strip().rstrip(".")
    if text and all(character in _CJK_DIGITS + "十百" for character in text):
        return str(_cjk_value(text))
    return text.replace("–", "-")


def _number(number: str, prefix: str | None) -> str:
    tidy = tidy_number(number)
    supplementary = prefix is not None and prefix.casefold().startswith(("supp", "online", "extended"))
    return f"S{tidy}" if supplementary and tidy[0].isdigit() else tidy


def _cjk_value(text: str) -> int:
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _CJK_DIGITS.index(character)
    return total + digit


def _words(noun: str, *, plural: bool) -> list[str]:
    return _SINGULAR[noun].split("|") + (_PLURAL.get(noun, "").split("|") if plural else [])


def _word_pattern(word: str) -> str:
    stem = re.escape(word.removesuffix(".")).replace(r"\ ", r"\s+")
    return stem + (r"\.?" if word.endswith(".") else "")


def _bare(word: str) -> str:
    return " ".join(word.casefold().split()).rstrip(".")


@cache
def _nouns() -> dict[str, str]:
    plural = {_bare(word): noun for noun in _PLURAL for word in _PLURAL[noun].split("|")}
    return plural | {_bare(word): noun for noun in _SINGULAR for word in _SINGULAR[noun].split("|")}


@cache
def _plurals() -> frozenset[str]:
    singular = {_bare(word) for words in _SINGULAR.values() for word in words.split("|")}
    return frozenset(_bare(word) for words in _PLURAL.values() for word in words.split("|")) - singular


@cache
def _abbreviations() -> frozenset[str]:
    words = [word for noun in _SINGULAR for word in _words(noun, plural=True)]
    return frozenset(_bare(word) for word in words if word.endswith("."))


@cache
def _label_pattern() -> re.Pattern[str]:
    nouns = noun_pattern()
    parts = noun_pattern(nouns=tuple(sorted(SECTION_NOUNS)))
    cjk = "|".join(
        sorted(("图", "圖", "図", "表", "表格", "插图", "公式", "式", "章", "节", "節"), key=len, reverse=True)
    )
    return re.compile(
        rf"\s*(?:(?P<prefix>(?i:{_PREFIX_WORDS}))?(?P<noun>(?i:{nouns}))\s*(?:(?i:no|nr|n°|№)\.?\s*)?[(\[]?"
        rf"(?P<number>{_HYPHENATED})(?!\d)(?P<panel>{_PANEL})?[)\]]?"
        rf"|(?P<part>(?i:{parts}))\s*(?P<letter>{_LETTER})"
        rf"|(?P<cjk_noun>{cjk})\s*(?P<cjk_number>{_CJK_NUMBER}))"
    )
