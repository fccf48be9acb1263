#!/usr/bin/env python3
"""Damage real PDFs at random, read each in a child process, and list what ends otherwise than it should.

    python bench/damage.py PDFS --out DIR [--count N] [--seed N] [--profile best|fast]

PDFS is a folder. A damaged file may be extracted, or end with a reason code. It may not bring down our own code (a
crash with a Python error), take longer or more memory than its limits, or give records that contradict each other.
What does is kept in DIR, with a line in DIR/findings.jsonl. The same seed damages the same files in the same way.
"""

import argparse
import json
import math
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extractors.isolation import extract_isolated
from extractors.options import ExtractOptions
from schemas.errors import ExtractionError, ReasonCode
from schemas.recipe import Profile
from schemas.records import Extraction

EXTRACTOR = "extractors.pymupdf_extractor:extract"
# How a damaged file may end, besides being read: all but a crash, a timeout and a lack of memory, which are looked at.
EXPECTED = frozenset(
    (
        ReasonCode.NOT_A_PDF,
        ReasonCode.EMPTY_FILE,
        ReasonCode.DAMAGED,
        ReasonCode.ENCRYPTED,
        ReasonCode.NO_PAGES,
        ReasonCode.TOO_MANY_PAGES,
    )
)

_OBJECT = re.compile(rb"(?<=\n)\d+ 0 obj\b.*?\bendobj", re.DOTALL)
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")
_NUMBER = re.compile(rb"(?<=[ \[/])-?\d+(?:\.\d+)?(?=[ \]/\n])")
_STREAM = re.compile(rb"\bstream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FRAME = re.compile(rb"/(?:Media|Crop)Box ?\[[^\]]*\]")
_NAME = re.compile(rb"/[A-Z][A-Za-z0-9]{1,20}\b")
_XREF = re.compile(rb"\d{10} \d{5} [nf]|startxref\s+\d+|/(?:Size|Prev|W|Index|Root|First|Length) ?\[?\d+")
_EXTREMES = (b"0", b"-1", b"1e9", b"99999999999999999999", b"-2147483648", b"4294967296", b"0.0000001", b"null", b"/X")
_FRAMES = (
    b"[0 0 0 0]",
    b"[0 0 1e30 1e30]",
    b"[612 792 0 0]",
    b"[0 0 200000 5]",
    b"[-9e9 0 9e9 1]",
    b"[0 0 .1 .1]",
    b"[]",
)


