#!/usr/bin/env python3
"""Measure extraction on your own PDFs without annotating any: by what they say of themselves.

    python bench/blind.py PDFS --out DIR [--pages 15] [--profiles best,fast] [--sample N --seed S]

Truth comes from the outline (headings and levels) and from the named places of LaTeX's hyperref (how many captioned
figures and tables a page has, what a linked "Table 3" leads to), for the first --pages pages of each file. Each file is
read twice: as it is, and with its links and outline taken away, so that what the text alone gives is measured too. A
document that has neither outline nor names is read and not scored.

Outlines leave out unnumbered and deep headings, so "false headings" are to be looked at, not believed. What was missed
goes to DIR/PROFILE.json, a list a document.
"""

import argparse
import json
import multiprocessing
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from self_truth import Heading, Mention, Truth, read_truth, squeeze

from extractors.layout import spare_threads
from extractors.opening import PDF_ERRORS, quiet_library
from extractors.options import ExtractOptions
from extractors.pymupdf_extractor import extract
from schemas.errors import ExtractionError
from schemas.kinds import ElementKind, LinkKind
from schemas.recipe import Profile
from schemas.records import Element, Extraction

_ALIKE = 0.9
_MEASURES = (
    "headings found",
    "headings true",
    "levels right",
    "captioned objects found",
    "captioned objects true",
    "mentions resolved",
)
_AS_IT_IS, _TEXT_ALONE = "as it is", "text alone"


