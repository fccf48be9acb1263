import pytest

from generators.checks.self_containment import check_findable, check_label, check_reference
from schemas.kinds import Verdict


@pytest.mark.parametrize(
    "text",
    [
        "How much did it land in 2020?",
        "What did they license in 2020?",
        "What is its total in 2020?",
        "What accuracy does the proposed method reach?",
        "What does the model predict?",
        "How many people took part in the study?",
        "Which metric does the algorithm optimise?",
        "What did the company earn in 2020?",
    ],
)
def test_loose_references_are_caught(sample, text):
    assert check_reference(sample.asking(text), sample.views).reason_code == "unresolved_reference"


@pytest.mark.parametrize(
    "text",
    [
        "Which city in Norway increased its catch in 2020?",
        "What does the model of Beverton and Holt predict?",
        "How many people took part in the survey on housing?",
        "Which country licensed trawlers because they were old?",
        "According to “Herring in Norway”, how much did it cost to license a trawler?",
        "In the North Sea Fisheries Yearbook, what does the survey say?",
        "What did the company Equinor earn in 2020?",
        "Which share of the region where herring spawns is closed?",
    ],
)
def test_resolved_references_pass(sample, text):
    assert check_reference(sample.asking(text), sample.views).verdict == Verdict.PASS


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("What is the highest value in Table 3?", Verdict.FAIL),
        ("What does Fig. 2 show for 2020?", Verdict.FAIL),
        ("What is stated on page 7?", Verdict.FAIL),
        ("What does Section 4.1 describe?", Verdict.FAIL),
        ("What is the highest value in Table 1 of the North Sea Fisheries Yearbook?", Verdict.PASS),
        ("Which landing is highest in Table 1 on herring landings?", Verdict.PASS),
        ("What is the highest landing of herring?", Verdict.PASS),
        ("What does “Table 3 and more” say?", Verdict.PASS),
    ],
)
def test_labels_need_their_document(sample, text, verdict):
    question = sample.asking(text)
    question = type(question)(**{**_fields(question), "evidence": sample.table_question.evidence})
    assert check_label(question, sample.views).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("What is the highest value in 2020?", Verdict.FAIL),
        ("Which number is reported for the total?", Verdict.FAIL),
        ("What was the average?", Verdict.FAIL),
        ("How many trawlers are there?", Verdict.FAIL),
        ("How many trawlers did the Fisheries Directorate in Bergen license in 2020?", Verdict.PASS),
        ("How many trawlers does the North Sea Fisheries Yearbook count?", Verdict.PASS),
    ],
)
def test_findable(sample, text, verdict):
    assert check_findable(sample.asking(text), sample.views).verdict == verdict


def _fields(question):
    return {name: getattr(question, name) for name in question.__dataclass_fields__}