def damage(pdf: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return the name of one kind of damage, and the file with it."""
    kind = chance.choice(sorted(DAMAGES))
    return kind, DAMAGES[kind](pdf, chance)


def flip_bytes(pdf: bytes, chance: random.Random) -> bytes:
    """Change some bytes, few or many."""
    changed = bytearray(pdf)
    for _ in range(chance.choice((1, 5, 50, 500))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def truncate(pdf: bytes, chance: random.Random) -> bytes:
    """Lose the end."""
    return pdf[: chance.randrange(len(pdf))]


def lose_slice(pdf: bytes, chance: random.Random) -> bytes:
    """Lose a part from the middle."""
    start = chance.randrange(len(pdf))
    return pdf[:start] + pdf[start + chance.choice((1, 100, 5000)) :]


def repeat_slice(pdf: bytes, chance: random.Random) -> bytes:
    """Have a part twice, the second time in a wrong place."""
    start, target = chance.randrange(len(pdf)), chance.randrange(len(pdf))
    return pdf[:target] + pdf[start : start + chance.choice((10, 1000, 20000))] + pdf[target:]


def swap_objects(pdf: bytes, chance: random.Random) -> bytes:
    """Give the bodies of two objects each other's numbers."""
    found = [match for match in _OBJECT.finditer(pdf) if len(match[0]) < 100_000]
    if len(found) < 2:
        return flip_bytes(pdf, chance)
    first, second = sorted(chance.sample(found, 2), key=re.Match.start)
    head_a, body_a = first[0].split(b"obj", 1)
    head_b, body_b = second[0].split(b"obj", 1)
    a, b = head_a + b"obj" + body_b, head_b + b"obj" + body_a
    return pdf[: first.start()] + a + pdf[first.end() : second.start()] + b + pdf[second.end() :]


def redirect_references(pdf: bytes, chance: random.Random) -> bytes:
    """Let references lead elsewhere, to themselves or in a circle."""
    numbers = [match[0] for match in _REFERENCE.finditer(pdf)]
    return _replace(pdf, _REFERENCE, chance, lambda: chance.choice(numbers))


def stretch_numbers(pdf: bytes, chance: random.Random) -> bytes:
    """Write extreme numbers, or no numbers, where numbers stand."""
    return _replace(pdf, _NUMBER, chance, lambda: chance.choice(_EXTREMES))


def stretch_frames(pdf: bytes, chance: random.Random) -> bytes:
    """Make pages huge, empty or inside out."""
    return _replace(pdf, _FRAME, chance, lambda: b"/MediaBox " + chance.choice(_FRAMES))


def mix_names(pdf: bytes, chance: random.Random) -> bytes:
    """Call things by the names of others."""
    names = [match[0] for match in _NAME.finditer(pdf)]
    return _replace(pdf, _NAME, chance, lambda: chance.choice(names))


def cut_streams(pdf: bytes, chance: random.Random) -> bytes:
    """Let streams end early."""
    found = list(_STREAM.finditer(pdf))
    if not found:
        return truncate(pdf, chance)
    for match in sorted(chance.sample(found, min(len(found), 3)), key=re.Match.start, reverse=True):
        start, end = match.span(1)
        pdf = pdf[: start + chance.randrange(end - start + 1)] + pdf[end:]
    return pdf


def break_index(pdf: bytes, chance: random.Random) -> bytes:
    """Let the cross references and the trailer say wrong numbers."""
    return _replace(pdf, _XREF, chance, lambda: b"%010d 00000 n" % chance.choice((0, 9, len(pdf) // 2, 9_999_999_999)))


def _replace(pdf: bytes, pattern: re.Pattern[bytes], chance: random.Random, make: Callable[[], bytes]) -> bytes:
    found = list(pattern.finditer(pdf))
    if not found:
        return flip_bytes(pdf, chance)
    chosen = chance.sample(found, min(len(found), chance.choice((1, 3, 20))))
    for match in sorted(chosen, key=re.Match.start, reverse=True):
        pdf = pdf[: match.start()] + make() + pdf[match.end() :]
    return pdf


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    function.__name__: function
    for function in (
        flip_bytes,
        truncate,
        lose_slice,
        repeat_slice,
        swap_objects,
        redirect_references,
        stretch_numbers,
        stretch_frames,
        mix_names,
        cut_streams,
        break_index,
    )
}


def laid_open(pdf: bytes) -> bytes:
    """Return a file with its streams expanded, so that damage reaches what the compression hides."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return bytes(document.tobytes(expand=255, pretty=True))


def contradictions(found: Extraction) -> Iterator[str]:
    """Yield what is wrong with the records of a file that was read."""
    ids = [element.element_id for element in found.elements]
    if len(set(ids)) < len(ids):
        yield "two elements have one id"
    if [page.page_index for page in found.pages] != list(range(found.document.page_count)):
        yield "the pages are not those of the document"
    if not {link.source_id for link in found.links} | {link.target_id for link in found.links} <= set(ids):
        yield "a link leads to no element"
    images = {image.image_id for image in found.images}
    if not {element.image_id for element in found.elements if element.image_id} <= images:
        yield "an element has a picture that is not there"
    for element in found.elements:
        if not all(map(math.isfinite, element.bbox)) or element.bbox.x1 < element.bbox.x0:
            yield f"{element.element_id} stands at {tuple(element.bbox)}"
    for passage in found.passages:
        if not set(passage.element_ids) <= set(ids):
            yield f"{passage.passage_id} is made of elements that are not there"


def outcome(pdf: bytes, options: ExtractOptions) -> tuple[str, str]:
    """Return how reading ends ("extracted" or a reason code), and what is wrong with that, or nothing."""
    try:
        found = extract_isolated(EXTRACTOR, pdf, options)
    except ExtractionError as error:
        return error.reason_code.value, "" if error.reason_code in EXPECTED else error.message
    return "extracted", "; ".join(contradictions(found))


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--profile", default="fast", choices=[profile.value for profile in Profile])
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    options = ExtractOptions(profile=Profile(arguments.profile), page_dpi=36, crop_dpi=36)
    ends: Counter[str] = Counter()
    with (arguments.out / "findings.jsonl").open("a", encoding="utf-8") as findings:
        for number, (name, kind, pdf) in enumerate(_files(arguments.pdfs, arguments.seed, arguments.count)):
            started = time.monotonic()
            end, wrong = outcome(pdf, options)
            ends[end] += 1
            if wrong:
                kept = arguments.out / f"{arguments.seed}-{number}-{kind}-{name}"
                kept.write_bytes(pdf)
                line = {"file": kept.name, "end": end, "wrong": wrong, "seconds": round(time.monotonic() - started, 1)}
                findings.write(json.dumps(line, ensure_ascii=False) + "\n")
                findings.flush()
                print(line, file=sys.stderr)
    print(json.dumps(dict(ends.most_common())))
    return 0


def _files(folder: Path, seed: int, count: int) -> Iterator[tuple[str, str, bytes]]:
    paths = sorted(folder.glob("*.pdf"))
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        path = chance.choice(paths)
        pdf = path.read_bytes()
        with suppress(RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):  # damaged already
            pdf = laid_open(pdf) if chance.random() < 0.6 else pdf
        kind, damaged = damage(pdf, chance)
        yield path.name, kind, damaged


if __name__ == "__main__":
    sys.exit(main())
