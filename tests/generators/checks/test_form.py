from dataclasses import replace

import pytest

from generators.checks.form import (
    check_asking,
    check_characters,
    check_complete,
    check_length,
    check_marks,
    check_single,
)
from generators.checks.languages import check_language
from schemas.kinds import Verdict


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_length, "Why?"),
        (check_length, "What " * 200),
        (check_characters, "What did Nor\ufffdway land in 2020?"),
        (check_characters, "What did (cid:12) land in 2020?"),
        (check_characters, "What did Nor\x02way land?"),
        (check_characters, "What did NorwayÂ\x80\x99s fleet land?"),
        (check_marks, "What does “Herring in Norway say?"),
        (check_marks, 'What does "Herring in Norway say?'),
        (check_marks, "What did Norway (in 2020 land?"),
        (check_asking, "Norway landed most herring in 2020."),
        (check_asking, "Herring landings of Norway in 2020?"),
        (check_asking, "What did Norway land"),
    ],
)
def test_faults_of_form_are_caught(sample, check, text):
    assert check(sample.asking(text), sample.views).verdict == Verdict.FAIL


@pytest.mark.parametrize(
    "text",
    [
        "What did Norway land in 2020?",
        "Name the country with the most herring in 2020.",
        "According to the yearbook, is cod or herring landed more?",
        'What does "Coverage, by system: 2011" give for Norway?',
        "What rate in [0, 1) is given for Norway?",
        "In Norway (2020), how much herring was landed?",
        'Fleets of which country landed 12" cod?',
        "Compare the landings of Norway and Sweden in 2020.",
    ],
)
def test_good_form_passes(sample, text):
    for check in (check_length, check_characters, check_marks, check_asking, check_single):
        assert check(sample.asking(text), sample.views).verdict == Verdict.PASS, check.__name__


@pytest.mark.parametrize(
    "text",
    [
        "What did Norway land? What did Sweden land?",
        "What did Norway land and what did Sweden land?",
        "Which country leads and by how much does it lead?",
        "How much did Norway land, and why?",
        "What did Norway land; how does that compare with Sweden?",
        "Is the catch of Norway higher and how does it compare?",
        "Name the leading country. Then state its catch.",
        "Which country leads and also which country is last?",
    ],
)
def test_joined_questions_are_caught(sample, text):
    assert check_single(sample.asking(text), sample.views).reason_code == "several_questions"


@pytest.mark.parametrize(
    "text",
    [
        "What did Norway and Sweden land together in 2020?",
        "How and why did cod stocks recover in Norway?",
        "How many fishers who own a boat and who live in Bergen are licensed?",
        'What does "Who fishes, and why?" say about Norway?',
        "By how much do the landings of Norway and Denmark differ?",
        "Of cod and herring, which was landed more in Norway?",
        "What is the difference between cod and herring in 2020?",
        "Compare cod and herring: which was landed more?",
    ],
)
def test_one_question_about_two_things_passes(sample, text):
    assert check_single(sample.asking(text), sample.views).verdict == Verdict.PASS


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("because cod stocks had", Verdict.PASS),
        ("because cod stocks and the", Verdict.FAIL),
        ("trawlers, boats (small", Verdict.FAIL),
        ("412 trawlers of", Verdict.FAIL),
        ("412 trawlers", Verdict.PASS),
        ("[0, 1)", Verdict.PASS),
    ],
)
def test_truncated_answers(sample, answer, verdict):
    assert check_complete(replace(sample.text_question, answer=answer), sample.views).verdict == verdict


@pytest.mark.parametrize(
    ("language", "text", "verdict"),
    [
        ("en", "What did the Fisheries Directorate in Bergen license?", Verdict.PASS),
        ("en", "Which value is given for die Deutsche Bahn und der Bund in 2020?", Verdict.PASS),
        ("en", "How many tonnes did la Compañía de Pesca del Norte land?", Verdict.PASS),
        ("en", "Welche Länder haben im Jahr 2020 die meisten Heringe gefangen?", Verdict.FAIL),
        ("en", "Quelle est la valeur qui est donnée dans le rapport sur la pêche?", Verdict.FAIL),
        ("en", "¿Cuál es el valor de la pesca en el año 2020 según el informe?", Verdict.FAIL),
        ("en", "Сколько сельди было поймано в Норвегии в 2020 году?", Verdict.FAIL),
        ("en", "2020年挪威捕获了多少鲱鱼？", Verdict.FAIL),
        ("en", "Mennyi heringet fogtak Norvég halászok tavaly ősszel?", Verdict.FAIL),
        ("de", "Welche Länder haben im Jahr 2020 die meisten Heringe gefangen?", Verdict.PASS),
        ("de", "Which country had the highest herring landings in the yearbook?", Verdict.FAIL),
        ("zh", "2020年挪威捕获了多少鲱鱼？", Verdict.PASS),
        ("ru", "Which country had the highest herring landings?", Verdict.FAIL),
        ("fi", "Kuinka paljon silliä Norja pyysi vuonna 2020?", Verdict.SKIP),
        ("English please", "Which country had the highest landings?", Verdict.FAIL),
        ("", "Which country had the highest landings?", Verdict.FAIL),
    ],
)
def test_languages(sample, language, text, verdict):
    assert check_language(replace(sample.asking(text), language=language), sample.views).verdict == verdict
