"""Which trials a recipe asks for, and within which bounds."""

from dataclasses import dataclass
from typing import Final

from schemas.recipe import GenerateSection, TrialName

_SERVED: Final = ("http://", "https://", "vllm:")
_SMALL: Final = "local"
_DEFAULT: Final = (TrialName.ANSWERABLE, TrialName.CLOSED_BOOK, TrialName.NECESSITY, TrialName.AMBIGUITY)
_SHORT_TOKENS: Final = 96
_CHARACTERS: Final = 16_000
_FEW_CHARACTERS: Final = 3_000


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What is tried on every question.

    Attributes:
        trials: which trials, in the order in which they are settled.
        judge_threshold: a question that the judge scores below it goes.
        pictures: whether figures are shown as pictures.
        picture_pixels: the longer side that pictures are scaled down to.
        short_tokens: longest short answer.
        long_tokens: longest answer where sentences are asked for.
        characters: how much of a table or passage is shown at most.
    """

    trials: tuple[TrialName, ...] = _DEFAULT
    judge_threshold: float = 0.5
    pictures: bool = True
    picture_pixels: int = 1536
    short_tokens: int = _SHORT_TOKENS
    long_tokens: int = 256
    characters: int = _CHARACTERS

    def has(self, trial: TrialName) -> bool:
        """Say whether a trial is made."""
        return trial in self.trials


def trial_engine(generate: GenerateSection) -> str:
    """Return the engine of the trials: the judge that the recipe names, else the one that writes."""
    return generate.judge or generate.engine


def trial_plan(generate: GenerateSection) -> TrialPlan:
    """Return what a recipe asks for; a list of trials in it goes before everything.

    Without a list, a server or vLLM tries everything but `judge`, which is added where the recipe names a judge of its
    own; every other engine tries nothing.
    """
    engine = trial_engine(generate)
    is_free = generate.answer_form == "text"  # thinking models think inside their answer
    return TrialPlan(
        trials=_default_trials(generate) if generate.trials is None else _in_order(generate.trials),
        judge_threshold=generate.judge_threshold,
        pictures=generate.pictures,
        picture_pixels=generate.picture_pixels,
        short_tokens=generate.max_tokens if is_free else min(generate.max_tokens, _SHORT_TOKENS),
        long_tokens=generate.max_tokens,
        characters=_FEW_CHARACTERS if engine == _SMALL else _CHARACTERS,
    )


def _default_trials(generate: GenerateSection) -> tuple[TrialName, ...]:
    if not trial_engine(generate).startswith(_SERVED):
        return ()
    return (*_DEFAULT, TrialName.JUDGE) if generate.judge else _DEFAULT


def _in_order(trials: tuple[TrialName, ...]) -> tuple[TrialName, ...]:
    return tuple(trial for trial in TrialName if trial in trials)
