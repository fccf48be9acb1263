"""The dataset's card: what it holds, where it is from, how it was made and checked, and what it does not claim."""

from typing import Final

from datasets import DatasetInfo, Features
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData
from jinja2 import Environment, PackageLoader, StrictUndefined

from annotation.agreement import Agreement
from annotation.intervals import Estimate
from annotation.ratings import REQUIRED
from annotation.verdicts import LABELS
from pipelines.card_facts import CardFacts, example_question
from pipelines.formats.shape import Config, Encoding, Format
from pipelines.storage import Folder
from pipelines.validation import Validation, ValidationStatus

CARD = "README.md"
_TEMPLATE = "dataset_card.md.jinja"
_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LOADABLE: Final = (Encoding.PARQUET, Encoding.JSON, Encoding.JSON_LINES)
# The hub's names of the licences that documents and datasets mostly have; for any other it knows the word "other".
_LICENCES: Final = frozenset(
    {
        "apache-2.0",
        "mit",
        "bsd-2-clause",
        "bsd-3-clause",
        "gpl-2.0",
        "gpl-3.0",
        "agpl-3.0",
        "lgpl-3.0",
        "mpl-2.0",
        "artistic-2.0",
        "unlicense",
        "gfdl",
        "cc0-1.0",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc-by-nc-4.0",
        "cc-by-nc-sa-4.0",
        "cc-by-nd-4.0",
        "cc-by-nc-nd-4.0",
        "odbl",
        "odc-by",
        "pddl",
        "etalab-2.0",
    }
)
_TAGS: Final = {ValidationStatus.PASSED: "human-validated", ValidationStatus.UNVALIDATED: "unvalidated"}


def write_card(folder: Folder, facts: CardFacts, format: Format) -> None:
    """Write the card beside the data."""
    environment = Environment(
        loader=PackageLoader("pipelines"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "cell": cell,
        "percent": percent,
        "interval": interval,
        "figure": figure,
        "figures": figures,
    }
    body = environment.get_template(_TEMPLATE).render(
        facts=facts,
        format=format,
        default=_default(facts),
        example=example_question(folder, facts.files),
        megabytes=_megabytes(facts),
        agreement=_voices(facts.validation),
    )
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


def percent(share: float | None) -> str:
    """Return a share as people read it.

    >>> percent(0.0625), percent(None)
    ('6.2 %', 'not known')
    """
    return "not known" if share is None else f"{share * 100:.1f} %"


def interval(estimate: Estimate) -> str:
    """Return the interval of an estimate.

    >>> interval(Estimate(0.0625, 0.027, 0.138)), interval(Estimate(None))
    ('2.7 to 13.8 %', 'none')
    """
    if estimate.low is None or estimate.high is None:
        return "none"
    return f"{estimate.low * 100:.1f} to {estimate.high * 100:.1f} %"


def figure(value: float | None) -> str:
    """Return a coefficient as people read it."""
    return "not defined" if value is None else f"{value:.2f}"


def figures(estimate: Estimate) -> str:
    """Return the interval of a coefficient."""
    if estimate.low is None or estimate.high is None:
        return "none"
    return f"{estimate.low:.2f} to {estimate.high:.2f}"


def _voices(validation: Validation | None) -> list[Agreement]:
    """Return how far people agree on each label that two of them gave, without the labels that sum others up."""
    found = validation.report.agreement if validation and validation.report else ()
    return [label for label in found if label.shared and label.label in (*LABELS, REQUIRED)]


def licence_names(facts: CardFacts) -> list[str]:
    """Return the hub's names of all licences in a dataset: of the questions, then of the documents."""
    stated = [facts.licence or "", *facts.document_licences]
    return list(dict.fromkeys(_licence_name(licence) for licence in stated))


def size_category(rows: int) -> str:
    """Return the hub's name for a number of rows.

    >>> size_category(999), size_category(1000), size_category(2_000_000)
    ('n<1K', '1K<n<10K', '1M<n<10M')
    """
    return next((name for limit, name in _SIZES if rows < limit), "1M<n<10M")


def _licence_name(licence: str) -> str:
    if not licence:
        return "unknown"
    name = "-".join(licence.lower().split())
    return name if name in _LICENCES else "other"


def _front_matter(facts: CardFacts, format: Format) -> str:
    data = DatasetCardData(
        license=licence_names(facts),
        pretty_name=facts.name,
        language=[facts.language],
        task_categories=["question-answering", "visual-question-answering"],
        size_categories=[size_category(next(iter(facts.rows.values())))],
        tags=_tags(facts),
        configs=_configs(facts, format),
    )
    infos = DatasetInfosDict(
        {
            name: _info(format.config(name), name, facts)
            for name in facts.rows
            if format.config(name).encoding in _LOADABLE
        }
    )
    infos.to_dataset_card_data(data)
    return data.to_yaml()


def _tags(facts: CardFacts) -> list[str] | None:
    status = facts.validation.status if facts.validation else ValidationStatus.NOT_REQUIRED
    return None if status is ValidationStatus.NOT_REQUIRED else [_TAGS[status]]


def _info(config: Config, name: str, facts: CardFacts) -> DatasetInfo:
    splits: dict[str, dict[str, object]] = {}
    for split, source in _splits(facts, name, config):
        own = [file for file in facts.files if (file.config, file.split) == (name, source)]
        size, rows = sum(file.byte_size for file in own), sum(file.rows for file in own)
        splits[split] = {"name": split, "num_bytes": size, "num_examples": rows}
    size = sum(file.byte_size for file in facts.files if file.config == name)
    features = Features.from_arrow_schema(config.schema())
    return DatasetInfo(config_name=name, features=features, splits=splits, download_size=size, dataset_size=size)


def _configs(facts: CardFacts, format: Format) -> list[dict[str, object]]:
    default = _default(facts)
    return [
        {
            "config_name": name,
            "data_files": [
                {"split": split, "path": _path(facts, name, source)}
                for split, source in _splits(facts, name, format.config(name))
            ],
            **({"default": True} if name == default else {}),
        }
        for name in facts.rows
        if format.config(name).encoding in _LOADABLE
    ]


def _path(facts: CardFacts, name: str, split: str) -> str:
    path = next(file.path for file in facts.files if (file.config, file.split) == (name, split))
    return f"{name}/{split}-*.parquet" if path.endswith(".parquet") else path


def _default(facts: CardFacts) -> str:
    # The datasets library opens a config without rows only as a stream, so such a one is no good default.
    return next((name for name, rows in facts.rows.items() if rows), next(iter(facts.rows)))


def _splits(facts: CardFacts, name: str, config: Config) -> list[tuple[str, str]]:
    """Return the splits that a config is listed under, each with the split of its files."""
    own = list(dict.fromkeys(file.split for file in facts.files if file.config == name))
    others = dict.fromkeys(file.split for file in facts.files if file.config != name)
    return [(split, own[0]) for split in others] if config.shared and others else [(split, split) for split in own]


def _megabytes(facts: CardFacts) -> str:
    return f"{sum(file.byte_size for file in facts.files) / 1e6:.1f}"
