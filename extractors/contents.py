"""Lists of contents, of figures and of tables: their entries look like headings and mentions, and are neither."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from extractors.raw import Block
from schemas.kinds import ElementKind

_TEXTUAL = frozenset({ElementKind.PARAGRAPH, ElementKind.LIST_ITEM, ElementKind.FORMULA})
_LEADERS = re.compile(r"(?:[.·]\s?){4,}\s*|…{2,}")
_ENTRY = re.compile(r"\S.*?[\s.…·](?:\d{1,4}|[ivxlcIVXLC]{1,7})$", re.DOTALL)
# fmt: off
_TITLES = frozenset(
    {
        "contents", "tableofcontents", "listoffigures", "listoftables", "figures", "tables", "inhalt",
        "inhaltsverzeichnis", "abbildungsverzeichnis", "tabellenverzeichnis", "sommaire", "tabledesmatières",
        "tabledesfigures", "listedesfigures", "listedestableaux", "índice", "índicegeneral", "contenido",
        "índicedefiguras", "índicedetablas", "índicedecuadros", "indice", "sommario", "indicedellefigure",
        "elencodellefigure", "elencodelletabelle", "conteúdo", "sumário", "listadefiguras", "listadetabelas",
        "оглавление", "содержание", "списокрисунков", "списоктаблиц", "目录", "目錄", "目次", "图目录", "表目录",
        "插图目录", "表格目录", "図目次", "表目次", "차례", "목차", "그림차례", "표차례", "المحتويات", "فهرس",
        "فهرسالمحتويات",
    }
)
# fmt: on
_LEAST_ENTRIES = 3
_LEAST_SHARE = 0.5
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
    goes_on = False
    for page in sorted(pages):
        indices = pages[page]
        goes_on = goes_on and page - 1 in pages
        title = next((place for place, index in enumerate(indices) if is_contents_title(blocks[index].text)), None)
        after = indices if goes_on or title is None else indices[title:]
        entries = [index for index in after if _is_entry(blocks[index])]
        led = [index for index in indices if _LEADERS.search(blocks[index].text)]
        dense = len(entries) >= _LEAST_ENTRIES and len(entries) >= _LEAST_SHARE * len(after)
        goes_on = len(entries) > 0 and (dense or title is not None) and (goes_on or title is not None or len(led) > 2)
        found.update(entries if goes_on else led)
    return frozenset(found)


def is_contents_title(text: str) -> bool:
    """Tell whether a block is the title of a list of contents."""
    return len(text) < 40 and "".join(filter(str.isalpha, text.casefold())) in _TITLES


def _is_entry(block: Block) -> bool:
    if _LEADERS.search(block.text):
        return True
    return len(block.text) <= _LONGEST and _ENTRY.match(block.text) is not None and any(map(str.isalpha, block.text))
