"""Which strategy of `unstructured` reads a file: hi_res, its layout network with OCR, or fast, its text lines alone.

Nothing is ever fetched: a strategy that is asked for and lacks something is refused, by the names of what it lacks.
"""

import os
from collections.abc import Iterator
from enum import StrEnum
from importlib.util import find_spec
from shutil import which

from extractors.options import ExtractOptions
from schemas.errors import ExtractionError, ReasonCode
from schemas.recipe import Profile

_FAST_PACKAGES = ("pdfminer",)
_HI_RES_PACKAGES = (
    "pdfminer",
    "unstructured_inference",
    "unstructured_pytesseract",
    "pdf2image",
    "huggingface_hub",
    "pikepdf",
    "pypdf",
)
_MODELS = (
    ("unstructuredio/yolo_x_layout", "yolox_l0.05.onnx"),
    ("microsoft/table-transformer-structure-recognition", "model.safetensors"),
)
_QUIET = {"HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1", "UNSTRUCTURED_DISABLE_NOTICE": "1"}


class Strategy(StrEnum):
    """What reads the file; a value of `extract.unstructured_strategy` in the recipe, beside auto."""

    HI_RES = "hi_res"
    FAST = "fast"


def choose_strategy(options: ExtractOptions) -> Strategy:
    """Return the strategy to use: for auto, hi_res in profile best where all that it needs is here, else fast.

    Raises:
        ExtractionError: something is missing that the strategy needs.
    """
    os.environ.update(_QUIET)  # read when the packages are imported, so before any of them is
    if options.unstructured_strategy == "auto":
        best = options.profile is Profile.BEST and not missing_for(Strategy.HI_RES)
        strategy = Strategy.HI_RES if best else Strategy.FAST
    else:
        strategy = Strategy(options.unstructured_strategy)
    if missing := missing_for(strategy):
        raise refusal(strategy, "; ".join(missing))
    return strategy


def refusal(strategy: Strategy, missing: str) -> ExtractionError:
    """Return the error for a strategy that lacks something."""
    message = f"the extractor unstructured cannot run its strategy {strategy}: {missing}"
    return ExtractionError(ReasonCode.MISSING_DEPENDENCY, message, retryable=True)


def missing_for(strategy: Strategy) -> list[str]:
    """Return what a strategy needs that is not on this machine, each with how to install it."""
    if strategy is Strategy.FAST:
        packages = _absent(_FAST_PACKAGES)
        return [f"no {', '.join(packages)}: pip install 'corpusmill[unstructured]'"] if packages else []
    packages = _absent(_HI_RES_PACKAGES)
    missing = [f"no {', '.join(packages)}: pip install 'unstructured[pdf]'"] if packages else []
    if which("tesseract") is None:
        missing.append("no Tesseract: apt-get install tesseract-ocr")
    if "huggingface_hub" not in packages:
        missing += _absent_models()
    return missing


def _absent(packages: tuple[str, ...]) -> list[str]:
    return [name for name in packages if find_spec(name) is None]


def _absent_models() -> Iterator[str]:
    """Yield the models that are not in the Hugging Face cache."""
    from huggingface_hub import try_to_load_from_cache  # type: ignore[import-not-found,unused-ignore]

    for repository, file in _MODELS:
        if not isinstance(try_to_load_from_cache(repository, file), str):
            yield f"no model {repository} ({file}) in the Hugging Face cache: hf download {repository}"
