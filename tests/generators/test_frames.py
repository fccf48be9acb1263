import pytest

from generators.frame_phrases import Lexicon
from generators.frames import find_frames
from generators.sentences import sentence_spans
from schemas.kinds import QuestionType

LEXICON = Lexicon(
    names=frozenset({"Manim", "Finch"}),
    common=frozenset({"small", "exercises", "classes", "hurdle", "sparse", "regular"}),
    subjects=frozenset({"workshop"}),
)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "RcppEigen provides access from R (Smith 2021) to the Eigen matrix library [3, 4].",
            "What does RcppEigen provide?",
            "access from R to the Eigen matrix library",
        ),
        (
            "Hurdle models combine a truncated count component with a binary zero part, which takes two fits.",
            "What do hurdle models combine?",
            "a truncated count component with a binary zero part",
        ),
        (
            "PyWeather allows students to download hourly climate data without code.",
            "What does PyWeather allow students to do?",
            "download hourly climate data without code",
        ),
        (
            "The workshop introduces learners to genome assembly on remote clusters.",
            "What does the workshop introduce learners to?",
            "genome assembly on remote clusters",
        ),
        (
            "The workshop is designed to teach numerical linear algebra.",
            "What is the workshop designed to do?",
            "teach numerical linear algebra",
        ),
        (
            "The PyWeather course was taught in 2019 at Leiden.",
            "In which year was the PyWeather course taught?",
            "2019",
        ),
        (
            "Finch is a domain language for weather stations.",
            "What is Finch?",
            "a domain language for weather stations",
        ),
        (
            "Manim Slides is a Python package that makes presenting animations straightforward.",
            "Which Python package makes presenting animations straightforward?",
            "Manim Slides",
        ),
        (
            "The PyWeather guide consists of six chapters.",
            "How many chapters does the PyWeather guide consist of?",
            "six chapters",
        ),
        (
            "The workshop includes over 1,200 minutes of video in two languages.",
            "How many minutes of video does the workshop include?",
            "over 1,200 minutes",
        ),
        (
            "The goal of Finch is to turn mathematical notation into fast code.",
            "What is the goal of Finch?",
            "to turn mathematical notation into fast code",
        ),
        (
            "Small classes were chosen because beginners need individual help.",
            "Why were small classes chosen?",
            "beginners need individual help",
        ),
        (
            "Sparse solvers are faster than dense LAPACK factorizations.",
            "How do sparse solvers compare with dense LAPACK factorizations?",
            "faster than dense LAPACK factorizations",
        ),
        (
            "Finch uses a compact table of wind classes to describe storms and calm days.",
            "What does Finch use to describe storms and calm days?",
            "a compact table of wind classes",
        ),
        (
            "The PyWeather guide was developed by Meyer and Lusardi for the Leiden Weather School in 2004.",
            "Who developed the PyWeather guide?",
            "Meyer and Lusardi",
        ),
        (
            "Manim is based on the portable Cairo drawing backend and employs shaders for moving pictures.",
            "What is Manim based on?",
            "the portable Cairo drawing backend",
        ),
        (
            "PyWeather is based on the partitioning framework of Zeileis, Meyer, and Hornik and employs tests.",
            "What is PyWeather based on?",
            "the partitioning framework of Zeileis, Meyer, and Hornik",
        ),
        (
            "Sparse classes are used to predict future observations, and pls implements a method for them.",
            "What are sparse classes used for?",
            "to predict future observations",
        ),
        (
            "The command setClass defines a formal class with named and typed elements, gives the names of them.",
            "What does the command setClass define?",
            "a formal class with named and typed elements",
        ),
    ],
)
def test_a_plain_sentence_answers_its_question(text: str, question: str, answer: str) -> None:
    [frame] = find_frames(text, LEXICON)
    assert (frame.question, frame.answer) == (question, answer)
    assert text[frame.span.start : frame.span.end] == text
    kinds = {"Why": QuestionType.LOGICAL_REASONING, "How do": QuestionType.COMPARISON}
    expected = next((kind for start, kind in kinds.items() if question.startswith(start)), None)
    assert frame.question_type == (expected or QuestionType.FACTUAL_RETRIEVAL)


