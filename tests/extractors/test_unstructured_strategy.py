import importlib.util
import os
from pathlib import Path

import pytest

from extractors.options import ExtractOptions
from extractors.unstructured_extractor import extract
from extractors.unstructured_strategy import Strategy, choose_strategy, missing_for
from schemas.errors import ExtractionError, ReasonCode
from schemas.recipe import Profile

PAPER = Path(__file__).parents[1] / "data" / "jose-00265.pdf"
HAS_PDFMINER = importlib.util.find_spec("pdfminer") is not None
HAS_HI_RES = not missing_for(Strategy.HI_RES)


@pytest.mark.skipif(HAS_HI_RES, reason="all that hi_res needs is here")
def test_a_strategy_that_lacks_something_is_refused_by_what_it_lacks() -> None:
    options = ExtractOptions(unstructured_strategy="hi_res")
    with pytest.raises(ExtractionError, match=r"strategy hi_res: no .*(pip install|hf download)") as caught:
        extract(PAPER.read_bytes(), options)
    assert caught.value.reason_code is ReasonCode.MISSING_DEPENDENCY
    assert caught.value.retryable


@pytest.mark.skipif(HAS_HI_RES or not HAS_PDFMINER, reason="what is here decides")
@pytest.mark.parametrize("profile", Profile)
def test_auto_is_fast_where_the_models_are_missing(profile: Profile) -> None:
    assert choose_strategy(ExtractOptions(profile)) is Strategy.FAST


@pytest.mark.skipif(not HAS_HI_RES, reason="needs the packages and the models of hi_res")
def test_auto_is_hi_res_where_the_models_are_and_the_profile_is_best() -> None:
    assert choose_strategy(ExtractOptions(Profile.BEST)) is Strategy.HI_RES
    assert choose_strategy(ExtractOptions(Profile.FAST)) is Strategy.FAST


@pytest.mark.skipif(importlib.util.find_spec("unstructured_inference") is not None, reason="it is installed")
def test_missing_packages_are_named_with_what_installs_them() -> None:
    assert "unstructured_inference" in missing_for(Strategy.HI_RES)[0]
    assert missing_for(Strategy.HI_RES)[0].endswith("pip install 'unstructured[pdf]'")


def test_nothing_is_fetched_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("DO_NOT_TRACK", "")
    if HAS_PDFMINER:
        choose_strategy(ExtractOptions(unstructured_strategy="fast"))
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["DO_NOT_TRACK"]) == (("1", "1") if HAS_PDFMINER else ("0", ""))
