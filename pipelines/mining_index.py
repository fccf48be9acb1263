"""The indexes that mining searches: made once for a pool, kept on disk, mapped by every worker."""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.document_view import DocumentView
from generators.embedders.catalog import open_embedder
from generators.embedders.exchange import Embeddable, Embedder, EmbedderOptions
from generators.engines.exchange import Picture
from generators.mining.dense import build_dense, is_built, is_whole
from generators.mining.lexical import build_lexical
from generators.mining.miners import DenseMiner, LexicalMiner, Miner
from generators.mining.pool_file import Pool, PoolEntry, write_pool
from generators.mining.reuse import Reusing
from generators.picture_sizing import fitting
from generators.pools import PoolItem, candidates
from pipelines.formats.source import DatasetSource
from pipelines.progress import TALLY, Goal, Reporter, showing
from pipelines.workspace import Workspace
from schemas.errors import UsageError
from schemas.identity import digest
from schemas.kinds import CandidateKind, LinkKind
from schemas.recipe import MineSection
from schemas.records import Element

INDEXES = "indexes"
POOL_VERSION = "2"
_POOL = "pool.arrow"
_LEXICAL = "bm25"
_WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class IndexPlace:
    """Where the indexes of one pool lie."""

    folder: Path

    @property
    def pool(self) -> Path:
        """The candidates."""
        return self.folder / _POOL

    @property
    def lexical(self) -> Path:
        """The BM25 index."""
        return self.folder / _LEXICAL

    def dense(self, embedder: str, section: MineSection) -> Path:
        """Return the folder of an embedder's vectors, which are others with another prefix or with pictures."""
        pictures = str(section.picture_pixels) if section.pictures else "text"
        return self.folder / f"dense-{digest(embedder, section.passage_prefix, pictures)[:12]}"


def index_place(workspace: Workspace, section: MineSection) -> IndexPlace:
    """Return where the indexes of the workspace's pool lie, or will lie.

    Raises:
        UsageError: the workspace is not on this machine and the recipe names no folder for indexes.
    """
    if section.index_folder is None and not workspace.folder.is_local:
        raise UsageError(
            f"{workspace.url}: indexes are mapped into memory, so give them a folder here with mine.index_folder"
        )
    root = Path(section.index_folder) if section.index_folder else Path(workspace.folder.path(INDEXES))
    return IndexPlace(root / pool_key(workspace, section))


def pool_key(workspace: Workspace, section: MineSection) -> str:
    """Return what names a pool: the kinds of candidates, and the corpus."""
    return f"{'-'.join(sorted(section.candidates))}-{_corpus_key(workspace)[:12]}"


def remove_stale(workspace: Workspace, section: MineSection, place: IndexPlace) -> int:
    """Remove the workspace's indexes of another corpus than `place` is of, and say how many; never those elsewhere."""
    if section.index_folder is not None or not workspace.folder.is_local:
        return 0
    corpus = place.folder.name.rpartition("-")[2]
    stale = [
        folder
        for folder in place.folder.parent.glob("*")
        if (folder / _POOL).exists() and folder.name.rpartition("-")[2] != corpus
    ]
    for folder in stale:
        shutil.rmtree(folder)
    return len(stale)


def _corpus_key(workspace: Workspace) -> str:
    """Return what names a corpus: the documents as they were last extracted, and their families."""
    rows = workspace.read("documents", ["doc_id", "family_id"]).to_pylist()
    families = sorted(f"{row['doc_id']} {row['family_id']}" for row in rows)
    commits = [f"{place.doc_id} {place.commit_id}" for place in workspace.places()]
    return digest(POOL_VERSION, *families, *commits)


def build_pool(workspace: Workspace, place: IndexPlace, kinds: Sequence[CandidateKind]) -> int:
    """Write the pool and its BM25 index where they are missing, and return the number of candidates.

    Raises:
        UsageError: there is no candidate of these kinds.
    """
    if not (place.folder / _WHOLE).exists():
        shutil.rmtree(place.folder, ignore_errors=True)
        place.folder.mkdir(parents=True)
        rows = write_pool(place.pool, _entries(workspace, kinds))
        if not rows:
            shutil.rmtree(place.folder)
            raise UsageError(
                f"{workspace.url}: no {' or '.join(kinds)} to mine among; extract documents, or see mine.candidates"
            )
        with Pool(place.pool) as pool:
            build_lexical(place.lexical, pool.texts())
        (place.folder / _WHOLE).touch()
    with Pool(place.pool) as pool:
        return len(pool)


