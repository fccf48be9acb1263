"""The commit: how staged parts come into the tables, all of them or none.

1. Parts are written whole into `.staging/COMMIT/`.
2. The journal, `.staging/COMMIT/journal.json`, says what will be moved where and what is superseded. Once it is there
   the commit is decided; before that nothing has happened.
3. Each part is renamed into its table's folder, then what it supersedes is removed, then the manifest is written, then
   the staging folder goes.

Every step of 3 can be repeated, so recovery is: finish what has a journal, throw away what has none.
"""

from datetime import datetime
from itertools import count

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from pipelines.parts import Part, write_part
from pipelines.storage import STAGING, Folder
from schemas.errors import WorkspaceError
from schemas.kinds import Stage
from schemas.tables import SCHEMA_VERSION

MANIFESTS = "manifests"
_JOURNAL = "journal.json"


class Stored(BaseModel):
    """What is written as JSON beside the tables."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CommittedPart(Stored):
    """A part in its table; `path` is relative to the workspace."""

    path: str
    table: str
    rows: int
    byte_size: int
    sha256: str


class InputEntry(Stored):
    """What became of one input file. `key` covers its bytes, the extractor, its version and its options."""

    uri: str
    sha256: str
    key: str
    failed: bool = False


class CellEntry(Stored):
    """A cell that a recipe wanted filled: how many questions it wanted, how many are kept, and why if it is less."""

    cell: str
    wanted: int
    kept: int
    why: str = ""


class UsageEntry(Stored):
    """What engines were asked: `paid_` is what of it did not come out of the response store; `cost` is of that."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    paid_requests: int
    paid_prompt_tokens: int
    paid_completion_tokens: int
    cost: float


class Manifest(Stored):
    """One committed run of a stage: what it read, with what, and what it wrote and replaced."""

    commit_id: str
    sequence: int
    stage: Stage
    created: datetime
    seconds: float
    key: str
    recipe_hash: str
    software: dict[str, str]
    working_folder: str
    counts: dict[str, int]
    parts: list[CommittedPart]
    removed: list[str] = Field(default_factory=list)
    inputs: list[InputEntry] = Field(default_factory=list)
    cells: list[CellEntry] = Field(default_factory=list)
    usage: UsageEntry | None = None
    schema_version: int = SCHEMA_VERSION


class _Move(Stored):
    staged: str
    part: CommittedPart


class Journal(Stored):
    """The decision to commit: enough to finish it from any point."""

    moves: list[_Move]
    manifest: Manifest


class Draft:
    """A commit being prepared. Nothing of it can be seen before `publish`.

    Args:
        folder: the workspace's folder.
        commit_id: its name; also the name of its staging folder.
    """

    def __init__(self, folder: Folder, commit_id: str) -> None:
        """Start with nothing staged."""
        self.folder = folder
        self.commit_id = commit_id
        self.staging = f"{STAGING}/{commit_id}"
        self._moves: list[_Move] = []
        self._removed: list[str] = []
        self._numbers = count()

    def stage(self, part: Part, target: str | None = None) -> None:
        """Take a finished part in; `target` is the file it becomes, a new name of this commit's by default."""
        path = target or f"{part.table}/{self.commit_id}-{next(self._numbers):03d}.parquet"
        committed = CommittedPart(
            path=path, table=part.table, rows=part.rows, byte_size=part.byte_size, sha256=part.sha256
        )
        self._moves.append(_Move(staged=part.path, part=committed))

    def replace(self, table: str, path: str, rows: pa.Table) -> None:
        """Put `rows` in the place of a committed part, or remove it when there are none."""
        if rows.num_rows:
            self.stage(write_part(self.folder, self.staging, table, rows), path)
        else:
            self.remove(path)

    def remove(self, path: str) -> None:
        """Supersede a committed part."""
        self._removed.append(path)

    def parts(self) -> list[CommittedPart]:
        """Return what is staged, as it will stand in the manifest."""
        return [move.part for move in self._moves]

    def publish(self, manifest: Manifest) -> Manifest:
        """Make it all visible. From the moment the journal is written the commit will be finished, by anyone."""
        kept = {part.path for part in self.parts()}
        removed = sorted(set(self._removed) - kept)
        journal = Journal(
            moves=self._moves, manifest=manifest.model_copy(update={"parts": self.parts(), "removed": removed})
        )
        self.folder.write_bytes(f"{self.staging}/{_JOURNAL}", journal.model_dump_json().encode())
        finish(self.folder, self.staging, journal)
        return journal.manifest

    def abandon(self) -> None:
        """Throw away what is staged."""
        self.folder.remove_tree(self.staging)


def finish(folder: Folder, staging: str, journal: Journal) -> None:
    """Carry out a journal, from wherever it was cut short."""
    for move in journal.moves:
        _settle(folder, move)
    for path in journal.manifest.removed:
        folder.remove(path)
    name = f"{MANIFESTS}/{journal.manifest.commit_id}.json"
    folder.write_bytes(name, journal.manifest.model_dump_json(indent=1).encode())
    folder.remove(f"{staging}/{_JOURNAL}")
    folder.remove_tree(staging)


def is_unsettled(folder: Folder) -> bool:
    """Say whether a decided commit waits to be finished."""
    return any(folder.exists(f"{STAGING}/{name}/{_JOURNAL}") for name in folder.names(STAGING))


def recover(folder: Folder) -> list[str]:
    """Finish the commits that were decided, throw away the rest, and return the ids of the finished ones."""
    finished = []
    for name in folder.names(STAGING):
        staging = f"{STAGING}/{name}"
        if folder.exists(f"{staging}/{_JOURNAL}"):
            finish(folder, staging, Journal.model_validate_json(folder.read_bytes(f"{staging}/{_JOURNAL}")))
            finished.append(name)
        else:
            folder.remove_tree(staging)
    return finished


def _settle(folder: Folder, move: _Move) -> None:
    if folder.exists(move.staged):
        folder.move(move.staged, move.part.path)
    elif folder.size(move.part.path) != move.part.byte_size:
        raise WorkspaceError(
            f"{folder.path(move.part.path)}: the part is gone from both its table and {move.staged}; "
            "something other than corpusmill changed the workspace. Run the stage again in a new workspace"
        )
