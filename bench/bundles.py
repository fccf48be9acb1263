"""What bundles over several documents cost: corpora of several sizes made of real documents, tied by their rare words.

    python bench/bundles.py WORKSPACE --passages 1000 10000 100000

A larger corpus is made of the workspace's documents, over and over. In each copy every word that few documents have is
another one (the same in the whole copy, now and then that of another copy), and one sentence of five comes from another
document. So rare words stay as rare as they are, common ones grow with the corpus, and no two passages are the same: as
in a real corpus new documents bring new names and old phrases. Each size runs in a process of its own, which tells its
peak memory; times are seconds of one core. With --beam the same goes through the transform on Beam's local runner.
"""

import argparse
import pickle
import random
import re
import resource
import string
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generators.bundles import build_bundles, is_passage
from generators.document_view import DocumentView
from generators.sentences import sentence_spans
from generators.ties import Candidate, Tie, back, join, pair_up, ties_of
from pipelines.beam_options import LOCAL_RUNNER
from pipelines.tying import Bucketed, TieKeyed, bucketed
from pipelines.workspace import open_workspace
from schemas.records import Element

_BUCKETS = 64
_RARE = 0.08
_FROM_OTHERS = 0.2
_FROM_OTHER_COPY = 0.1
_COLUMNS = ("passages", "documents", "keys s", "pairs s", "ms each", "candidates each", "bundles", "MB", "within s")
_BEAM_COLUMNS = ("passages", "documents", "pairs s", "ms each", "bundles", "MB")
_WORD = re.compile(r"[^\W\d_]{4,}")


def main() -> None:
    """Run every size and print a table."""
    arguments = _arguments()
    if arguments.one is not None:
        run = _run_beam if arguments.beam else _run
        print(*run(arguments.workspace, arguments.one))
        return
    table = Table(*(_BEAM_COLUMNS if arguments.beam else _COLUMNS), box=None)
    for size in arguments.passages:
        command = [sys.executable, __file__, arguments.workspace, "--one", str(size)]
        command += ["--beam"] if arguments.beam else []
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        table.add_row(*told)
    Console().print(table)


def _run(workspace: str, size: int) -> tuple[str, ...]:
    maker = Maker.of(workspace)
    ties: dict[str, list[Tie]] = defaultdict(list)
    documents = passages = 0
    keys = inside = 0.0
    for view in maker.documents(size):
        documents += 1
        passages += sum(map(is_passage, view.elements))
        started = time.process_time()
        found = ties_of(view)
        keys += time.process_time() - started
        for tie in found:
            ties[tie.key].append(tie)
        started = time.process_time()
        build_bundles(view, seed=0)
        inside += time.process_time() - started
    started = time.process_time()
    candidates: dict[str, list[Candidate]] = defaultdict(list)
    number = 0
    for held in ties.values():
        for candidate in pair_up(held):
            number += 1
            candidates[candidate.one.doc_id].append(candidate)
            candidates[candidate.other.doc_id].append(candidate)
    bundles = join((pair for name, found in candidates.items() for pair in back(name, found, seed=0)), seed=0)
    paired = time.process_time() - started
    return (
        str(passages),
        str(documents),
        f"{keys:.1f}",
        f"{paired:.1f}",
        f"{1000 * (keys + paired) / passages:.2f}",
        f"{2 * number / passages:.1f}",
        str(len(bundles)),
        _peak(),
        f"{inside:.1f}",
    )


def _run_beam(workspace: str, size: int) -> tuple[str, ...]:
    """Tie the same through the transform; reading what was found of each document counts, finding it does not."""
    with tempfile.TemporaryDirectory() as folder:
        paths, passages = [], 0
        for view in Maker.of(workspace).documents(size):
            passages += sum(map(is_passage, view.elements))
            paths.append(str(Path(folder, view.document.doc_id)))
            Path(paths[-1]).write_bytes(pickle.dumps(list(bucketed(ties_of(view), _BUCKETS))))
        started = time.process_time()
        with beam.Pipeline(options=PipelineOptions([f"--runner={LOCAL_RUNNER}"])) as pipeline:
            keyed = pipeline | beam.Create(paths) | beam.FlatMap(_unpickled)
            _ = keyed | TieKeyed() | beam.combiners.Count.Globally() | beam.io.WriteToText(f"{folder}/bundles")
        spent = time.process_time() - started
        [told] = Path(folder).glob("bundles*")
        bundles = told.read_text().strip()
    return str(passages), str(len(paths)), f"{spent:.1f}", f"{1000 * spent / passages:.2f}", bundles, _peak()


def _unpickled(path: str) -> list[Bucketed]:
    found: list[Bucketed] = pickle.loads(Path(path).read_bytes())  # our own file of a moment ago
    return found


def _peak() -> str:
    """Return the most memory that this process held, in megabytes."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


@dataclass(frozen=True)
class Maker:
    """Makes documents like the real ones: `rare` are the words that few of them have."""

    views: Sequence[DocumentView]
    sentences: Sequence[str]
    rare: frozenset[str]

    @classmethod
    def of(cls, workspace: str) -> "Maker":
        """Read the real documents."""
        views = [view for view in open_workspace(workspace).views() if any(map(is_passage, view.elements))]
        holders: Counter[str] = Counter()
        sentences = []
        for view in views:
            texts = [element.text for element in view.elements if is_passage(element)]
            holders.update({word.casefold() for text in texts for word in _WORD.findall(text)})
            sentences += [text[span.start : span.end] for text in texts for span in sentence_spans(text)]
        rare = frozenset(word for word, number in holders.items() if number <= max(1, _RARE * len(views)))
        return cls(views, sentences, rare)

    def documents(self, passages: int) -> Iterator[DocumentView]:
        """Yield documents until they have so many passages."""
        average = sum(map(is_passage, (e for view in self.views for e in view.elements))) / len(self.views)
        copies = max(1, round(passages / average / len(self.views)))
        made = 0
        for copy in range(copies + 1):
            for place, view in enumerate(self.views):
                if made >= passages:
                    return
                document = self._document(view, f"{copy:06x}{place:010x}", copy, copies)
                made += sum(map(is_passage, document.elements))
                yield document

    def _document(self, view: DocumentView, name: str, copy: int, copies: int) -> DocumentView:
        chooser = random.Random(name)
        elements = [
            self._element(element, name, copy, copies, chooser) for element in view.elements if is_passage(element)
        ]
        return DocumentView(replace(view.document, doc_id=name, family_id=None), (), elements)

    def _element(self, element: Element, name: str, copy: int, copies: int, chooser: random.Random) -> Element:
        spans = sentence_spans(element.text)
        own = [element.text[span.start : span.end] for span in spans]
        mixed = [chooser.choice(self.sentences) if chooser.random() < _FROM_OTHERS else one for one in own]
        text = _WORD.sub(lambda match: self._word(match.group(), copy, copies, chooser), " ".join(mixed))
        place = element.element_id.partition("/")[2]
        return replace(element, element_id=f"{name}/{place}", doc_id=name, text=text)

    def _word(self, word: str, copy: int, copies: int, chooser: random.Random) -> str:
        if word.casefold() not in self.rare:
            return word
        if chooser.random() < _FROM_OTHER_COPY:
            copy = chooser.randrange(copies)
        return word + _letters(copy)


def _letters(number: int) -> str:
    """Return a number as small letters, nothing for 0."""
    found = ""
    while number:
        number, rest = divmod(number, 26)
        found += string.ascii_lowercase[rest]
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workspace", help="any workspace with some dozens of documents")
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="sizes")
    parser.add_argument("--beam", action="store_true", help="through the transform, on Beam's local runner")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
