"""What a workspace holds of people's judgements, read together: the questions as they were judged, sample, verdicts.

Merging changes questions and takes some out; what it changed stands whole in the table `originals`. So the questions as
they were judged are those of `qa` with the originals put back, until `generate` writes `qa` anew.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from annotation.adjudication import Case, build_cases
from annotation.verdicts import words_of
from pipelines.commits import Manifest
from pipelines.workspace import Workspace
from schemas.kinds import Stage
from schemas.records import Assignment, Judgement, Question


@dataclass(frozen=True)
class Judging:
    """The state of judging.

    `current` is the table `qa`; `judged` the questions as people saw them, by id; `merged` whether `current` already
    holds what an earlier merge made of them.
    """

    current: tuple[Question, ...]
    judged: dict[str, Question]
    sample: tuple[Assignment, ...]
    judgements: tuple[Judgement, ...]
    merged: bool

    @cached_property
    def cases(self) -> list[Case]:
        """Every question that was drawn or judged."""
        return build_cases(self.judged, self.sample, self.judgements)

    def is_standing(self, row: Assignment) -> bool:
        """Say whether a drawn question still stands in the words in which it was drawn."""
        question = self.judged.get(row.qa_id)
        return question is not None and words_of(question) == row.wording


def read_judging(workspace: Workspace) -> Judging:
    """Read all that is known of the judging of a workspace."""
    current: list[Question] = workspace.records("qa")
    merged = is_merged(workspace.manifests())
    originals: list[Question] = workspace.records("originals") if merged else []
    judged = {question.qa_id: question for question in current}
    for original in originals:
        judged[original.qa_id] = _unmerged(original, judged.get(original.qa_id))
    return Judging(
        current=tuple(current),
        judged=dict(sorted(judged.items())),
        sample=tuple(workspace.records("samples")),
        judgements=tuple(workspace.records("judgements")),
        merged=merged,
    )


def is_merged(manifests: list[Manifest]) -> bool:
    """Say whether the questions were merged since they were last written."""
    for manifest in reversed(manifests):
        touched = [part.path for part in manifest.parts] + manifest.removed
        if manifest.stage in (Stage.GENERATE, Stage.ANNOTATE) and any(path.startswith("qa/") for path in touched):
            return manifest.stage == Stage.ANNOTATE
    return False


def _unmerged(original: Question, current: Question | None) -> Question:
    """Return the original, with what other stages have written into the question since."""
    return replace(original, split=current.split) if current else original
