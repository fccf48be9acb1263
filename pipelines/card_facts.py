"""What a dataset's card tells, collected from the written rows where they know it, else from the workspace's tables."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.formats.huggingface import public_provenance
from pipelines.formats.source import DatasetSource, Row, file_name
from pipelines.outcomes import software
from pipelines.shards import ShardFile
from pipelines.stats import Stats
from pipelines.storage import Folder, storage_errors
from pipelines.validation import Validation
from pipelines.workspace import Workspace
from schemas.arrow import to_plain
from schemas.kinds import ElementKind, Stage
from schemas.recipe import Recipe

_EXAMPLE_COLUMNS = ["question", "answer", "evidence", "hops"]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One document, as the card lists it."""

    file_name: str
    sha256: str
    pages: int
    title: str
    licence: str
    reader: str
    candidates: int
    questions: int


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that the card tells. `counts` holds, by what was counted, how often each value came.

    `matrix` counts the questions by type, and within a type by the modality of the answer.
    """

    name: str
    licence: str | None
    language: str
    rows: dict[str, int]
    files: tuple[ShardFile, ...]
    counts: dict[str, dict[str, int]]
    matrix: dict[str, dict[str, int]]
    sources: tuple[SourceRow, ...]
    rejects: dict[str, int]
    errors: dict[str, int]
    makers: tuple[tuple[str | None, ...], ...]
    checks: tuple[tuple[str, int, int, int], ...]
    software: dict[str, str]
    judgements: int
    validation: Validation | None = None
    stats: Stats | None = None

    @property
    def document_licences(self) -> list[str]:
        """The licences of the documents, each once; an empty text stands for one that nobody stated."""
        return sorted({source.licence for source in self.sources})


def gather_facts(
    workspace: Workspace, source: DatasetSource, recipe: Recipe, *, files: Sequence[ShardFile], tally: Mapping[str, int]
) -> CardFacts:
    """Collect what the card tells about shards whose rows were counted in `tally`."""
    rows: Counter[str] = Counter()
    for file in files:
        rows[file.config] += file.rows
    if "qa" not in rows:
        tally = Counter(tally) + Counter(_question_marks(source))
    return CardFacts(
        name=recipe.export.name,
        licence=recipe.export.licence,
        language=recipe.corpus.language,
        rows=dict(rows),
        files=tuple(files),
        counts={
            name: _group(tally, name) for name in ("answer_modality", "answer_kind", "kind", "language", "left_out")
        },
        matrix=_matrix(tally),
        sources=tuple(_sources(source, recipe.corpus.licence)),
        rejects=_reasons(workspace, "rejects", pc.field("stage") != Stage.EXTRACT.value),
        errors=_reasons(workspace, "errors"),
        makers=tuple(sorted((tuple(json.loads(key)) for key in _group(tally, "maker")), key=str)),
        checks=tuple(_checks(_group(tally, "check"))),
        software=_software(workspace),
        judgements=workspace.count("judgements"),
    )


def example_question(folder: Folder, files: Sequence[ShardFile]) -> Row | None:
    """Return a question to show: of those in the first row group the one with the most hops, and of these the first."""
    file = next((file for file in files if file.config == "qa" and file.rows), None)
    if file is None:
        return None
    with (
        storage_errors(folder.path(file.path)),
        pq.ParquetFile(folder.path(file.path), filesystem=folder.arrow()) as shard,
    ):
        rows: list[Row] = shard.read_row_group(0, columns=_EXAMPLE_COLUMNS).to_pylist()
    return max(rows, key=_hops)


def marks(config: str, row: Row) -> Iterator[str]:
    """Yield what a row counts as; counted over all rows it is the `tally` of `gather_facts`."""
    if "checks" not in row:
        if config == "corpus" and "kind" in row:
            yield f"kind:{row['kind']}"
        return
    for name in ("answer_modality", "answer_kind", "language"):
        yield f"{name}:{row[name]}"
    yield f"type:{row['question_type']}:{row['answer_modality']}"
    for check in row["checks"]:
        yield f"check:{check['name']}:{check['verdict']}"
    made_by = row["provenance"]
    yield "maker:" + json.dumps(
        [made_by[name] for name in ("engine", "model", "prompt", "prompt_hash", "software_version")]
    )


def _question_marks(source: DatasetSource) -> Iterator[str]:
    """Yield what the questions count as, for a format whose rows do not tell."""
    for doc_id in sorted(source.counts("qa", "qa_id")):
        for question in source.questions(doc_id):
            row = to_plain(question)
            yield from marks("qa", row | {"provenance": public_provenance(row["provenance"])})


def _group(tally: Mapping[str, int], name: str) -> dict[str, int]:
    start = f"{name}:"
    return _by_number({key.removeprefix(start): number for key, number in tally.items() if key.startswith(start)})


def _matrix(tally: Mapping[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key, number in _group(tally, "type").items():
        kind, _, modality = key.partition(":")
        found[kind][modality] = number
    return dict(sorted(found.items()))


def _checks(counts: Mapping[str, int]) -> Iterator[tuple[str, int, int, int]]:
    names = sorted({key.rpartition(":")[0] for key in counts})
    for name in names:
        yield name, counts.get(f"{name}:pass", 0), counts.get(f"{name}:fail", 0), counts.get(f"{name}:skip", 0)


def _sources(source: DatasetSource, licence: str | None) -> Iterator[SourceRow]:
    objects = pc.field("kind").isin([ElementKind.TABLE.value, ElementKind.FIGURE.value])
    candidates = source.counts("passages", "doc_id") + source.counts("elements", "doc_id", objects)
    questions = {doc_id: sum(1 for _ in source.questions(doc_id)) for doc_id in source.counts("qa", "qa_id")}
    for doc_id in source.ordered():
        document = source.document(doc_id)
        yield SourceRow(
            file_name(document),
            document.sha256,
            document.page_count,
            document.title or "",
            document.licence or licence or "",
            f"{document.extractor} (version {document.extractor_version})",
            candidates[doc_id],
            questions.get(doc_id, 0),
        )


def _reasons(workspace: Workspace, table: str, filter: pc.Expression | None = None) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for rows in workspace.stream(table, ["reason_code"], filter=filter):
        counts.update({row["values"]: row["counts"] for row in pc.value_counts(rows["reason_code"]).to_pylist()})
    return _by_number(counts)


def _software(workspace: Workspace) -> dict[str, str]:
    versions: dict[str, list[str]] = defaultdict(list)
    for run in [*(manifest.software for manifest in workspace.manifests()), software()]:
        for package, version in run.items():
            if version not in versions[package]:
                versions[package].append(version)
    return {package: " and ".join(found) for package, found in versions.items()}


def _by_number(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _hops(row: Mapping[str, Any]) -> int:
    return int(row["hops"])
