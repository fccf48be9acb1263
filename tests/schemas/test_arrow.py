"""Records survive the way through Arrow and Parquet, whatever they hold."""

from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrow import arrow_schema, from_plain, from_table, to_plain, to_table
from schemas.geometry import Box, box
from schemas.kinds import ElementKind, Modality, TextSource
from schemas.records import Cell, Document, Element, Image, Link, Page, Question
from schemas.tables import TABLES

_NUMBERS = st.floats(min_value=-1e4, max_value=1e4, allow_nan=False)
_BOXES = st.builds(box, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_CELLS = st.builds(Cell, row=st.integers(0, 9), col=st.integers(0, 9), text=_TEXT, bbox=st.none() | _BOXES)
_ELEMENTS = st.builds(
    Element,
    element_id=_TEXT,
    doc_id=_TEXT,
    page_index=st.integers(0, 99),
    order=st.integers(0, 99),
    kind=st.sampled_from(ElementKind),
    bbox=_BOXES,
    text=_TEXT,
    label=st.none() | _TEXT,
    section_path=st.lists(_TEXT, max_size=3).map(tuple),
    cells=st.lists(_CELLS, max_size=3).map(tuple),
)
_QUESTIONS = st.from_type(Question)


@settings(max_examples=50)
@given(st.lists(_ELEMENTS, max_size=4))
def test_elements_survive_arrow(elements: list[Element]) -> None:
    assert from_table(to_table(elements, Element), Element) == elements


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_schema_that_parquet_takes(name: str) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(to_table([], TABLES[name]), sink)
    assert pq.read_schema(pa.BufferReader(sink.getvalue())).names == [part.name for part in fields(TABLES[name])]


def test_nullability_follows_the_record() -> None:
    schema = arrow_schema(Document)
    assert not schema.field("doc_id").nullable
    assert schema.field("title").nullable


def test_a_column_of_other_software_is_ignored_and_a_null_list_is_empty() -> None:
    page = Page("d", 0, "1", 1.0, 1.0, 0, (Modality.TEXT,), TextSource.TEXT_LAYER)
    row = to_plain(page) | {"colour": "red", "modalities": None}
    assert from_plain(row, Page).modalities == ()


def test_a_missing_column_takes_its_default_or_says_so() -> None:
    row = to_plain(Link("a", "b", "mentions"))  # type: ignore[arg-type]
    del row["confidence"]
    assert from_plain(row, Link).confidence == 1.0
    del row["source_id"]
    with pytest.raises(TypeError, match="source_id"):
        from_plain(row, Link)


def test_an_unknown_kind_is_refused() -> None:
    row = to_plain(Link("a", "b", "mentions"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nonsense"):
        from_plain(row | {"kind": "nonsense"}, Link)


def test_image_bytes_stay_bytes() -> None:
    image = Image("i", b"\x00\xff", "png", 1, 1)
    assert from_table(to_table([image], Image), Image) == [image]


@settings(max_examples=25)
@given(_QUESTIONS)
def test_questions_survive_plain_values(question: Question) -> None:
    assert from_plain(to_plain(question), Question) == question


@pytest.mark.parametrize("record", TABLES.values())
def test_no_record_holds_a_dict_or_a_list(record: type) -> None:
    assert is_dataclass(record)
    assert not [name for name, kind in get_type_hints(record).items() if "dict" in str(kind) or "list" in str(kind)]


def test_a_box_is_a_list_of_numbers_in_the_file() -> None:
    element = Element("e", "d", 0, 0, ElementKind.TABLE, Box(1, 2, 3, 4), "")
    assert to_table([element], Element).column("bbox").to_pylist() == [[1, 2, 3, 4]]
