"""What takes part in the extraction bench: a file in, what it took and a prediction out.

Each runs in processes of its own with one thread, numerics included: as many processes as there are cores then use all
of them, and nobody's threads fight. The peer takes part twice: like that, and as it comes, in one process with the
threads that it takes itself. None makes pictures or runs OCR unless asked, because the peer makes none and OCR would be
all that is measured on a scan.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf
from peer_predictions import predict_peer
from predictions import failed, predict

from extractors.catalog import Extractor, find_extractor
from extractors.layout import spare_threads
from extractors.opening import PDF_ERRORS, quiet_library
from extractors.options import ExtractOptions
from schemas.errors import ExtractionError
from schemas.recipe import Profile

PEER = "peer"
PEER_ONE_THREAD = "peer, one thread"
PEERS = (PEER, PEER_ONE_THREAD)
BARE = "bare"
OURS = tuple(profile.value for profile in Profile)


@dataclass(frozen=True)
class Run:
    """One file read once: CPU seconds, pages, and what was found (nothing for the bare read)."""

    stem: str
    cpu: float
    pages: int
    prediction: dict[str, Any] = field(default_factory=dict)

    @property
    def error(self) -> str | None:
        """Why the file could not be read."""
        return self.prediction.get("error")


@dataclass(frozen=True)
class Contender:
    """A way to read a file; it travels to the processes that run it."""

    name: str
    pictures: bool = False
    ocr: bool = False

    def processes(self, workers: int) -> int:
        """Return in how many processes it runs when there are so many cores."""
        return 1 if self.name == PEER else workers

    @contextmanager
    def environment(self) -> Iterator[None]:
        """Let its processes, started inside the block, have one thread for numerics, or as many as they like."""
        before = os.environ.pop("OMP_NUM_THREADS", None)
        if self.name != PEER:
            os.environ["OMP_NUM_THREADS"] = "1"
        try:
            yield
        finally:
            os.environ.pop("OMP_NUM_THREADS", None)
            if before is not None:
                os.environ["OMP_NUM_THREADS"] = before

    def prepare(self) -> None:
        """Make a process ready, so that no contender pays for imports or for loading the network."""
        quiet_library()
        if self.name != PEER:
            spare_threads()

    def run(self, path: Path) -> Run:
        """Read one file."""
        if self.name in PEERS:
            return run_peer(path, ocr=self.ocr)
        if self.name == BARE:
            return run_bare(path)
        pictures = {} if self.pictures else {"page_dpi": 0, "crop_dpi": 0}
        profile = Profile(self.name) if self.name in OURS else Profile.BEST
        extractor = find_extractor("pymupdf" if self.name in OURS else self.name)
        return run_ours(path, extractor, ExtractOptions(profile, ocr="auto" if self.ocr else "off", **pictures))


def run_ours(path: Path, extractor: Extractor, options: ExtractOptions) -> Run:
    """Read a file with one of the extractors of the catalog, up to finished records."""
    extract = extractor.load()
    started = time.process_time()
    try:
        extraction = extract(path.read_bytes(), options, uri=str(path))
    except ExtractionError as error:
        return Run(path.stem, time.process_time() - started, 0, failed(path.stem, error.reason_code.value))
    took = time.process_time() - started
    return Run(path.stem, took, len(extraction.pages), predict(extraction, path.stem))


def run_peer(path: Path, *, ocr: bool) -> Run:
    """Read a file with `pymupdf4llm.to_json`; what our scoring adds is not counted."""
    to_json = find_peer()
    started = time.process_time()
    try:
        with redirect_stdout(sys.stderr):
            parsed = json.loads(to_json(str(path), use_ocr=ocr))
    except PDF_ERRORS as error:
        return Run(path.stem, time.process_time() - started, 0, failed(path.stem, type(error).__name__))
    took = time.process_time() - started
    with pymupdf.open(path) as document:
        words = [[(*word[:4], word[4]) for word in page.get_text("words")] for page in document]
    return Run(path.stem, took, len(parsed["pages"]), predict_peer(parsed, words, path.stem))


def run_bare(path: Path) -> Run:
    """Read a file as cheaply as can be of any use: the text as a dict, and the drawings."""
    started = time.process_time()
    try:
        with pymupdf.open(path) as document:
            if document.needs_pass:
                return Run(path.stem, 0.0, 0, failed(path.stem, "encrypted"))
            for page in document:
                page.get_text("dict")
                page.get_drawings()
            return Run(path.stem, time.process_time() - started, document.page_count)
    except PDF_ERRORS as error:
        return Run(path.stem, time.process_time() - started, 0, failed(path.stem, type(error).__name__))


def find_peer() -> Callable[..., str]:
    """Return the peer's function.

    Raises:
        SystemExit: it is not installed.
    """
    try:
        from pymupdf4llm import to_json
    except ImportError as error:
        raise SystemExit(
            f"{error}; the peer is optional: pip install pymupdf4llm, or leave it out by --no-peer"
        ) from error
    return to_json
