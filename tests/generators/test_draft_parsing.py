import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.draft_parsing import Draft, DraftReason, Unusable, parse_draft
from generators.draft_repair import loop_in
from generators.engines.exchange import Completion

GOOD = '{"question": "What is it?", "answer": "A thing", "quotes": [{"source": 1, "text": "a thing"}]}'

_WORDS = st.text(alphabet='abc {}[]":,\\\n.12é', min_size=1, max_size=30).map(lambda text: f"x{text}y")
_DRAFTS = st.fixed_dictionaries(
    {
        "question": _WORDS,
        "answer": _WORDS,
        "quotes": st.lists(st.fixed_dictionaries({"source": st.integers(1, 99), "text": _WORDS}), max_size=4),
    }
)


def completion(text: str, reason: str = "stop") -> Completion:
    return Completion("r", text, 1, 1, reason, "m")


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Sure, here it is: {GOOD} Do you need more?",
        f"<think>{{maybe}} this</think>{GOOD}",
        GOOD.replace('"a thing"}]', '"a thing",},]'),
        "{oops} " + GOOD,
        "First I think of {braces}. No.</think>" + GOOD,
        '{"question": "...", "answer": "..."} is the form. ' + GOOD,
        '{"draft": ' + GOOD + "}",
        GOOD.replace('{"source": 1, "text": "a thing"}', '"a thing"').replace("}", ', "cells": null}'),
        GOOD[:-1] + ', {"source": 2, "te',
        GOOD[:-2],
        "**Question:** What is it?\n**Answer:** A thing\n\nHope it helps.\nQuote (source 1): “a thing”",
        'Question: What is it?\nAnswer: A thing\nQuotes:\n- [1] "a thing"\n- [2] "another"',
    ],
)
def test_drafts_are_found_in_what_surrounds_them(text: str) -> None:
    draft = parse_draft(completion(text))
    assert isinstance(draft, Draft)
    assert (draft.question, draft.answer, draft.quotes[0].text) == ("What is it?", "A thing", "a thing")


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        (GOOD[:40], "length", DraftReason.CUT_DRAFT),
        (GOOD[:20], "length", DraftReason.CUT_DRAFT),
        ("Question: What is it?\nAnswer: 66", "length", DraftReason.CUT_DRAFT),
        ("no JSON here", "stop", DraftReason.UNPARSABLE_DRAFT),
        ("[1, 2]", "stop", DraftReason.UNPARSABLE_DRAFT),
        ('{"question": ["a"], "answer": 3}', "stop", DraftReason.UNPARSABLE_DRAFT),
        ("[" * 3000 + "{" * 3000, "stop", DraftReason.UNPARSABLE_DRAFT),
        ('{"question": "", "answer": ""}', "stop", DraftReason.EMPTY_DRAFT),
        ("", "stop", DraftReason.EMPTY_DRAFT),
        ("<think>and on and on", "length", DraftReason.EMPTY_DRAFT),
        ('{"question": "...", "answer": "..."}', "stop", DraftReason.EMPTY_DRAFT),
        ('{"question": "I am unable to ask one.", "answer": "Sorry, no."}', "stop", DraftReason.REFUSAL),
        ("The river is long. " * 200, "length", DraftReason.REPEATS_ITSELF),
        ('{"question": "What?", "answer": "' + "very " * 9 + '"}', "stop", DraftReason.REPEATS_ITSELF),
        ("I'm sorry, but I cannot do that.", "stop", DraftReason.REFUSAL),
        ("whatever", "content_filter", DraftReason.REFUSAL),
    ],
)
def test_useless_answers_have_a_reason(text: str, reason: str, code: DraftReason) -> None:
    found = parse_draft(completion(text, reason))
    assert isinstance(found, Unusable)
    assert found.reason == code


def test_what_is_cut_is_dropped_and_never_finished() -> None:
    draft = parse_draft(
        completion('{"question": "How long?", "answer": "6650", "cells": [{"row": 1, "col": 2}, {"row"')
    )
    assert isinstance(draft, Draft)
    assert [(cell.row, cell.col) for cell in draft.cells] == [(1, 2)]
    number = parse_draft(completion('{"question": "How long?", "quotes": ["a"], "answer": 66', "length"))
    assert isinstance(number, Unusable)


def test_cells_are_read_in_any_form() -> None:
    forms = ["[[1, 2]]", '["1, 2"]', '[{"source": "3", "row": 1, "col": 2}]']
    for form in forms:
        draft = parse_draft(completion(f'{{"question": "Q", "answer": 7, "cells": {form}}}'))
        assert isinstance(draft, Draft)
        assert draft.answer == "7"
        assert [(cell.row, cell.col) for cell in draft.cells] == [(1, 2)]
    lines = parse_draft(completion("Question: Q?\nAnswer: 7\nCells: source 3 row 1, col 2; 4,5"))
    assert isinstance(lines, Draft)
    assert [(cell.source, cell.row, cell.col) for cell in lines.cells] == [(3, 1, 2), (None, 4, 5)]


@given(st.text(max_size=400), st.sampled_from(["stop", "length"]))
def test_any_text_is_a_draft_or_has_a_reason(text: str, reason: str) -> None:
    found = parse_draft(completion(text, reason))
    assert isinstance(found, Unusable) or (found.question and found.answer)


@given(_DRAFTS, st.integers(min_value=1, max_value=200))
def test_a_cut_draft_holds_nothing_that_the_whole_one_does_not(values: dict[str, Any], cut: int) -> None:
    text = json.dumps(values)
    draft = parse_draft(completion(text[: max(len(text) - cut, 0)], "length"))
    if isinstance(draft, Draft):
        assert (draft.question, draft.answer) == (values["question"].strip(), values["answer"].strip())
        whole = [(quote["source"], quote["text"]) for quote in values["quotes"]]
        assert [(quote.source, quote.text) for quote in draft.quotes] == whole[: len(draft.quotes)]


@given(
    _DRAFTS, st.sampled_from(["", "Sure:\n```json\n", "<think>{hm}</think>"]), st.sampled_from(["", "\n```", " Done."])
)
def test_whole_drafts_come_back_whatever_surrounds_them(values: dict[str, Any], before: str, after: str) -> None:
    draft = parse_draft(completion(before + json.dumps(values) + after))
    assert isinstance(draft, Draft)
    assert (draft.question, draft.answer, len(draft.quotes)) == (
        values["question"].strip(),
        values["answer"].strip(),
        len(values["quotes"]),
    )


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8), st.integers(min_value=9, max_value=20))
def test_loops_are_seen_whatever_goes_round(unit: list[str], times: int) -> None:
    assert loop_in("One fine day " + " ".join(unit * times)) is not None


@pytest.mark.parametrize("text", ["0, 0, 0, 0, 0, 0, 0, 0, 0, 0", "the sum of the parts of the whole of the world", ""])
def test_lists_of_equal_numbers_are_no_loop(text: str) -> None:
    assert loop_in(text) is None
