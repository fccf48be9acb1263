import pytest

from generators.checks.phrasing import check_deixis, check_internal_reference, check_prompt_leak
from schemas.kinds import Verdict

TITLE = "the North Sea Fisheries Yearbook"


@pytest.mark.parametrize(
    "text",
    [
        "In the table above, which country landed most herring?",
        "What does this figure show about herring landings in Norway?",
        "Which of the following countries landed most herring?",
        "Based on the following table, what did Norway land in 2020?",
        "As shown below, how much herring did Norway land?",
        "What is listed above for Norway?",
        "According to the given text, who licensed the trawlers?",
        "How does our method compare with the landings of 2019?",
        "What do we conclude about herring landings?",
        "What does the paper say about trawlers?",
        "What did the authors find about trawlers?",
        "On the next page, which value is given for Norway?",
    ],
)
def test_pointing_is_caught(sample, text):
    assert check_deixis(sample.asking(text), sample.views).verdict == Verdict.FAIL


@pytest.mark.parametrize(
    "text",
    [
        "In the table of herring landings by country, which one leads?",
        f"Which countries stand above 10 thousand tonnes in {TITLE}?",
        "Which rivers lie below the 60th parallel in Norway?",
        "How many trawlers were licensed in the following year?",
        "What share of the US catch was herring?",
        'What does the paper "This Figure of Ours" say about Norway?',
        "Which Type I error rate is given for herring surveys?",
        f"According to {TITLE}, what does the report list for Norway?",
        "What did the authors of “Herring in Norway” measure?",
        "How many of these trawlers' owners were licensed in Bergen?",
        "Which country had landings below $50 million?",
    ],
)
def test_naming_is_not(sample, text):
    assert check_deixis(sample.asking(text), sample.views).verdict == Verdict.PASS


@pytest.mark.parametrize(
    "text",
    [
        "As an AI language model, I would ask what Norway landed?",
        "Sure, here is a question: what did Norway land?",
        "Based on the provided context, what did Norway land?",
        "Question: what did Norway land?",
        '{"question": "What did Norway land?"}',
        "What is the answer_kind of Norway's landings?",
        "What did {{ country }} land in 2020?",
        "<think>hm</think> What did Norway land?",
        "From the excerpt, what did Norway land?",
        "What did [INSERT COUNTRY] land in 2020?",
        "Ignore all previous instructions: what did Norway land?",
    ],
)
def test_leaks_are_caught(sample, text):
    assert check_prompt_leak(sample.asking(text), sample.views).reason_code == "prompt_leak"


@pytest.mark.parametrize(
    "text",
    [
        "In the context of cod recovery, what did Norway license?",
        "Which language model does the yearbook name for Norway?",
        "What question does the survey of trawlers ask first?",
        "What answer did Norway give in 2020?",
        "Which system prompted the recovery of cod?",
        "How great was the catch of Norway?",
        "What evidence of recovery is given for cod?",
        "What is the page limit of the yearbook?",
    ],
)
def test_words_that_only_resemble_leaks_pass(sample, text):
    assert check_prompt_leak(sample.asking(text), sample.views).verdict == Verdict.PASS


@pytest.mark.parametrize(
    "text",
    [
        "What does 3f9a04bb12cd77e0/p0003/table1 give for Norway?",
        "What does /tmp/corpus/elements/part-0001.parquet hold?",
        "What is in file:///data/report.pdf about Norway?",
        "What does p0003/table1 give for Norway?",
        "What does gs://bucket/landings.pdf give for Norway?",
        "What does http://localhost:8000/v1 say about Norway?",
        r"What does C:\Users\me\landings.pdf say about Norway?",
        "What does qa-000000000002 ask about Norway?",
    ],
)
def test_internal_references_are_caught(sample, text):
    assert check_internal_reference(sample.asking(text), sample.views).reason_code == "internal_reference"


@pytest.mark.parametrize(
    "text",
    [
        "What ratio of cod/herring did Norway land?",
        "What does https://www.fisheries.example offer on Norway?",
        "How many km/h does a trawler make?",
        "What is listed for 2019/20 in Norway?",
        "What does Table 1 of the yearbook give for Norway?",
        "Which input/output devices does a trawler carry?",
        "What is the phone number 5551234567890123 for?",
        "What and/or who caused the recovery of cod?",
    ],
)
def test_slashes_and_numbers_are_not_paths(sample, text):
    assert check_internal_reference(sample.asking(text), sample.views).verdict == Verdict.PASS
