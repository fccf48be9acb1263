"""The split stage: near-duplicate documents get one family, and every question a split that no family crosses."""

import io
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import imagehash
from PIL import Image as PillowImage
from PIL import ImageStat, UnidentifiedImageError

from generators.document_view import DocumentView
from generators.families import DocumentPrint, find_families, print_document, shingles
from generators.splitting import Leak, assign_splits, audit_splits
from pipelines.commits import Draft
from pipelines.outcomes import RunOutcome, publish, tell
from pipelines.progress import TALLY, Goal, Reporter, Silent, showing
from pipelines.workspace import DocumentPlace, Workspace, WritableWorkspace, open_workspace, writing
from schemas.arrow import from_table, to_table
from schemas.errors import ExportError, UsageError
from schemas.identity import digest
from schemas.kinds import ElementKind, Stage, TextSource
from schemas.recipe import Recipe, SplitSection
from schemas.records import Document, Question

_HASH_SIZE = 16
# A page picture with less spread than this (of 255) is blank, and blank pages are all alike.
_BLANK = 4.0
_FURNITURE = (ElementKind.HEADER, ElementKind.FOOTER)
_VIEWS_HELD = 8


@dataclass(frozen=True, slots=True)
class SplitAudit:
    """How many questions each split holds, and what two splits share."""

    questions: Mapping[str, int]
    families: int
    leaks: tuple[Leak, ...]


