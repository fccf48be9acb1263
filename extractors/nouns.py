"""The words by which languages name numbered things, and what each means in English.

Eleven languages have words for all of them; some twenty others, for tables and figures, which captions open with.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

# Spellings per noun: English, German, French, Spanish, Italian, Portuguese, Russian, Arabic, Chinese, Japanese, Korean;
# then Dutch, the languages of Scandinavia, Polish, Czech, Slovak, Turkish, Finnish, Greek and others.
# "stem+a,b" stands for "stema|stemb". A final "." marks an abbreviation, which needs its dot or a capital letter to
# count in running text; a plural is a word of its own, because only a plural makes "2-4" a range beyond doubt.
_SINGULAR: dict[str, str] = {
    "Table": "table|tab.|tbl.|tableau|tabelle|übersicht|tabla|cuadro|tabella|tavola|tabela|quadro|"
    "таблиц+а,е,у,ей|табл.|جدول|الجدول|表|表格|附表|표|"
    "tabell|tabel|tabulka|tabuľka|tabul+ce,ky,ku|tabuľk+e,y,u|tablica|tablic+i,y,ę|tabel+i,ę|tablo|çizelge|"
    "taulukko|taulukossa|taulukon|tabelul|taula|bảng|табел+а,и,у|таблиц+я,і,ю|πίνακ+ας,α|טבלה",
    "Figure": "figure|fig.|abbildung|abb.|bild|bildes|schaubild|illustration|figura|ilustración|imagen|imagem|immagine|"
    "рисун+ок,ка,ку,ком,ке|рис.|شكل|الشكل|图|圖|図|插图|附图|图片|그림|도표|"
    "figuur|figur|figur+en,er|rysun+ek,ku,kiem|rys.|ryc.|obráz+ek,ku,kem|obráz+ok,ka,kom|obr.|slika|slik+i,e,u|şekil|kuva|kuvassa|kuvan|"
    "joonis|hình|gambar|фигура|фиг.|слик+а,е,у,и|σχήμα|εικόνα|شکل|איור",
    "Scheme": "scheme|schéma|esquema|схем+а,е,у,ой",
    "Chart": "chart|диаграмм+а,е,у,ой",
    "Graph": "graph|graphique|grafik|diagramm|grafico|gráfico|gráfica|график+,а,у,ом,е",
    "Plate": "plate|planche|tafel|lámina",
    "Map": "map|karte|carte|mapa",
    "Exhibit": "exhibit",
    "Box": "box|encadré|kasten|recuadro",
    "Equation": "equation|eq.|eqn.|equ.|formula|gleichung|gl.|formel|équation|éq.|formule|ecuación|ec.|fórmula|"
    "equazione|equação|уравнени+е,ю,ем,и|формул+а,е,у,ой|ур.|معادلة|المعادلة|公式|方程|方程式|等式|式|수식|식",
    "Section": "section|subsection|sub-section|sec.|sect.|§|abschnitt+,s,es,e|abschn.|unterabschnitt|sous-section|"
    "sección|apartado|sezione|paragrafo|seção|secção|раздел+,а,у,ом,е|подраздел+,а,у,ом,е|разд.|параграф+,а,у,ом,е|القسم|قسم|"
    "节|節|小节|절",
    "Chapter": "chapter|chap.|ch.|kapitel+,s|kap.|chapitre|capítulo|cap.|capitolo|глав+а,е,у,ой|гл.|الفصل|الباب|章|장",
    "Appendix": "appendix|app.|annex|anhang+,s,es|anlage|annexe|apéndice|anexo|appendice|allegato|apêndice|"
    "приложени+е,ю,ем,и|прил.|الملحق|ملحق|附录|附錄|付録|부록",
    "Algorithm": "algorithm|alg.|algorithmus|algorithme|algoritmo|алгоритм+,а,у,ом,е|الخوارزمية|"
    "算法|アルゴリズム|알고리즘",
    "Listing": "listing|lst.|quelltext|listado|listato|листинг+,а,у,ом,е|代码清单|リスト",
}
_PLURAL: dict[str, str] = {
    "Table": "tables|tabs.|tableaux|tabellen|übersichten|tablas|cuadros|tabelle|tavole|tabelas|quadros|"
    "таблиц+,ы,ам,ами,ах|الجداول|جداول|الجدولين|الجدولان",
    "Figure": "figures|figs.|figg.|abbildungen|abbn.|bilder|bildern|figuras|figure|ilustraciones|immagini|imagens|"
    "рисунк+и,ов,ам,ами,ах|الأشكال|أشكال|الشكلين|الشكلان",
    "Scheme": "schemes|schémas|esquemas|схем+,ы,ам,ами,ах",
    "Chart": "charts|диаграмм+,ы,ам,ами,ах",
    "Graph": "graphs|graphiques|grafiken|diagramme|gráficos|gráficas|grafici|график+и,ов,ам,ами,ах",
    "Plate": "plates|planches|tafeln",
    "Map": "maps|karten|cartes|mapas",
    "Exhibit": "exhibits",
    "Box": "boxes|encadrés|kästen|recuadros",
    "Equation": "equations|eqs.|eqns.|formulas|formulae|gleichungen|gln.|formeln|équations|éqs.|formules|ecuaciones|"
    "ecs.|fórmulas|equazioni|equações|уравнени+я,й,ям,ями,ях|формул+,ы,ам,ами,ах|المعادلات|المعادلتين",
    "Section": "sections|subsections|secs.|sects.|§§|abschnitte|abschnitten|secciones|apartados|sezioni|paragrafi|"
    "seções|secções|раздел+ы,ов,ам,ами,ах|الأقسام|القسمين",
    "Chapter": "chapters|chaps.|kapiteln|chapitres|capítulos|caps.|capitoli|глав+,ы,ам,ами,ах|الفصول|الفصلين",
    "Appendix": "appendices|appendixes|annexes|anhänge|anhängen|anlagen|apéndices|anexos|appendici|apêndices|"
    "приложени+я,й,ям,ями,ях|الملاحق|الملحقين",
    "Algorithm": "algorithms|algs.|algorithmen|algorithmes|algoritmos|algoritmi|алгоритм+ы,ов,ам,ами,ах",
    "Listing": "listings|listados|listati|листинг+и,ов,ам,ами,ах",
}
# Words that stand before a number without naming anything, unless they are written with a capital.
# fmt: off
_COMMON = frozenset(
    {
        "scheme", "schemes", "chart", "charts", "graph", "graphs", "plate", "plates", "map", "maps", "box", "boxes",
        "exhibit", "exhibits", "formula", "formulas", "carte", "cartes", "mapa", "mapas", "imagen", "imagem",
        "bild", "bilder",
    }
)
# fmt: on
# Chinese and Japanese write no blanks, so a word of theirs may be the end of a longer one: "代表 3", "方式 2".
_LONGER = {
    "表": "代发發列報报仪儀手外钟鐘填年日课",
    "图": "地试試意企力视視构構",
    "圖": "地意企力視試構",
    "図": "地意企",
    "式": "方形模格样様樣型程株正公表算数数等仪儀",
    "章": "文规規印徽勋肩",
    "節": "季環细細调調情関關",
    "节": "季环细细调情关",
}
_PARTING = "如见見在从從由和与與及至到据據参參照的以按对對将將把则則即而是该該本下上于於看用の、はがにをともや"
_NUMERO = r"(?:\s*(?:[Nn][or]\.|[Nn]\.?\s?[°ºo]\.?|[Nn][úu]m\.|№|#))?"
_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u9fff"
# A digit may touch the word, a letter only a word that cannot go on with it: "Fig.A.1", "附录A", but not "Tablet".
_WORD = re.compile(
    rf"(?<![^\W\d_])(?:[^\W\d_]+(?:-[^\W\d_]+)?\.?|§{{1,2}})(?={_NUMERO}"
    rf"(?:\s*[(\[]?\s?[\d〇一二三四五六七八九十]|(?:\s+|(?<=[.§{_IDEOGRAPHS}가-힣]))[(\[]?\s?[A-Z]))"
)
# The same for text of ASCII alone, whose words never give up their last letters: most words stand before no number.
_PLAIN_WORD = re.compile(
    rf"(?<![A-Za-z])[A-Za-z]++(?:-[A-Za-z]++)?+\.?+(?={_NUMERO}(?:\s*[(\[]?\s?\d|(?:\s+|(?<=\.))[(\[]?\s?[A-Z]))"
)
_GLUED_NUMERO = re.compile(r"[A-Za-z][Nn](?:[or]\.|\.?\s?o\.?)\s*[(\[]?\s?[\dA-Z]")
_NUMERO_SKIP = re.compile(rf"{_NUMERO}\s*")
_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPHS}]")
_LONGEST_IDEOGRAPHIC = 6


class Noun(NamedTuple):
    """A word that names a numbered thing: its place in the text, and the place where its number may begin."""

    start: int
    end: int
    name: str
    word: str
    number: int


def find_nouns(text: str) -> Iterator[Noun]:
    """Yield the words of `text` that name numbered things and stand before what may be a number.

    Args:
        text: folded (`extractors.labels.fold`).
    """
    plain = text.isascii() and not _GLUED_NUMERO.search(text)
    for match in (_PLAIN_WORD if plain else _WORD).finditer(text):
        if (noun := _noun(text, match)) is not None:
            yield noun


def noun_at(text: str, place: int) -> Noun | None:
    """Return the noun that begins at `place` of a folded text."""
    match = _WORD.match(text, place)
    noun = _noun(text, match) if match else None
    return noun if noun is not None and noun.start == place else None


def _noun(text: str, match: re.Match[str]) -> Noun | None:
    start, end = match.span()
    if _IDEOGRAPH.match(text, end - 1):
        start = _ideographic_start(text, start, end)
    word = text[start:end]
    name = noun_of(word)
    if name is None or (word.endswith(".") and not needs_form(word)) or _is_code(word, text[end : end + 1]):
        return None
    skip = _NUMERO_SKIP.match(text, end)
    return Noun(start, end, name, word, skip.end() if skip else end)


def _is_code(word: str, following: str) -> bool:
    """Tell code and names of files ("table[1]", "chapter1", "CH1") from nouns without a blank before their number."""
    if following == "[":
        return word.isascii() and word.islower()
    return following.isdigit() and word.isascii() and (word.islower() or (word.isupper() and needs_form(word)))


def is_compound(text: str, noun: Noun) -> bool:
    """Tell whether an ideographic noun may be the end of a longer word: nothing before it parts words."""
    before = text[noun.start - 1 : noun.start]
    return bool(_IDEOGRAPH.match(noun.word) and _IDEOGRAPH.match(before)) and before not in _PARTING


def _ideographic_start(text: str, start: int, end: int) -> int:
    """Return where the longest known word that ends at `end` begins; `end` when it is but the end of another word."""
    for place in range(max(start, end - _LONGEST_IDEOGRAPHIC), end):
        if text[place:end] in _nouns():
            inside = place > 0 and text[place - 1] in _LONGER.get(text[place:end], "")
            return end if inside else place
    return end


def noun_of(word: str) -> str | None:
    """Return the English noun for a printed word.

    >>> noun_of("Abb."), noun_of("таблицах"), noun_of("والشكل"), noun_of("chair")
    ('Figure', 'Table', 'Figure', None)
    """
    return _nouns().get(_bare(word))


def is_plural(word: str) -> bool:
    """Tell whether a printed word is only ever a plural ("Figs."), or of a language without plurals."""
    return _bare(word) in _plurals() or bool(re.match(rf"[{_IDEOGRAPHS}가-힣]", word))


def needs_form(word: str) -> bool:
    """Tell whether a word is an abbreviation, which counts in running text only with its dot or a capital."""
    return _bare(word) in _abbreviations()


def is_name(word: str) -> bool:
    """Tell a name ("Table 3", "fig. 2") from a common word before a number ("map 3")."""
    if not word[0].islower():
        return True
    return word.endswith(".") or not (needs_form(word) or word in _COMMON)


def _words(nouns: Iterable[str]) -> Iterator[str]:
    for entry in (entry for spellings in nouns for entry in spellings.split("|")):
        stem, _, endings = entry.partition("+")
        for ending in endings.split(","):
            yield from _with_particles(stem + ending)


def _with_particles(word: str) -> Iterator[str]:
    """Yield a word, and if it is Arabic also with the particles that are written as one with it (and, in, as, to)."""
    yield word
    if "\u0621" <= word[0] <= "\u064a":
        yield from (particle + word for particle in ("و", "ف", "ب", "ك", "وب", "وك"))
        merged = word.removeprefix("ا") if word.startswith("ال") else word
        yield from (particle + merged for particle in ("ل", "ول"))


def _bare(word: str) -> str:
    return word.casefold().rstrip(".")


@cache
def _nouns() -> dict[str, str]:
    tables = (_PLURAL, _SINGULAR)
    return {_bare(word): noun for table in tables for noun, words in table.items() for word in _words([words])}


@cache
def _plurals() -> frozenset[str]:
    return frozenset(map(_bare, _words(_PLURAL.values()))) - frozenset(map(_bare, _words(_SINGULAR.values())))


@cache
def _abbreviations() -> frozenset[str]:
    words = _words([*_SINGULAR.values(), *_PLURAL.values()])
    return frozenset(_bare(word) for word in words if word.endswith("."))
