import pytest

from generators.frames import find_frames
from generators.sentences import sentence_spans
from schemas.kinds import QuestionType

LOWER = frozenset({"small", "exercises", "classes"})


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "RcppEigen provides access from R (Smith 2021) to the Eigen library [3, 4].",
            "What does RcppEigen provide?",
            "access from R to the Eigen library",
        ),
        (
            "Small exercises cover the basic syntax of R, which takes two hours.",
            "What do small exercises cover?",
            "the basic syntax of R",
        ),
        (
            "PyWeather allows students to download climate data without code.",
            "What does PyWeather allow students to do?",
            "download climate data without code",
        ),
        (
            "The toolbox is designed to teach numerical methods.",
            "What is the toolbox designed to do?",
            "teach numerical methods",
        ),
        ("The first course was taught in 2019 at Leiden.", "In which year was the first course taught?", "2019"),
        ("Manim Slides is a Python package for talks.", "What is Manim Slides?", "a Python package for talks"),
        (
            "Small classes were chosen because beginners need individual help.",
            "Why were small classes chosen?",
            "beginners need individual help",
        ),
        (
            "The model relies on two assumptions about errors.",
            "What does the model rely on?",
            "two assumptions about errors",
        ),
    ],
)
def test_a_plain_sentence_answers_its_question(text: str, question: str, answer: str) -> None:
    [frame] = find_frames(text, LOWER)
    assert (frame.question, frame.answer) == (question, answer)
    assert text[frame.span.start : frame.span.end] == text
    why = frame.question.startswith("Why")
    assert frame.question_type == (QuestionType.LOGICAL_REASONING if why else QuestionType.FACTUAL_RETRIEVAL)


@pytest.mark.parametrize(
    "text",
    [
        "It provides access to the library of methods.",
        "This package offers several options to its users.",
        "The implementation weighs in at 218 lines and defines 645 functions.",
        "GPU-FPX provides detailed feedback on this program.",
        "TSML uses a pipeline, which calls many functions.",
        "What the method offers is unclear.",
        "The latter provides hurdle models and zero inflation.",
        "The method provides an interesting hybrid: It uses both classes.",
        "The package provides a helper without a full stop",
        "",
    ],
)
def test_what_is_not_plain_gives_nothing(text: str) -> None:
    assert find_frames(text, LOWER) == []


def test_sentences_end_where_readers_think() -> None:
    text = "As Fig. 2 shows (cf. Smith et al. 2020), it holds.  “Really?” Yes. J. Doe agrees"
    assert [text[span.start : span.end] for span in sentence_spans(text)] == [
        "As Fig. 2 shows (cf. Smith et al. 2020), it holds.",
        "“Really?”",
        "Yes.",
        "J. Doe agrees",
    ]
