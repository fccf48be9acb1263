"""Our errors cross process boundaries whole."""

import pickle

import pytest

from schemas import errors


def test_an_extraction_error_pickles_with_all_it_says() -> None:
    error = errors.ExtractionError(errors.ReasonCode.TIMEOUT, "page 3 took 20 s", 2, retryable=True)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.reason_code, copy.message, copy.page_index, copy.retryable) == (
        errors.ReasonCode.TIMEOUT,
        "page 3 took 20 s",
        2,
        True,
    )
    assert str(copy) == "page 3 took 20 s"


@pytest.mark.parametrize("name", ["UsageError", "RecipeError", "WorkspaceError", "EngineError", "ExportError"])
def test_every_error_has_one_root_and_pickles(name: str) -> None:
    error = getattr(errors, name)("do this instead")
    assert isinstance(error, errors.CorpusMillError)
    assert str(pickle.loads(pickle.dumps(error))) == "do this instead"