def build_vectors(
    workspace: Workspace, place: IndexPlace, section: MineSection, key: str | None, reporter: Reporter
) -> None:
    """Embed the pool with every embedder of the recipe, going on where an earlier run was interrupted.

    Raises:
        EngineError: an embedder cannot be used; what it gave before is kept.
    """
    for spec in section.embedders:
        embedder = open_embedder(spec, embedder_options(section, key))
        try:
            with Pool(place.pool) as pool:
                folder, rows = place.dense(embedder.name, section), len(pool)
                if is_built(folder, rows, embedder.name):
                    continue
                source = DatasetSource(workspace) if section.pictures and embedder.sees_images else None
                items = _embeddables(pool, source, section.picture_pixels)
                with showing(reporter, Goal("embed", "vectors", rows)):
                    done = 0
                    for reached in build_dense(folder, items, rows, _reusing(place, folder, embedder)):
                        TALLY.add("vectors", reached - done)
                        done = reached
        finally:
            embedder.close()


def _reusing(place: IndexPlace, folder: Path, embedder: Embedder) -> Embedder:
    """Return the embedder with what the neighbouring pools hold of its vectors, made in the same way, before it."""
    older = [
        (other / _POOL, other / folder.name)
        for other in sorted(place.folder.parent.glob("*"))
        if other != place.folder and (other / _WHOLE).exists() and is_whole(other / folder.name)
    ]
    return Reusing(embedder, older) if older else embedder


def open_miners(place: IndexPlace, section: MineSection, key: str | None) -> tuple[list[Miner], list[Embedder]]:
    """Return the miners of a recipe, and the embedders that the caller closes."""
    embedders = [open_embedder(spec, embedder_options(section, key)) for spec in section.embedders]
    dense = [DenseMiner(place.dense(item.name, section), item, item.name) for item in embedders]
    return [LexicalMiner(place.lexical), *dense], embedders


def embedder_options(section: MineSection, key: str | None) -> EmbedderOptions:
    """Return what an embedder is told."""
    return EmbedderOptions(
        api_key=key,
        model=section.embedder_model,
        query_prefix=section.query_prefix,
        passage_prefix=section.passage_prefix,
    )


def _entries(workspace: Workspace, kinds: Sequence[CandidateKind]) -> Iterator[PoolEntry]:
    for view in workspace.views():
        family = view.document.family_id or view.document.doc_id
        tied = _tied(view)
        for item in candidates(view, kinds):
            own = set(item.element_ids)
            others = set().union(*(tied[element_id] for element_id in own & tied.keys())) - own
            yield PoolEntry(item, family, tuple(sorted(others)), _headers(view.get(item.candidate_id)))
        TALLY.add("documents")


def _tied(view: DocumentView) -> dict[str, set[str]]:
    """Return, for each element that continues another or is continued, which ones these are."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in view.links:
        if link.kind is LinkKind.CONTINUES:
            found[link.source_id].add(link.target_id)
            found[link.target_id].add(link.source_id)
    return found


def _headers(element: Element | None) -> str:
    if element is None:
        return ""
    texts = [" ".join(cell.text.lower().split()) for cell in element.cells if cell.header and cell.row == 0]
    return " | ".join(text for text in texts if text)


def _embeddables(pool: Pool, source: DatasetSource | None, longest: int) -> Iterator[Embeddable]:
    if source is None:
        yield from map(Embeddable, pool.texts())
        return
    for row in range(len(pool)):
        item = pool.entry(row).item
        yield Embeddable(item.text, shown_picture(source, item, longest))


def shown_picture(source: DatasetSource, item: PoolItem, longest: int) -> Picture | None:
    """Return a candidate's picture, no larger than `longest` pixels a side; None where it has none that can be read."""
    found = source.picture(item.doc_id, item.image_id)
    return fitting(Picture(found.data, found.name.rpartition(".")[2]), longest) if found else None
