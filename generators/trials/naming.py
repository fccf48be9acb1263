"""The ids of trial requests: what is tried, on which question, and with what taken away."""

from collections.abc import Iterable, Mapping
from typing import Final

from generators.engines.exchange import Completion, EngineFailure
from schemas.recipe import TrialName

Results = Mapping[str, Completion | EngineFailure]

SAME: Final = "same"
"""Requests that ask whether two answers say the same go by this word and the trial whose answer they are about."""

_JOINED: Final = "+"


def trial_id(qa_id: str, trial: str, part: str = "") -> str:
    """Return the id of a request."""
    return f"{qa_id} {trial} {part}".rstrip()


def ablation_id(qa_id: str, without: Iterable[str]) -> str:
    """Return the id of the request that asks again with some elements taken away."""
    return trial_id(qa_id, TrialName.NECESSITY, _JOINED.join(sorted(without)))


def asked_question(request_id: str) -> str:
    """Return the question that a trial request is about.

    >>> asked_question(ablation_id("doc/qa-1", ["doc/p0000/table1"]))
    'doc/qa-1'
    """
    return request_id.partition(" ")[0]


def ablations(qa_id: str, results: Results) -> dict[frozenset[str], Completion | EngineFailure]:
    """Return what came of taking elements away, by the elements."""
    head = trial_id(qa_id, TrialName.NECESSITY) + " "
    found = {name.removeprefix(head): result for name, result in results.items() if name.startswith(head)}
    return {frozenset(name.split(_JOINED)): result for name, result in found.items()}