@pytest.mark.parametrize(
    "text",
    [
        "It provides access to the library of methods.",
        "This package offers several options to its users.",
        "R provides a flexible implementation of generalized linear models.",
        "The first covers fundamental theoretical concepts of groundwater flow.",
        "Some hurdle models include finite mixtures of generalized regressions.",
        "Regular breaks provide learners and instructors with feedback about progress.",
        "GMDSI promotes the improved use of groundwater modelling in decision support.",
        "Small classes should typically not be compared because an overview is given in Table 3.",
        "GLMs describe the dependence of a scalar variable yi on a vector of regressors xi.",
        "PyWeather provides the statistical methods of Jones and Smith 2021.",
        "Unseen provides climate data without any code.",
        "Finch is a domain language for weather stations.5 In the spirit of others, it is short.",
        "The implementation weighs in at 218 lines and defines 645 functions.",
        "GPU-FPX provides detailed feedback on this program.",
        "TSML uses a pipeline, which calls many functions.",
        "What the method offers is unclear.",
        "The widespread interest and continuous use of hurdle models have spurred the making of many packages.",
        "The mean score of hurdle models is significantly higher than for sparse classes of the same workshop.",
        "The data structures implemented include points, lines, polygons and grids of many kinds.",
        "Small classes were chosen and sparse ones were left out due to the high price of teachers.",
        "The latter provides hurdle models and zero inflation.",
        "The method provides an interesting hybrid: It uses both classes.",
        "RcppEigen provides access to dense matrix classes without a full stop",
        "The covariance matrix of the fixed-effects estimates can be obtained in the usual way with a method.",
        "PyWeather data consist of sets of (x, y, t) stamps, grouped by the name of a station.",
        "Pebesma (2012) describes overlay and aggregation for spatio-temporal data.",
        "Breslow & Chatterjee (1999) use the trial data to illustrate two-phase case-control designs.",
        "PyWeather also includes modules for generating synthetic climate data.",
        "PyWeather now supports a new solver based on the sparse Cholesky factorization.",
        "The path displayed in Figure 5 contains multiple crossings of the northern border.",
        "Points in the grey shaded area represent truncated values of another climate scale.",
        "The criterion functions of PyWeather calculate a value of Akaike, one of Schwarz, and the one of Biernacki.",
        "The additional red lines of PyWeather represent the positions of dummy cities.",
        "Conventional choices for ℓ include margin-based losses of the climate models.",
        "The PyWeather solver produces a smoother image with some lighter lines of clouds.",
        "A novel approach is used to derive the cost of routing climate data.",
        "The PyWeather material is designed to be used in a classroom with group discussion.",
        "",
        "RcppEigen uses RcppEigen to start and communicate with remote processes.",
        "Conventional choices for ℓ include margin-based losses like cross-entropy loss and hinge loss.",
        "Novel PyWeather approaches are required to address the issues raised because of moving nodes and storms.",
    ],
)
def test_what_is_not_plain_gives_nothing(text: str) -> None:
    assert find_frames(text, LEXICON) == []


def test_sentences_end_where_readers_think() -> None:
    text = "As Fig. 2 shows (cf. Smith et al. 2020), it holds.  “Really?” Yes. J. Doe agrees"
    assert [text[span.start : span.end] for span in sentence_spans(text)] == [
        "As Fig. 2 shows (cf. Smith et al. 2020), it holds.",
        "“Really?”",
        "Yes.",
        "J. Doe agrees",
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Nouns taken for verbs, comparisons without their other side, nouns that an earlier sentence brought up.
        "The partition agreement measures “angle” and “diag” are based on solving the same assignment task.",
        "PyWeather aims to make the best of both worlds.",
        "PyWeather uses a relaxation to minimize the total error of forecasts.",
        "The tour found in the example results in a path from Lihue to Prince Rupert in Canada.",
        "A decision is made each day by ad-hoc methods. The incorrect decision leads to wrong selections of crops.",
        "The sparse classes themselves provide fast representations of dense matrices.",
        "The resulting sparse classes contain a single vector of regression coefficients.",
        "PyWeather was written in a modular fashion with the idea that it would grow later.",
        "The sparse kernel leads to the weights used by Newey and West in Equation",
    ],
)
def test_a_sentence_that_leans_on_others_or_is_misread_gives_nothing(text: str) -> None:
    assert find_frames(text, LEXICON) == []


def test_a_noun_of_the_title_or_with_a_name_may_have_been_spoken_of_before() -> None:
    told = "The workshop was a week long. The workshop introduces learners to genome assembly on remote clusters."
    assert len(find_frames(told, LEXICON)) == 1
