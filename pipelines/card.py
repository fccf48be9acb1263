"""The dataset's card: what it holds, where it is from, how it was made and checked, and what it does not claim."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc
from datasets import DatasetInfo, Features
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.formats.catalog import Format
from pipelines.formats.source import DatasetSource, by_file, file_name
from pipelines.outcomes import software
from pipelines.shards import ShardFile
from pipelines.storage import Folder
from pipelines.workspace import Workspace
from schemas.recipe import Recipe

CARD = "README.md"
_TEMPLATE = "dataset_card.md.jinja"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One document, as the card lists it."""

    file_name: str
    sha256: str
    pages: int
    title: str
    licence: str
    candidates: int
    questions: int


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that the card tells. `counts` holds, by what was counted, how often each value came."""

    name: str
    corpus_licence: str | None
    licence: str | None
    language: str
    rows: dict[str, int]
    files: tuple[ShardFile, ...]
    counts: dict[str, dict[str, int]]
    sources: tuple[SourceRow, ...]
    rejects: dict[str, int]
    makers: tuple[tuple[str | None, ...], ...]
    checks: tuple[tuple[str, int, int, int], ...]
    software: dict[str, str]
    judgements: int


def gather_facts(
    workspace: Workspace, source: DatasetSource, recipe: Recipe, *, files: Sequence[ShardFile], tally: Mapping[str, int]
) -> CardFacts:
    """Collect what the card tells: from the written rows where they know it, else from the workspace's tables."""
    rows: Counter[str] = Counter()
    for file in files:
        rows[file.config] += file.rows
    return CardFacts(
        name=recipe.export.name,
        corpus_licence=recipe.corpus.licence,
        licence=recipe.export.licence,
        language=recipe.corpus.language,
        rows=dict(rows),
        files=tuple(files),
        counts={name: _group(tally, name) for name in ("question_type", "answer_modality", "kind", "language")},
        sources=tuple(_sources(source, tally)),
        rejects=_rejects(workspace),
        makers=tuple(sorted((tuple(json.loads(key)) for key in _group(tally, "maker")), key=str)),
        checks=tuple(_checks(_group(tally, "check"))),
        software=software(),
        judgements=workspace.count("judgements"),
    )


def write_card(folder: Folder, facts: CardFacts, format: Format) -> None:
    """Write the card beside the data."""
    environment = Environment(
        loader=PackageLoader("pipelines"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    body = environment.get_template(_TEMPLATE).render(facts=facts, configs=_configs(facts), megabytes=_megabytes(facts))
    with folder.open_output(CARD) as file:
        file.write(f"---\n{_front_matter(facts, format)}\n---\n\n{body}".encode())


def cell(value: object) -> str:
    r"""Return text that stands in one cell of a Markdown table and means nothing there.

    >>> cell("a | b\n<i>")
    'a \\| b &lt;i&gt;'
    """
    text = " ".join(str("" if value is None else value).split())
    for mark, instead in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\\", "\\\\"), ("|", "\\|"), ("`", "\\`")):
        text = text.replace(mark, instead)
    return text


def _front_matter(facts: CardFacts, format: Format) -> str:
    data = DatasetCardData(
        license="other",
        pretty_name=facts.name,
        language=[facts.language],
        task_categories=["question-answering", "visual-question-answering"],
        configs=_configs(facts),
    )
    infos = DatasetInfosDict(
        {
            config.name: _info(config.name, Features.from_arrow_schema(config.schema()), facts)
            for config in format.configs
        }
    )
    infos.to_dataset_card_data(data)
    return data.to_yaml()


def _info(name: str, features: Features, facts: CardFacts) -> DatasetInfo:
    splits: dict[str, dict[str, object]] = {}
    for split in _splits(facts, name):
        own = [file for file in facts.files if (file.config, file.split) == (name, split)]
        size, rows = sum(file.byte_size for file in own), sum(file.rows for file in own)
        splits[split] = {"name": split, "num_bytes": size, "num_examples": rows}
    size = sum(file.byte_size for file in facts.files if file.config == name)
    return DatasetInfo(config_name=name, features=features, splits=splits, download_size=size, dataset_size=size)


def _configs(facts: CardFacts) -> list[dict[str, object]]:
    filled = [name for name, rows in facts.rows.items() if rows] or list(facts.rows)
    return [
        {
            "config_name": name,
            "data_files": [{"split": split, "path": f"{name}/{split}-*.parquet"} for split in _splits(facts, name)],
            # The datasets library opens a config without rows only as a stream, so such a one is no good default.
            **({"default": True} if name == filled[0] else {}),
        }
        for name in facts.rows
    ]


def _splits(facts: CardFacts, config: str) -> list[str]:
    return list(dict.fromkeys(file.split for file in facts.files if file.config == config))


def _group(tally: Mapping[str, int], name: str) -> dict[str, int]:
    start = f"{name}:"
    found = {key.removeprefix(start): number for key, number in tally.items() if key.startswith(start)}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _checks(counts: Mapping[str, int]) -> Iterator[tuple[str, int, int, int]]:
    names = sorted({key.rpartition(":")[0] for key in counts})
    for name in names:
        yield name, counts.get(f"{name}:pass", 0), counts.get(f"{name}:fail", 0), counts.get(f"{name}:skip", 0)


def _sources(source: DatasetSource, tally: Mapping[str, int]) -> Iterator[SourceRow]:
    for place in sorted(source.places.values(), key=lambda place: by_file(place, source)):
        document = source.document(place.doc_id)
        yield SourceRow(
            file_name(document),
            document.sha256,
            document.page_count,
            document.title or "",
            document.licence or "",
            tally.get(f"document:{document.doc_id}:corpus", 0),
            tally.get(f"document:{document.doc_id}:qa", 0),
        )


def _rejects(workspace: Workspace) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for table in workspace.stream("rejects", ["reason_code"]):
        counts.update({row["values"]: row["counts"] for row in pc.value_counts(table["reason_code"]).to_pylist()})
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _megabytes(facts: CardFacts) -> str:
    return f"{sum(file.byte_size for file in facts.files) / 1e6:.1f}"
