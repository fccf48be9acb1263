"""What a recipe asks engines to try."""

import pytest

from generators.trials.plan import trial_engine, trial_plan
from schemas.recipe import GenerateSection

BUT_JUDGE = ("answerable", "closed_book", "necessity", "ambiguity")


@pytest.mark.parametrize(
    ("section", "trials", "engine"),
    [
        ({"engine": "http://h/v1"}, BUT_JUDGE, "http://h/v1"),
        ({"engine": "https://h/v1,https://i/v1"}, BUT_JUDGE, "https://h/v1,https://i/v1"),
        ({"engine": "vllm:m"}, BUT_JUDGE, "vllm:m"),
        ({"engine": "local"}, (), "local"),
        ({"engine": "none"}, (), "none"),
        ({"engine": "replay:x"}, (), "replay:x"),
        ({"engine": "http://h/v1", "trials": []}, (), "http://h/v1"),
        ({"engine": "local", "trials": ["judge", "answerable"]}, ("answerable", "judge"), "local"),
        ({"engine": "none", "judge": "http://j/v1"}, (*BUT_JUDGE, "judge"), "http://j/v1"),
        ({"engine": "http://h/v1", "judge": "local"}, (), "local"),
    ],
)
def test_who_tries_what(section: dict[str, object], trials: tuple[str, ...], engine: str) -> None:
    generate = GenerateSection.model_validate(section)
    assert trial_plan(generate).trials == trials
    assert trial_engine(generate) == engine


def test_thinking_models_have_room_and_small_ones_see_less() -> None:
    usual = trial_plan(GenerateSection(engine="http://h/v1", max_tokens=512))
    free = trial_plan(GenerateSection(engine="http://h/v1", max_tokens=512, answer_form="text"))
    assert usual.short_tokens < free.short_tokens == free.long_tokens == 512
    assert trial_plan(GenerateSection(engine="local")).characters < usual.characters
