"""The whole way on one machine: extract, generate, export, each a stage of its own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.exporting import export_dataset
from pipelines.extracting import run_extract
from pipelines.generating import run_generate
from pipelines.outcomes import RunOutcome
from pipelines.progress import Reporter, Silent
from pipelines.validation import Validation, ValidationStatus, examine_validation
from pipelines.workspace import open_workspace
from schemas.recipe import Recipe

DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """What the stages said, in order; `exit_code` is the worst of theirs."""

    exit_code: int
    messages: tuple[str, ...]
    seconds: float


def run_build(
    pdfs: Sequence[str],
    workspace: str,
    recipe: Recipe,
    *,
    beam_args: Sequence[str] = (),
    reporter: Reporter | None = None,
) -> BuildOutcome:
    """Extract, generate and export; the dataset goes to `dataset` inside the workspace.

    Where the recipe requires validation, the dataset waits for people, and that is said.

    Raises:
        CorpusMillError: a stage could not run; what the stages before it committed stays.
    """
    started = time.monotonic()
    reporter = reporter or Silent()
    target = f"{workspace.rstrip('/')}/{DATASET}"
    outcomes: list[RunOutcome] = [
        run_extract(pdfs, workspace, recipe, beam_args=beam_args, reporter=reporter),
        run_generate(workspace, recipe, beam_args=beam_args, reporter=reporter),
    ]
    validation = examine_validation(open_workspace(workspace), recipe)
    if validation.status is ValidationStatus.UNVALIDATED:
        outcomes.append(_waiting(validation))
    else:
        outcomes.append(export_dataset(workspace, target, recipe, beam_args=beam_args, reporter=reporter))
    return BuildOutcome(
        exit_code=max(outcome.exit_code for outcome in outcomes),
        messages=tuple(outcome.message for outcome in outcomes),
        seconds=time.monotonic() - started,
    )


def _waiting(validation: Validation) -> RunOutcome:
    message = f"no dataset yet, the recipe requires validation (validation.required): {'; '.join(validation.missing)}"
    return RunOutcome(1, message, 0.0)
