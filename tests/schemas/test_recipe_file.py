from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import RecipeError
from schemas.kinds import QuestionType
from schemas.recipe import Profile, Recipe
from schemas.recipe_file import default_recipe_text, override, parse_recipe, read_recipe, recipe_text
from schemas.yaml_reading import MAX_BYTES


def test_the_default_text_reads_back_to_the_default() -> None:
    assert parse_recipe(default_recipe_text()) == Recipe()


def test_the_default_text_explains_every_key() -> None:
    lines = default_recipe_text().splitlines()
    keys = [number for number, line in enumerate(lines) if line and not line.lstrip().startswith("#")]
    assert len(keys) > 30
    assert [lines[number] for number in keys if not lines[number - 1].lstrip().startswith("#")] == []


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    text=st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["null", "true", "1", "off", "- x", "a: b", "#"])),
    temperature=st.floats(0, 2),
    types=st.lists(st.sampled_from(QuestionType), max_size=3),
)
def test_any_recipe_reads_back_from_its_text(
    seed: int, text: str | None, temperature: float, types: list[QuestionType]
) -> None:
    recipe = Recipe.model_validate(
        {
            "seed": seed,
            "corpus": {"domain": text},
            "generate": {"temperature": temperature, "question_types": tuple(types)},
        }
    )
    assert parse_recipe(recipe_text(recipe)) == recipe


@pytest.mark.parametrize("text", ["", "# nothing\n", "extract:\n", "---\n", "null", "\ufeff"])
def test_empty_means_default(text: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_recipe(path) == Recipe()


def test_values_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("seed: 7\nextract: {profile: fast, seconds_per_page: 3}\n", encoding="utf-8")
    recipe = read_recipe(path)
    assert (recipe.seed, recipe.extract.profile, recipe.extract.seconds_per_page) == (7, Profile.FAST, 3.0)
    assert recipe.generate == Recipe().generate


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extract:\n  profle: fast\n", "r:2: extract.profle is not a key of extract; did you mean profile?"),
        ("Extract:\n", "r:1: Extract is not a key of a recipe; did you mean extract?"),
        ("engine: none\n", "r:1: engine is not a key of a recipe; it belongs under generate"),
        ("run:\n  crop_dpi: 100\n", "r:2: run.crop_dpi is not a key of run; it belongs under extract"),
        ("run:\n  seed: 1\n", "r:2: run.seed is not a key of run; it stands at the left margin, in no section"),
        (
            "zz: 1",
            "r:1: zz is not a key of a recipe; known keys: seed, corpus, extract, generate, annotate, validation, "
            "split, mine, export, run",
        ),
        ("\nseed: five\n", 'r:2: seed is "five", expected a whole number from 0 to 4294967295'),
        ("seed: true", "r:1: seed is true, expected a whole number from 0 to 4294967295"),
        ("seed: 1.5", "r:1: seed is 1.5, expected a whole number from 0 to 4294967295"),
        ("seed:", "r:1: seed is empty, expected a whole number from 0 to 4294967295"),
        ("extract: {crop_dpi: 700}", "r:1: extract.crop_dpi is 700, expected a whole number from 36 to 600"),
        ("extract: {seconds_per_page: .inf}", "r:1: extract.seconds_per_page is Infinity, expected a number above 0"),
        ("extract: {ocr: on}", 'r:1: extract.ocr is "on", expected one of auto, tesseract, rapidocr, off'),
        ("run: {workers: 0}", "r:1: run.workers is 0, expected a whole number of at least 1 or null"),
        ("generate: []", "r:1: generate is a list, expected keys and values"),
        ("generate:\n  question_types:\n  - comparison\n  - riddle\n", "r:4: generate.question_types[1] is"),
        ("- seed", "r:1: a recipe is a mapping of keys, such as `seed: 1`"),
        ("seed", "r:1: a recipe is a mapping of keys, such as `seed: 1`"),
        ("extract:\n\tocr: off\n", "r:2: not YAML: the line is indented with a tab; use spaces"),
        ("seed: [1", "r:1: not YAML: "),
        ("seed: 1\n---\nseed: 2\n", "r:2: not YAML: expected a single document"),
        ("seed: *x", "r:1: not YAML: found undefined alias"),
        ("seed: \x00", "r: not YAML: "),
        ("seed: !!int x", "r:1: seed holds a value that YAML cannot read: x"),
        ("seed: 1\nrun: {}\nseed: 2\n", "r:3: seed stands here again, first in line 1"),
        ("? [a, b]\n: 1\n", "r:1: the recipe has a key that is not a word"),
    ],
)
def test_a_problem_names_line_key_and_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, name="r")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "seed: x\nextract:\n  crop_dpi: 1\n  crop_dpi: 2\n  nothing: 3\nrun: 4\n"
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, name="r")
    assert [line.split(" ")[0] for line in str(caught.value).splitlines()] == ["r:1:", "r:3:", "r:4:", "r:5:", "r:6:"]


def test_an_alias_to_itself_ends() -> None:
    with pytest.raises(RecipeError, match="nested too deeply"):
        parse_recipe("corpus: &a {domain: *a}")


def test_files_that_are_no_recipe(tmp_path: Path) -> None:
    binary, large = tmp_path / "a.pdf", tmp_path / "large.yaml"
    binary.write_bytes(b"%PDF-1.7\xff\xfe")
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    for path, words in [
        (binary, "not UTF-8"),
        (large, "larger than"),
        (tmp_path, "no such recipe file"),
        (tmp_path / "missing.yaml", "corpusmill recipe > missing.yaml"),
    ]:
        with pytest.raises(RecipeError, match=words) as caught:
            read_recipe(path)
        assert str(path) in str(caught.value)


def test_override_changes_only_what_is_given() -> None:
    changed = override(Recipe(), {"generate.engine": "none", "seed": 5, "extract.profile": None})
    assert (changed.generate.engine, changed.seed, changed.extract) == ("none", 5, Recipe().extract)


def test_override_names_the_flag() -> None:
    flags = {"extract.profile": "--profile"}
    with pytest.raises(RecipeError) as caught:
        override(Recipe(), {"extract.profile": "slow", "seed": -1, "extract.pagedpi": 3}, flags=flags)
    assert str(caught.value).splitlines() == [
        "seed is -1, expected a whole number from 0 to 4294967295",
        '--profile is "slow", expected one of best, fast',
        "extract.pagedpi is not a key of extract; did you mean page_dpi?",
    ]
