from extractors.contents import find_contents, is_contents_title
from extractors.raw import Block
from schemas.geometry import Box
from schemas.kinds import ElementKind


def blocks(*texts: str, page: int = 0) -> list[Block]:
    return [Block(page, ElementKind.PARAGRAPH, Box(0, 20 * n, 99, 20 * n + 9), text) for n, text in enumerate(texts)]


def test_entries_under_a_title_are_contents_up_to_the_last_of_them() -> None:
    listed = blocks(
        "Inhaltsverzeichnis",
        "1 Einleitung 5",
        "2 Daten 9",
        "2.1 Quellen",
        "3 Schluss 12",
        "1 Einleitung",
        "Es war so.",
    )
    assert find_contents(listed) == {1, 2, 3, 4}


def test_a_list_goes_on_over_pages() -> None:
    first, second = blocks("Contents", "1 A 5", "2 B 9", "3 C 12"), blocks("4 D 15", "5 E 17", "F xii", page=1)
    assert find_contents([*first, *second]) == {1, 2, 3, 4, 5, 6}


def test_the_first_heading_that_is_listed_ends_the_list() -> None:
    listed = blocks("Contents", "1 Aims", "2 Data 3", "2.1 Sources 4", "3 End 9", "1 Aims", "By Smith", "2", "6")
    assert find_contents(listed) == {1, 2, 3, 4}


def test_leaders_are_enough() -> None:
    assert find_contents(blocks("Methods . . . . . . 7", "A sentence.", "Born in 1999")) == {0}


def test_text_that_ends_with_numbers_is_no_list_without_a_title() -> None:
    assert not find_contents(blocks("In Table 3", "on page 17", "of Figure 2", "in 2003"))


def test_titles_in_many_languages() -> None:
    titles = ("CONTENTS", "Table des matières abrégée", "目 录", "목차", "Índice general", "Оглавление")
    assert all(map(is_contents_title, titles))
    assert not is_contents_title("Contents of the package")


def test_the_last_entry_of_a_list_may_stand_alone_on_its_page() -> None:
    first = blocks("Contents", "1 Aims 5", "2 Data 9", "3 Model 12")
    last = blocks("A handbook", "4 Example 16", "1 Aims", "We aim high.", page=1)
    assert find_contents([*first, *last]) == {1, 2, 3, 5}


def test_a_heading_below_a_list_is_no_rest_of_it() -> None:
    first = blocks("Contents", "1 Aims 5", "2 Data 9", "3 Model 12")
    assert find_contents([*first, *blocks("1 Aims", "We aim high.", "2 Data 9", page=1)]) == {1, 2, 3}
