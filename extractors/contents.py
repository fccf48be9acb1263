"""Lists of contents, of figures and of tables: their entries look like headings and mentions, and are neither."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from extractors.labels import squeeze
from extractors.raw import Block
from schemas.kinds import ElementKind

_TEXTUAL = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.FORMULA})
_LEADERS = re.compile(r"(?:[.·]\s?){4,}\s*|…{2,}")
_PAGE = re.compile(r"\d{1,4}$")
_ENTRY = re.compile(r"\S.*?[^\w/](?:\d{1,4}|[ivxlcIVXLC]{1,7})$|^(?:\d{1,4}|[ivxlc]{1,7})$", re.DOTALL)
_NUMBERED = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?\s+\D.*\s(?:\d{1,4}|[ivxlc]{1,7})$")
# fmt: off
_TITLES = frozenset(
    {
        "contents", "tableofcontents", "listoffigures", "listoftables", "figures", "tables", "inhalt",
        "inhaltsverzeichnis", "abbildungsverzeichnis", "tabellenverzeichnis", "sommaire", "tabledesmatières",
        "tabledesfigures", "listedesfigures", "listedestableaux", "índice", "índicegeneral", "contenido",
        "índicedefiguras", "índicedetablas", "índicedecuadros", "indice", "sommario", "indicedellefigure",
        "elencodellefigure", "elencodelletabelle", "conteúdo", "sumário", "listadefiguras", "listadetabelas",
        "оглавление", "содержание", "списокрисунков", "списоктаблиц", "目录", "目錄", "目次", "图目录", "表目录",
        "插图目录", "表格目录", "図目次", "表目次", "차례", "목차", "그림차례", "표차례", "표목차", "그림목차",
        "المحتويات", "فهرس", "فهرسالمحتويات",
    }
)
# fmt: on
# "Table des matières abrégée"
_LONG_TITLES = tuple(sorted(title for title in _TITLES if len(title) > 12))
_LONGEST_TITLE = 40
_LEAST_ENTRIES = 3
_LEAST_SHARE = 0.4
_FEW = 4
_LONGEST = 160


def find_contents(blocks: Sequence[Block], skip: Collection[int] = ()) -> frozenset[int]:
    """Return the places in `blocks` of the entries of lists of contents.

    An entry ends with a page number; it stands below a title that says so, or among others of its kind, or has leaders.
    """
    pages: dict[int, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if index not in skip and block.kind in _TEXTUAL and not block.mono:
            pages[block.page_index].append(index)
    found: set[int] = set()
    open_page = -2
    for page in sorted(pages):
        listed = _listed(blocks, pages[page], goes_on=open_page == page - 1)
        found.update(listed)
        found.update(index for index in pages[page] if _LEADERS.search(blocks[index].text))
        if listed and listed[-1] in pages[page][-_FEW:]:
            open_page = page
    return frozenset(found)


def _listed(blocks: Sequence[Block], indices: Sequence[int], *, goes_on: bool) -> list[int]:
    """Return what stands on a page between the title of a list of contents (or the page's top) and its last entry."""
    title = next((place for place, index in enumerate(indices) if is_contents_title(blocks[index].text)), None)
    if title is None and not goes_on:
        return []
    after = [
        index for index in indices[0 if title is None else title + 1 :] if not is_contents_title(blocks[index].text)
    ]
    after = after[: _end(blocks, after)]
    entries = [place for place, index in enumerate(after) if _is_entry(blocks[index])]
    dense = len(entries) >= _LEAST_ENTRIES and len(entries) >= _LEAST_SHARE * (entries[-1] + 1)
    if not dense:
        return _rest(blocks, after) if title is None else []
    return [index for index in after[: entries[-1] + 1] if len(blocks[index].text) <= _LONGEST]


def _rest(blocks: Sequence[Block], indices: Sequence[int]) -> list[int]:
    """Return what is left of a list on its last page: an entry or two, right at the top or below a running head."""
    places = [place for place, index in enumerate(indices[:_FEW]) if _NUMBERED.match(blocks[index].text)]
    first = next(iter(places), _FEW)
    return [indices[place] for place in range(first, first + len(places)) if place in places] if first <= 1 else []


def _end(blocks: Sequence[Block], indices: Sequence[int]) -> int:
    """Return how many blocks a list takes at most: running text ends it, and the first heading that it has listed."""
    listed: set[str] = set()
    for place, index in enumerate(indices):
        words = _words(blocks[index].text)
        if not _is_entry(blocks[index]) and (len(blocks[index].text) > _LONGEST or words in listed):
            return place
        listed.add(words)
    return len(indices)


def _words(text: str) -> str:
    return _PAGE.sub("", squeeze(_LEADERS.sub("", text)))


def is_contents_title(text: str) -> bool:
    """Tell whether a block is the title of a list of contents."""
    plain = "".join(filter(str.isalpha, text.casefold())) if len(text) < _LONGEST_TITLE else ""
    return plain in _TITLES or plain.startswith(_LONG_TITLES)


def _is_entry(block: Block) -> bool:
    if _LEADERS.search(block.text):
        return True
    return len(block.text) <= _LONGEST and _ENTRY.match(block.text) is not None