@dataclass
class Score:
    """Hits and trials of each measure, and in words what was missed."""

    hits: Counter[str] = field(default_factory=Counter)
    trials: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, measure: str, hit: bool, what: str = "") -> None:
        """Count one trial."""
        self.trials[measure] += 1
        self.hits[measure] += hit
        if not hit:
            self.missed.append(f"{measure}: {what}")


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=15)
    parser.add_argument("--profiles", default="best,fast")
    parser.add_argument("--sample", type=int, metavar="N", help="so many files at random instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    arguments = parser.parse_args()
    paths = sorted(arguments.pdfs.rglob("*.pdf"))
    if arguments.sample is not None:
        paths = sorted(random.Random(arguments.seed).sample(paths, min(arguments.sample, len(paths))))
    arguments.out.mkdir(parents=True, exist_ok=True)
    columns = {}
    for name in arguments.profiles.split(","):
        with ProcessPoolExecutor(arguments.workers, multiprocessing.get_context("spawn"), prepare) as pool:
            read = partial(score_file, pages=arguments.pages, profile=Profile(name))
            scores = dict(zip(map(str, paths), pool.map(read, paths), strict=True))
        for way in (_AS_IT_IS, _TEXT_ALONE):
            columns[f"{name}, {way}"] = [both[way] for both in scores.values()]
        missed = {path: {way: score.missed for way, score in both.items()} for path, both in scores.items()}
        (arguments.out / f"{name}.json").write_text(json.dumps(missed, indent=1, ensure_ascii=False), encoding="utf-8")
    print(report(columns))
    return 0


def report(columns: dict[str, list[Score]]) -> str:
    """Return the shares of all files together, as Markdown."""
    lines = [f"| | n | {' | '.join(columns)} |", f"|---|---|{'---|' * len(columns)}"]
    for measure in _MEASURES:
        trials = [sum(score.trials[measure] for score in scores) for scores in columns.values()]
        hits = [sum(score.hits[measure] for score in scores) for scores in columns.values()]
        shares = (f"{hit / trial:.3f}" if trial else "-" for hit, trial in zip(hits, trials, strict=True))
        lines.append(f"| {measure} | {trials[0]} | {' | '.join(shares)} |")
    return "\n".join(lines)


def prepare() -> None:
    """Make a process ready: no chatter of the library, one thread for numerics."""
    quiet_library()
    spare_threads()


def score_file(path: Path, *, pages: int, profile: Profile) -> dict[str, Score]:
    """Read one file both ways and score it."""
    try:
        with pymupdf.open(path) as document:
            shown = min(pages, document.page_count)
            truth = read_truth(document, shown)
            document.select(range(shown))
            whole = _read(document.tobytes(garbage=1), profile)
            _strip(document)
            bare = _read(document.tobytes(garbage=1), profile)
    except (ExtractionError, *PDF_ERRORS) as error:
        return {way: Score(missed=[f"not read: {error}"]) for way in (_AS_IT_IS, _TEXT_ALONE)}
    return {_AS_IT_IS: score_one(truth, whole), _TEXT_ALONE: score_one(truth, bare)}


def score_one(truth: Truth, extraction: Extraction) -> Score:
    """Return how well a document was read."""
    score = Score()
    _score_headings(score, truth, extraction)
    _score_captions(score, truth, extraction)
    _score_mentions(score, truth.mentions, extraction)
    return score


def _read(pdf: bytes, profile: Profile) -> Extraction:
    return extract(pdf, ExtractOptions(profile, ocr="off", page_dpi=0, crop_dpi=0))


def _strip(document: pymupdf.Document) -> None:
    """Take the links and the outline out of a document."""
    document.set_toc([])
    for page in document:
        for link in page.get_links():
            page.delete_link(link)


def _score_headings(score: Score, truth: Truth, extraction: Extraction) -> None:
    if not truth.headings:
        return
    found = [element for element in extraction.elements if element.kind is ElementKind.HEADING]
    titles = [element for element in extraction.elements if element.kind is ElementKind.TITLE]
    pairs: list[tuple[Heading, Element]] = []
    free = [*found, *titles]
    for heading in truth.headings:
        match = next((element for element in free if _is_same(heading, element)), None)
        score.add("headings found", match is not None, f"page {heading.page + 1}: {heading.words}")
        if match is not None:
            free.remove(match)
            pairs.append((heading, match))
    last = max(heading.page for heading in truth.headings)
    for element in found:
        if element.page_index <= last:
            score.add("headings true", element not in free, f"page {element.page_index + 1}: {element.text}")
    nested = [(heading.level, len(element.section_path), element.text) for heading, element in pairs]
    nested = [row for row in nested if row[1]]  # the document's title is under nothing
    top, first = min((row[0] for row in nested), default=0), min((row[1] for row in nested), default=0)
    for level, depth, text in nested:
        score.add("levels right", level - top == depth - first, f"{level} / {depth}: {text}")


def _is_same(heading: Heading, element: Element) -> bool:
    if element.page_index != heading.page:
        return False
    words = squeeze(element.text)
    bare = squeeze(element.text.removeprefix(element.label or ""))
    return any(SequenceMatcher(None, heading.words, other).ratio() >= _ALIKE for other in {words, bare})


def _score_captions(score: Score, truth: Truth, extraction: Extraction) -> None:
    kinds = {element.element_id: element for element in extraction.elements}
    tied = {link.target_id for link in extraction.links if link.kind is LinkKind.CAPTION_OF}
    found = Counter((kinds[target].page_index, kinds[target].kind.value) for target in tied)
    if not truth.objects:
        return
    for place, count in sorted(truth.captions.items()):
        for number in range(count):
            score.add("captioned objects found", number < found[place], f"page {place[0] + 1}: {place[1]}")
    for place, count in sorted(found.items()):
        for number in range(count):
            wanted = truth.objects.get(place, 0)
            score.add("captioned objects true", number < wanted, f"page {place[0] + 1}: {place[1]}")


def _score_mentions(score: Score, wanted: Sequence[Mention], extraction: Extraction) -> None:
    found: dict[tuple[int, str, str], int] = Counter(_predicted(extraction))
    for mention in wanted:
        key = mention.page, mention.kind, mention.number
        score.add("mentions resolved", found[key] > 0, f"page {mention.page + 1}: {mention.kind} {mention.number}")
        found[key] -= 1


def _predicted(extraction: Extraction) -> Iterator[tuple[int, str, str]]:
    """Yield page, kind and number of every mention that was resolved."""
    elements = {element.element_id: element for element in extraction.elements}
    captions = _captioned(elements.values())
    for link in extraction.links:
        if link.kind is LinkKind.MENTIONS:
            target = elements[link.target_id]
            number = (target.label or "").rsplit(" ", 1)[-1].strip("().").casefold()
            kind = captions.get(target.element_id, target.kind.value)
            yield elements[link.source_id].page_index, kind, number


def _captioned(elements: Iterable[Element]) -> dict[str, str]:
    """Return for each caption what its label names."""
    kinds: dict[str, str] = defaultdict(lambda: "figure")
    for element in elements:
        if element.kind is ElementKind.CAPTION:
            kinds[element.element_id] = "table" if (element.label or "").startswith("Table") else "figure"
    return kinds


if __name__ == "__main__":
    sys.exit(main())