class _Shingles(Mapping[str, frozenset[str]]):
    """The shingles of a document, read again for the few that are compared."""

    def __init__(self, workspace: Workspace, places: Sequence[DocumentPlace]) -> None:
        self._workspace = workspace
        self._places = {place.doc_id: place for place in places}
        self._read = lru_cache(_VIEWS_HELD)(self._shingles)

    def __getitem__(self, doc_id: str) -> frozenset[str]:
        return self._read(doc_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def _shingles(self, doc_id: str) -> frozenset[str]:
        return document_shingles(self._workspace.view(self._places[doc_id]))


def split_questions(workspace: str, recipe: Recipe, *, reporter: Reporter | None = None) -> RunOutcome:
    """Find the families of all documents and give every question its split; both replace what was there.

    Raises:
        UsageError: there is no workspace, no question in it, or the recipe's shares are all 0.
        WorkspaceError: the workspace cannot be written; what was there stays.
    """
    started = time.monotonic()
    shares = split_shares(recipe.split)
    open_workspace(workspace)
    with writing(workspace) as opened:
        questions: list[Question] = opened.records("qa")
        if not questions:
            raise UsageError(f"{workspace}: no questions to split; write some with: corpusmill generate {workspace}")
        places = opened.places()
        with showing(reporter or Silent(), Goal(Stage.SPLIT.value, "documents", len(places))):
            prints = [_counted_print(opened, place) for place in places]
        families = find_families(prints, _Shingles(opened, places))
        splits = assign_splits(questions, families, shares, seed=recipe.seed)
        draft = opened.begin(Stage.SPLIT)
        try:
            changed = _rewrite(opened, draft, families, splits)
            if changed:
                key = digest(recipe.split.model_dump_json(), str(recipe.seed))
                publish(draft, recipe, key=key, seconds=time.monotonic() - started)
        finally:
            draft.abandon()
    return _outcome(families, splits, changed=changed, seconds=time.monotonic() - started)


def audit_workspace(workspace: str) -> SplitAudit:
    """Return what the splits of a workspace hold and share.

    Raises:
        UsageError: there is no workspace.
    """
    return _audit(open_workspace(workspace))


def check_splits(workspace: Workspace, wanted: Sequence[str]) -> None:
    """Make sure that the splits asked for are there, and that nothing crosses those that questions have.

    Raises:
        UsageError: no question is of a split that is asked for.
        ExportError: two splits share a family of documents, a document, evidence or a question.
    """
    remedy = f"part the questions with: corpusmill split {workspace.url}"
    held = set(workspace.read("qa", ["split"])["split"].to_pylist()) - {None}
    if absent := sorted(set(wanted) - held):
        there = f"there are {', '.join(sorted(held))}" if held else remedy
        raise UsageError(f"--split {absent[0]}: no question is of this split; {there}")
    # With one split alone nothing is parted; a question without a split is then no leak.
    if len(held) > 1 and (leaks := _audit(workspace).leaks):
        shared = ", ".join(f"{leak.kind} ({leak.count}) in {leak.one or 'none'} and {leak.other}" for leak in leaks)
        raise ExportError(f"{workspace.url}: splits share what they must not: {shared}; {remedy}")


def split_shares(section: SplitSection) -> dict[str, float]:
    """Return the splits that a recipe asks for.

    Raises:
        UsageError: it asks for none.
    """
    shares = {name: share for name, share in section.model_dump().items() if share > 0}
    if not shares:
        raise UsageError("split: train, validation and test are all 0; give at least one of them a share")
    return shares


def document_shingles(view: DocumentView) -> frozenset[str]:
    """Return the shingles of a document's own text, without running headers and footers."""
    return shingles(element.text for element in view.elements if element.kind not in _FURNITURE and element.text)


def picture_hash(data: bytes) -> int | None:
    """Return the perceptual hash of a page picture (256 bits); None where it is blank or cannot be opened."""
    try:
        with PillowImage.open(io.BytesIO(data)) as picture:
            grey = picture.convert("L")
    except (OSError, UnidentifiedImageError, PillowImage.DecompressionBombError):
        return None
    if ImageStat.Stat(grey).stddev[0] < _BLANK:
        return None
    return int(str(imagehash.phash(grey, hash_size=_HASH_SIZE)), 16)


def _audit(workspace: Workspace) -> SplitAudit:
    rows = workspace.read("documents", ["doc_id", "family_id"]).to_pylist()
    families = {row["doc_id"]: row["family_id"] or row["doc_id"] for row in rows}
    questions: list[Question] = workspace.records("qa")
    counts = Counter(question.split or "" for question in questions)
    return SplitAudit(
        dict(sorted(counts.items())), len(set(families.values())), tuple(audit_splits(questions, families))
    )


def _counted_print(workspace: Workspace, place: DocumentPlace) -> DocumentPrint:
    TALLY.add("documents")
    return _print(workspace, place)


def _print(workspace: Workspace, place: DocumentPlace) -> DocumentPrint:
    view = workspace.view(place)
    pages = [view.pages[index] for index in sorted(view.pages)]
    wanted = [page.image_id for page in pages if page.text_source is not TextSource.TEXT_LAYER and page.image_id]
    pictures = workspace.images(place, wanted) if wanted else {}
    hashes = [picture_hash(pictures[image_id].bytes) for image_id in wanted if image_id in pictures]
    return print_document(place.doc_id, document_shingles(view), [value for value in hashes if value is not None])


def _rewrite(
    workspace: WritableWorkspace, draft: Draft, families: Mapping[str, str], splits: Mapping[str, str]
) -> bool:
    """Stage the documents and questions that change, and say whether any does."""
    changed = False
    for path in workspace.parts("documents"):
        documents = from_table(workspace.read_parts("documents", [path]), Document)
        related = [replace(item, family_id=families[item.doc_id]) for item in documents]
        if related != documents:
            draft.replace("documents", path, to_table(related, Document))
            changed = True
    for path in workspace.parts("qa"):
        questions = from_table(workspace.read_parts("qa", [path]), Question)
        parted = [replace(item, split=splits[item.qa_id]) for item in questions]
        if parted != questions:
            draft.replace("qa", path, to_table(parted, Question))
            changed = True
    return changed


def _outcome(families: Mapping[str, str], splits: Mapping[str, str], *, changed: bool, seconds: float) -> RunOutcome:
    found = len(set(families.values()))
    counts = {"documents": len(families), "families": found, **dict(sorted(Counter(splits.values()).items()))}
    held = ", ".join(f"{name} {number}" for name, number in sorted(Counter(splits.values()).items()))
    message = f"{tell(len(splits), 'question')} split: {held}; {tell(len(families), 'document')} in {found} families"
    return RunOutcome(0, message if changed else f"nothing to do: {message}", seconds, counts)
