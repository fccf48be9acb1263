"""What a stage says when it is done, and what every manifest says about the software that ran."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from pipelines.commits import CellEntry, Draft, InputEntry, Manifest, UsageEntry
from schemas.identity import digest
from schemas.kinds import Stage
from schemas.recipe import Recipe

_PACKAGES = ("corpusmill", "apache-beam", "pyarrow", "pymupdf", "unstructured")


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The end of a stage: `exit_code` 0, or 1 when errors were recorded; `message` is one line for people."""

    exit_code: int
    message: str
    seconds: float
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What a generation says of itself: how the cells were filled, and what engines were asked."""

    cells: tuple[CellEntry, ...] = ()
    usage: UsageEntry | None = None


def publish(
    draft: Draft,
    recipe: Recipe,
    *,
    key: str,
    seconds: float,
    inputs: tuple[InputEntry, ...] = (),
    account: Account | None = None,
) -> Manifest:
    """Commit a draft under a manifest that says what ran."""
    account = account or Account()
    sequence, _, stage = draft.commit_id.partition("-")
    counts: dict[str, int] = {}
    for part in draft.parts():
        counts[part.table] = counts.get(part.table, 0) + part.rows
    return draft.publish(
        Manifest(
            commit_id=draft.commit_id,
            sequence=int(sequence),
            stage=Stage(stage),
            created=datetime.now(UTC),
            seconds=round(seconds, 3),
            key=key,
            recipe_hash=recipe_hash(recipe),
            software=software(),
            working_folder=os.getcwd(),  # noqa: PTH109 - the string is what is kept
            counts=counts,
            parts=[],
            inputs=list(inputs),
            cells=list(account.cells),
            usage=account.usage,
        )
    )


def recipe_hash(recipe: Recipe) -> str:
    """Return a short hash of all that the recipe says."""
    return digest(recipe.model_dump_json())


def software() -> dict[str, str]:
    """Return the versions of what shapes the data."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def tell(number: int, noun: str) -> str:
    """Return a count with its noun.

    >>> tell(1, "document"), tell(3, "document")
    ('1 document', '3 documents')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
