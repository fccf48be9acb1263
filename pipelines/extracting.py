"""The extract stage: PDFs to the tables that describe documents, and to rows of rejects and errors.

Each file is read in a child process, several at a time; each batch of files is one pipeline and one commit. What a
commit has recorded under the same key is not read again, whether it succeeded or failed.
"""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from extractors.catalog import find_extractor
from extractors.isolation import extract_into
from extractors.messages import Task
from extractors.options import ExtractOptions, options_from_recipe
from extractors.spool import Spool, gather
from pipelines.beam_options import count, new_pipeline, pipeline_options, run_pipeline, runs_here
from pipelines.commits import InputEntry
from pipelines.extract_keys import ExtractKeys, latest_entries, unreadable_entry, without_retryable
from pipelines.inputs import Source, Unreadable, find_pdfs, fingerprint, read_source
from pipelines.outcomes import RunOutcome, publish, tell
from pipelines.part_writing import TableRows, WriteParts, take_parts
from pipelines.parts import Part, write_part
from pipelines.progress import Goal, Reporter, Silent, showing
from pipelines.workspace import WritableWorkspace, writing
from schemas.errors import ExtractionError
from schemas.kinds import Stage
from schemas.recipe import Recipe
from schemas.records import Extraction, Failure

# The table of each field of an extraction.
_TABLES = {
    "document": "documents",
    "pages": "pages",
    "elements": "elements",
    "links": "links",
    "passages": "passages",
    "images": "images",
    "problems": "errors",
    "rejects": "rejects",
}
_COUNTED = ("pages", "errors")


@dataclass(frozen=True, slots=True)
class ExtractJob:
    """What a worker needs to know; the password itself stays in the worker's environment.

    `threads` is how many documents one worker reads at a time, each in a child process of its own.
    """

    target: str
    options: ExtractOptions
    password_variable: str | None
    threads: int

    def resolved(self) -> ExtractOptions:
        """Return the options with this process's password."""
        return _with_password(self.options, self.password_variable)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of a source: an extraction, or none and the failures that say why."""

    source: Source
    extraction: Extraction | None
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Spooled:
    """What became of a source, its rows on this machine's disk; or no spool, and the failures that say why."""

    source: Source
    spool: Spool | None
    failures: tuple[Failure, ...] = ()


@dataclass(eq=False)
class ExtractDocuments(beam.PTransform[PCollection[Source], PCollection[TableRows]]):
    """Sources to the rows that they add to each table."""

    job: ExtractJob

    def expand(self, sources: PCollection[Source]) -> PCollection[TableRows]:
        """Read every source."""
        return sources | "ExtractDocument" >> beam.ParDo(ExtractDocument(self.job))


class ExtractDocument(beam.DoFn):
    """Read sources, `job.threads` at a time; rows leave in slices, document by document as they are done."""

    def __init__(self, job: ExtractJob) -> None:
        self._job = job
        self._options = job.options
        self._threads: ThreadPoolExecutor | None = None
        self._pending: set[Future[Spooled]] = set()

    def setup(self) -> None:
        """Start the threads that wait for the child processes."""
        self._options = self._job.resolved()
        self._threads = ThreadPoolExecutor(self._job.threads, thread_name_prefix="extract")

    def start_bundle(self) -> None:
        """Begin with nothing under way."""
        self._pending = set()

    def process(self, source: Source) -> Iterator[TableRows]:
        """Start on a source, and hand on what is done meanwhile."""
        if len(self._pending) >= self._job.threads:
            yield from self._done()
        assert self._threads is not None  # setup came first
        self._pending.add(self._threads.submit(spool_source, source, self._job.target, self._options))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Wait for the rest."""
        while self._pending:
            for rows in self._done():
                yield GlobalWindows.windowed_value(rows)

    def teardown(self) -> None:
        """End the threads."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _done(self) -> Iterator[TableRows]:
        done, self._pending = wait(self._pending, return_when=FIRST_COMPLETED)
        for future in done:
            count("documents")
            for table, rows in rows_of(future.result()):
                if table in _COUNTED:
                    count(table, len(rows))
                yield table, rows


def spool_source(source: Source, target: str, options: ExtractOptions) -> Spooled:
    """Read one source in a child process; a document that cannot be read is a value, not an error."""
    spool = Spool()
    try:
        extract_into(spool, Task(target, read_source(source, options.max_megabytes), options, source.uri))
    except ExtractionError as error:
        spool.close()
        return Spooled(source, None, _failures(source, error))
    except BaseException:
        spool.close()
        raise
    return Spooled(source, spool)


def extract_source(source: Source, target: str, options: ExtractOptions) -> Extracted:
    """Read one source as a whole, for who looks at it rather than writes it."""
    spooled = spool_source(source, target, options)
    if spooled.spool is None:
        return Extracted(source, None, spooled.failures)
    with spooled.spool as spool:
        extraction = gather(spool)
    return Extracted(source, extraction, extraction.problems)


def rows_of(spooled: Spooled) -> Iterator[TableRows]:
    """Yield the rows that an outcome adds to each table, slice by slice; the document's own row comes last."""
    if spooled.spool is not None:
        with spooled.spool as spool:
            for part in spool:
                yield _TABLES[part.part], part.rows
    if spooled.failures:
        yield "errors", spooled.failures


