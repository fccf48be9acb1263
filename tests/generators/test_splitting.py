from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.splitting import assign_splits, audit_splits
from schemas.geometry import Box
from schemas.kinds import AnswerKind, EvidenceRole, Modality, QuestionType
from schemas.records import Evidence, Provenance, Question

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}


def _question(
    number: int, *documents: str, split: str | None = None, text: str | None = None, kind: int = 0
) -> Question:
    evidence = tuple(
        Evidence(f"{doc_id}/p0000/table{number}", doc_id, 0, "1", Box(0, 0, 1, 1), Modality.TABLE, EvidenceRole.ANSWER)
        for doc_id in documents
    )
    return Question(
        qa_id=f"{documents[0]}/qa-{number}",
        question=text or f"How many of kind {number} in {' and '.join(documents)}?",
        answer="1",
        answer_kind=AnswerKind.NUMBER,
        question_type=list(QuestionType)[kind],
        answer_modality="table",
        evidence=evidence,
        provenance=Provenance("none", "0"),
        split=split,
    )


def _documents(count: int, each: int = 1) -> list[Question]:
    return [_question(number, f"d{place:03d}") for place in range(count) for number in range(each)]


def test_shares_are_met_in_every_cell() -> None:
    questions = [_question(number, f"d{number:03d}", kind=number % 2) for number in range(200)]
    found = assign_splits(questions, {}, SHARES, seed=1)
    cells = Counter((question.question_type, found[question.qa_id]) for question in questions)
    assert {split: [cells[kind, split] for kind in list(QuestionType)[:2]] for split in SHARES} == {
        "train": [80, 80],
        "validation": [10, 10],
        "test": [10, 10],
    }


def test_families_and_questions_over_two_documents_hold_together() -> None:
    questions = [*_documents(30), _question(99, "d001", "d002")]
    families = {"d003": "d002", "d002": "d002"}
    found = assign_splits(questions, families, {"train": 1, "test": 1}, seed=0)
    tied = {found[f"{doc_id}/qa-0"] for doc_id in ("d001", "d002", "d003")} | {found["d001/qa-99"]}
    assert len(tied) == 1
    assert set(found.values()) == {"train", "test"}


def test_a_large_document_does_not_starve_the_rest() -> None:
    questions = [*(_question(number, "big") for number in range(60)), *_documents(40)]
    counts = Counter(assign_splits(questions, {}, SHARES, seed=3).values())
    assert counts == {"train": 80, "validation": 10, "test": 10}


def test_another_seed_parts_otherwise() -> None:
    questions = _documents(40)
    assert assign_splits(questions, {}, SHARES, seed=1) != assign_splits(questions, {}, SHARES, seed=2)


def test_no_share_is_an_error() -> None:
    with pytest.raises(ValueError, match="above 0"):
        assign_splits(_documents(1), {}, {"train": 0}, seed=0)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=3), min_size=1, max_size=30),
    st.dictionaries(st.integers(0, 12), st.integers(0, 4), max_size=8),
    st.randoms(use_true_random=False),
)
def test_what_is_assigned_passes_the_audit_whatever_the_order(
    asked: list[list[int]], related: dict[int, int], chooser
) -> None:
    families = {f"d{doc}": f"f{family}" for doc, family in related.items()}
    questions = [
        _question(number, *(f"d{doc}" for doc in documents), text=f"question {number % 20}")
        for number, documents in enumerate(asked)
    ]
    found = assign_splits(questions, families, SHARES, seed=7)
    shuffled = chooser.sample(questions, len(questions))
    assert assign_splits(shuffled, families, SHARES, seed=7) == found
    parted = [
        _question(
            number,
            *(f"d{doc}" for doc in documents),
            text=f"question {number % 20}",
            split=found[questions[number].qa_id],
        )
        for number, documents in enumerate(asked)
    ]
    assert audit_splits(parted, families) == []


def test_the_audit_names_all_that_crosses() -> None:
    same = "What is the same?"
    questions = [
        _question(1, "a", split="train", text=same),
        _question(1, "a", split="test", text=same),
        _question(2, "b", split="train"),
        _question(3, "c", split="test"),
    ]
    leaks = audit_splits(questions, {"b": "b", "c": "b"})
    assert [(leak.kind, leak.one, leak.other, leak.count, leak.examples) for leak in leaks] == [
        ("family", "test", "train", 2, ("a", "b")),
        ("document", "test", "train", 1, ("a",)),
        ("evidence", "test", "train", 1, ("a/p0000/table1",)),
        ("question", "test", "train", 1, ("what is the same",)),
    ]


def test_questions_without_a_split_are_a_side_of_their_own() -> None:
    leaks = audit_splits([_question(1, "a"), _question(2, "a", split="train")], {})
    assert ("document", "", "train") in {(leak.kind, leak.one, leak.other) for leak in leaks}
