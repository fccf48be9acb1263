import pytest

from generators.draft_parsing import Draft, DraftReason, Unusable, parse_draft
from generators.engines.exchange import Completion

GOOD = '{"question": "What is it?", "answer": "A thing", "quotes": [{"source": 1, "text": "a thing"}]}'


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
    ],
)
def test_drafts_are_found_in_what_surrounds_them(text: str) -> None:
    draft = parse_draft(completion(text))
    assert isinstance(draft, Draft)
    assert (draft.question, draft.answer, draft.quotes[0].text) == ("What is it?", "A thing", "a thing")


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        (GOOD[:40], "length", DraftReason.UNPARSABLE_DRAFT),
        ("no JSON here", "stop", DraftReason.UNPARSABLE_DRAFT),
        ("[1, 2]", "stop", DraftReason.UNPARSABLE_DRAFT),
        ('{"question": ["a"], "answer": 3}', "stop", DraftReason.UNPARSABLE_DRAFT),
        ("[" * 3000 + "{" * 3000, "stop", DraftReason.UNPARSABLE_DRAFT),
        ('{"question": "", "answer": ""}', "stop", DraftReason.EMPTY_DRAFT),
        ("", "stop", DraftReason.EMPTY_DRAFT),
        ("<think>and on and on", "length", DraftReason.EMPTY_DRAFT),
        ("I'm sorry, but I cannot do that.", "stop", DraftReason.REFUSAL),
        ("whatever", "content_filter", DraftReason.REFUSAL),
    ],
)
def test_useless_answers_have_a_reason(text: str, reason: str, code: DraftReason) -> None:
    found = parse_draft(completion(text, reason))
    assert isinstance(found, Unusable)
    assert found.reason == code