def run_extract(
    pdfs: Sequence[str],
    workspace: str,
    recipe: Recipe,
    *,
    beam_args: Sequence[str] = (),
    reporter: Reporter | None = None,
    retry_failed: bool = False,
) -> RunOutcome:
    """Extract the PDFs that are not in the workspace yet, batch by batch.

    Args:
        pdfs: folders, files, patterns or list files.
        workspace: the folder that holds the tables.
        recipe: how to read, and how many at a time.
        beam_args: options for Beam.
        reporter: who is told how far it is.
        retry_failed: whether files are read again whose row in `errors` says that it may go well another time.

    Raises:
        UsageError: `pdfs` or `beam_args` cannot work.
        WorkspaceError: the workspace cannot be written; batches committed before stay.
    """
    started = time.monotonic()
    reporter = reporter or Silent()
    uris = find_pdfs(pdfs)
    options = pipeline_options(beam_args, workspace)
    extractor = find_extractor(recipe.extract.extractor)
    job = extract_job(recipe, extractor.target, is_local=runs_here(options))
    keys = ExtractKeys(extractor, job.resolved())
    with writing(workspace) as opened:
        sources, unreadable = fingerprint(uris)
        known = latest_entries(opened.manifests())
        if retry_failed:
            known = without_retryable(known, opened.records("errors"))
        missing = [source for source in sources if not keys.is_known(source, known)]
        news = [item for item in unreadable if not keys.is_known_unreadable(item, known)]
        with showing(reporter, Goal("extract", "documents", len(missing))):
            for batch, lost in _batches(missing, news, recipe.run.batch_documents):
                _extract_batch(opened, batch, lost, recipe=recipe, run=_Run(job, keys, options))
        entries = latest_entries(opened.manifests())
    seconds = time.monotonic() - started
    return _outcome(entries, sources, unreadable, new=len(missing) + len(news), seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Run:
    job: ExtractJob
    keys: ExtractKeys
    options: PipelineOptions


def _extract_batch(
    workspace: WritableWorkspace, batch: Sequence[Source], lost: Sequence[Unreadable], *, recipe: Recipe, run: _Run
) -> None:
    started = time.monotonic()
    draft = workspace.begin(Stage.EXTRACT)
    try:
        pipeline = new_pipeline(run.options)
        # The largest first: a long document at the end would leave the other processes idle.
        ordered = sorted(batch, key=_size, reverse=True)
        # One chain without a branch: the runner then hands each document on before it reads the next.
        _ = (
            pipeline
            | "Sources" >> beam.Create(ordered)
            | "ExtractDocuments" >> ExtractDocuments(run.job)
            | "WriteParts" >> WriteParts(workspace.folder, draft.staging)
        )
        run_pipeline(pipeline)
        parts = take_parts(draft)
        read = _documents_in(workspace, parts)
        workspace.drop_documents(draft, read)
        workspace.drop_told(draft, Stage.EXTRACT, _subjects(batch, lost))
        if lost:
            parts.append(write_part(draft.folder, draft.staging, "errors", [_lost(item) for item in lost]))
        for part in parts:
            draft.stage(part)
        entries = [run.keys.entry(source, failed=source.doc_id not in read) for source in batch]
        entries += [unreadable_entry(item) for item in lost]
        publish(draft, recipe, key=run.keys.content, seconds=time.monotonic() - started, inputs=tuple(entries))
    finally:
        draft.abandon()


def _documents_in(workspace: WritableWorkspace, parts: Sequence[Part]) -> set[str]:
    paths = [part.path for part in parts if part.table == "documents"]
    return set(workspace.read_parts("documents", paths, ["doc_id"])["doc_id"].to_pylist())


def _subjects(batch: Sequence[Source], lost: Sequence[Unreadable]) -> list[str]:
    found = [item.uri for item in lost]
    for source in batch:
        found += [source.doc_id, source.uri, *source.copies]
    return found


def _batches(
    sources: Sequence[Source], unreadable: Sequence[Unreadable], size: int
) -> Iterator[tuple[Sequence[Source], Sequence[Unreadable]]]:
    for start in range(0, len(sources) or bool(unreadable), size):
        yield sources[start : start + size], unreadable if start == 0 else ()


def extract_job(recipe: Recipe, target: str, *, is_local: bool = True) -> ExtractJob:
    """Return what a worker needs to know under a recipe."""
    threads = recipe.run.workers or (os.cpu_count() or 1)
    section = options_from_recipe(recipe.extract, recipe.corpus)
    # Other runners bring processes of their own: there a worker reads one document at a time.
    return ExtractJob(target, section, recipe.extract.password_variable, threads if is_local else 1)


def _with_password(options: ExtractOptions, variable: str | None) -> ExtractOptions:
    return replace(options, password=os.environ.get(variable)) if variable else options


def _failures(source: Source, error: ExtractionError) -> tuple[Failure, ...]:
    return tuple(_failure(source.doc_id, uri, error) for uri in (source.uri, *source.copies))


def _lost(item: Unreadable) -> Failure:
    return _failure(item.uri, item.uri, item.error)


def _failure(subject: str, uri: str, error: ExtractionError) -> Failure:
    return Failure(
        stage=Stage.EXTRACT,
        subject=subject,
        reason_code=error.reason_code.value,
        message=error.message,
        uri=uri,
        page_index=error.page_index,
        retryable=error.retryable,
    )


def _size(source: Source) -> int:
    return source.byte_size


def _outcome(
    entries: dict[str, InputEntry],
    sources: Sequence[Source],
    unreadable: Sequence[Unreadable],
    *,
    new: int,
    seconds: float,
) -> RunOutcome:
    failed = sum(entries[source.sha256].failed for source in sources) + len(unreadable)
    copies = sum(len(source.copies) for source in sources)
    counts = {
        "documents": len(sources) + len(unreadable) - failed,
        "failed": failed,
        "new": new,
        "copies": copies,
    }
    done = tell(counts["documents"], "document")
    message = f"{done} extracted, {new} of the files new" if new else f"nothing to do: {done} extracted before"
    if failed:
        message += f"; {tell(failed, 'file')} could not be read, see the table errors"
    return RunOutcome(int(failed > 0), message, seconds, counts)
