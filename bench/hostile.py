#!/usr/bin/env python3
"""Make PDFs that try to hurt their reader, read each in a child process, and print what each ends as and costs.

    python bench/hostile.py [--profile best|fast] [--only NAME,NAME] [--keep DIR] [--json]

A file may be read in part, or refused with a reason code; it may not take more than its limits on time and memory, and
it may not bring down our own code (a crash with a Python error). Every file is made here, of a few lines of PDF.
"""

import argparse
import json
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from extractors.isolation import extract_isolated
from extractors.options import ExtractOptions
from schemas.errors import ExtractionError
from schemas.recipe import Profile

EXTRACTOR = "extractors.pymupdf_extractor:extract"
_HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_TEXT = b"BT /F1 12 Tf 72 700 Td (A line of text that anybody can see.) Tj ET\n"


def pdf(content: bytes, *, page: bytes = b"", resources: bytes = b"", more: dict[int, bytes] | None = None) -> bytes:
    """Return a file of one page; `more` are further objects by number, from 10 on, `page` further keys of the page."""
    page += b"" if b"/MediaBox" in page else b"/MediaBox[0 0 612 792]"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Contents 4 0 R/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>%s>>%s>>" % (resources, page),
        4: stream(content),
        5: _HELVETICA,
        **(more or {}),
    }
    return assemble(objects)


def stream(data: bytes, keys: bytes = b"") -> bytes:
    """Return a compressed stream."""
    packed = zlib.compress(data)
    return b"<</Filter/FlateDecode/Length %d%s>>stream\n%s\nendstream" % (len(packed), keys, packed)


def assemble(objects: dict[int, bytes]) -> bytes:
    """Return a file of these objects, whose first is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def plain() -> bytes:
    """Nothing hostile, to compare with."""
    return pdf(_TEXT)


def bomb() -> bytes:
    """A content stream of two gigabytes of blanks in two megabytes."""
    packer = zlib.compressobj()
    blanks = b" " * (1 << 20)
    packed = b"".join(packer.compress(blanks) for _ in range(2048)) + packer.flush()
    bomb = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return pdf(b"", more={4: bomb})


def nested_bomb() -> bytes:
    """A content stream packed three times over."""
    data = zlib.compress(b" " * (1 << 28), 9)
    for _ in range(2):
        data = zlib.compress(data, 9)
    filters = b"[/FlateDecode/FlateDecode/FlateDecode]"
    return pdf(b"", more={4: b"<</Filter%s/Length %d>>stream\n%s\nendstream" % (filters, len(data), data)})


def picture_bomb() -> bytes:
    """A black picture of 60,000 by 60,000 pixels."""
    packer = zlib.compressobj(9)
    zeros = bytes(60_000 * 60)
    packed = b"".join(packer.compress(zeros) for _ in range(1000)) + packer.flush()
    keys = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8"
    picture = b"<</Filter/FlateDecode/Length %d%s>>stream\n%s\nendstream" % (len(packed), keys, packed)
    return pdf(_TEXT + b"q 400 0 0 400 100 100 cm /X Do Q", resources=b"/XObject<</X 10 0 R>>", more={10: picture})


def deep_tree() -> bytes:
    """A page tree of 20,000 levels."""
    objects = {1: b"<</Type/Catalog/Pages 10 0 R>>", 4: stream(_TEXT), 5: _HELVETICA}
    depth = 20_000
    for level in range(10, 10 + depth):
        parent = b"/Parent %d 0 R" % (level - 1) if level > 10 else b""
        objects[level] = b"<</Type/Pages/Count 1/Kids[%d 0 R]%s>>" % (level + 1, parent)
    objects[10 + depth] = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>" % (9 + depth)
    return assemble(objects)


def looping_tree() -> bytes:
    """A page tree whose only branch is itself, and that claims a thousand pages."""
    return assemble({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1000>>"})


def claimed_pages() -> bytes:
    """A file that claims two billion pages."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"}
    return assemble(objects | {3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"})


def one_page_often() -> bytes:
    """A page tree that names one page nineteen thousand times."""
    kids = b"3 0 R " * 19_000
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[%s]/Count 19000>>" % kids}
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return assemble(objects | {3: page, 4: stream(_TEXT), 5: _HELVETICA})


def looping_outline() -> bytes:
    """An outline whose entries follow each other in a circle."""
    return pdf(
        _TEXT,
        more={
            1: b"<</Type/Catalog/Pages 2 0 R/Outlines 10 0 R>>",
            10: b"<</Type/Outlines/First 11 0 R/Last 12 0 R/Count 2>>",
            11: b"<</Title(One)/Parent 10 0 R/Next 12 0 R/First 12 0 R/Dest[3 0 R/Fit]>>",
            12: b"<</Title(Two)/Parent 11 0 R/Next 11 0 R/First 11 0 R/Dest[3 0 R/Fit]>>",
        },
    )


def huge_page() -> bytes:
    """A page of two million points a side with a drawing on it."""
    return pdf(_TEXT + b"0 0 2000000 2000000 re S", page=b"/MediaBox[0 0 2000000 2000000]")


def long_page() -> bytes:
    """A page that is a thousand times as tall as wide."""
    lines = b"".join(b"1 0 0 1 5 %d Tm (word %d) Tj\n" % (20 * n, n) for n in range(10_000))
    return pdf(b"BT /F1 12 Tf\n" + lines + b"ET", page=b"/MediaBox[0 0 200 200000]")


def endless_page() -> bytes:
    """A page whose box has no end, and numbers that are none."""
    return pdf(_TEXT + b"nan inf 1e40 -1e40 re f 1e38 0 0 1e38 0 0 cm 0 0 1 1 re f", page=b"/MediaBox[0 0 1e38 1e38]")


def wild_numbers() -> bytes:
    """Text and lines at places that overflow, on an ordinary page."""
    wild = b"".join(
        b"q %s 0 0 %s %s %s cm 0 0 m 100 100 l S BT /F1 9 Tf (wild) Tj ET Q\n" % (scale, scale, shift, shift)
        for scale in (b"1e38", b"-1e30", b"0", b"99999999999999999999", b".0000000001")
        for shift in (b"1e38", b"-1e38", b"0", b"nan")
    )
    return pdf(_TEXT + wild)


def many_notes() -> bytes:
    """A hundred thousand link annotations on one page."""
    note = b"<</Type/Annot/Subtype/Link/Rect[72 %d 80 %d]/Dest[3 0 R/XYZ 0 700 0]>>"
    notes = b"".join(note % (n % 700, n % 700 + 8) for n in range(100_000))
    return pdf(_TEXT, page=b"/Annots[%s]" % notes)


def many_words() -> bytes:
    """A million words on one page."""
    words = b"".join(b"1 0 0 1 %d %d Tm (w%d) Tj\n" % (n % 600, n // 1300, n) for n in range(1_000_000))
    return pdf(b"BT /F1 1.5 Tf\n" + words + b"ET")


def many_lines() -> bytes:
    """A million level and upright lines on one page."""
    lines = b"".join(b"%d %d m %d %d l S\n" % (n % 600, n % 790, n % 600 + 9, n % 790) for n in range(500_000))
    more = b"".join(b"%d %d m %d %d l S\n" % (n % 600, n % 790, n % 600, n % 790 + 9) for n in range(500_000))
    return pdf(_TEXT + lines + more)


def fine_grid() -> bytes:
    """A ruled grid of a thousand rows and a thousand columns, with words in it."""
    across = b"".join(b"0 %.2f m 612 %.2f l S\n" % (n * 0.79, n * 0.79) for n in range(1000))
    down = b"".join(b"%.2f 0 m %.2f 792 l S\n" % (n * 0.61, n * 0.61) for n in range(1000))
    words = b"".join(b"1 0 0 1 %d %d Tm (%d) Tj\n" % (n % 60 * 10, n // 60 * 10, n) for n in range(4000))
    return pdf(across + down + b"BT /F1 6 Tf\n" + words + b"ET")


def table_of_everything() -> bytes:
    """Ten thousand rows of aligned numbers on one tall page, without rules."""
    rows = b"".join(
        b"1 0 0 1 %d %d Tm (%d.%d) Tj\n" % (40 + 60 * col, 13 * row + 20, row * 7 % 1000, col)
        for row in range(1000)
        for col in range(8)
    )
    return pdf(b"BT /F1 9 Tf\n" + rows + b"ET", page=b"/MediaBox[0 0 612 14000]")


def self_drawing() -> bytes:
    """A form that draws itself."""
    form = stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</X 10 0 R>>>>")
    return pdf(_TEXT + b"/X Do", resources=b"/XObject<</X 10 0 R>>", more={10: form})


def laughing_forms() -> bytes:
    """Twelve forms, each of which draws the next ten times: a million million words."""
    more = {}
    for number in range(10, 22):
        keys = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</X %d 0 R>>/Font<</F1 5 0 R>>>>"
        body = b"/X Do " * 10 if number < 21 else _TEXT
        more[number] = stream(body, keys % (number + 1))
    return pdf(_TEXT + b"/X Do", resources=b"/XObject<</X 10 0 R>>", more=more)


def tiny_tiles() -> bytes:
    """A pattern with steps of a thousandth of a point over the whole page."""
    keys = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .001/YStep .001/Resources<<>>"
    tile = stream(b"0 0 .5 .5 re f", keys)
    content = _TEXT + b"/Pattern cs /P scn 0 0 612 792 re f"
    return pdf(content, resources=b"/Pattern<</P 10 0 R>>", more={10: tile})


def nested_clips() -> bytes:
    """Two hundred thousand states saved and clipped, none restored."""
    return pdf(_TEXT + b"q 0 0 600 700 re W n\n" * 200_000 + _TEXT)


def no_unicode() -> bytes:
    """Text in a font whose codes have no meaning."""
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 65/LastChar 66"
    font += b"/Widths[9 9]/Encoding<</Differences[65/g1/g2]>>/CharProcs<</g1 11 0 R/g2 11 0 R>>/Resources<<>>>>"
    glyph = stream(b"9 0 0 0 9 9 d1 0 0 9 9 re f")
    lines = b"".join(b"BT /F2 10 Tf 72 %d Td (ABABABABABABABAB) Tj ET\n" % (700 - 12 * n) for n in range(40))
    return pdf(lines, resources=b"/Font<</F1 5 0 R/F2 10 0 R>>", more={10: font, 11: glyph})


def long_word() -> bytes:
    """One word of a million letters, and a line of a hundred thousand brackets."""
    letters, brackets = b"a" * 1_000_000, b"\\(" * 100_000
    return pdf(b"BT /F1 9 Tf 10 700 Td (%s) Tj 0 -20 Td (Table %s) Tj ET" % (letters, brackets))


def endless_mentions() -> bytes:
    """A paragraph that names a range of ten million tables, thousands of times over."""
    ranges = b"(See Tables 1-9999999 and Figs. 1a-99999z, Sections 1.1-9999.9, Eqs. \\(1\\)-\\(99999\\).) Tj\n"
    lines = b"".join(b"1 0 0 1 72 %d Tm " % (770 - 3 * n) + ranges for n in range(250))
    return pdf(b"BT /F1 8 Tf\n" + lines + b"ET")


def busy_catalog() -> bytes:
    """A file that wants to run a script, open a page of the web, start a program and hand over a file within it."""
    script = b"<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1:9/'\\))/Next<</S/Launch/F(/bin/true)>>>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction%s/AA<</WC%s>>/Names<</EmbeddedFiles<</Names[(a.pdf)10 0 R]>>"
    catalog += b"/JavaScript<</Names[(x)%s]>>>>/URI<</Base(http://127.0.0.1:9/)>>>>"
    fetched = b"<</Type/XObject/Subtype/Image/Width 9/Height 9/ColorSpace/DeviceGray/BitsPerComponent 8/Length 0"
    fetched += b"/F<</FS/URL/F(http://127.0.0.1:9/x.jpg)>>/FFilter/DCTDecode>>stream\n\nendstream"
    notes = b"/Annots[<</Type/Annot/Subtype/Link/Rect[72 690 300 712]/A<</S/GoToR/F(/etc/passwd)/D[0/Fit]>>>>"
    notes += b"<</Type/Annot/Subtype/Link/Rect[72 690 300 712]/A<</S/URI/URI(http://127.0.0.1:9/)>>>>]"
    return pdf(
        _TEXT + b"q 99 0 0 99 100 100 cm /X Do Q",
        page=notes + b"/AA<</O%s>>" % script,
        resources=b"/XObject<</X 11 0 R>>",
        more={
            1: catalog % (script, script, script),
            10: b"<</Type/Filespec/F(a.pdf)/EF<</F 12 0 R>>>>",
            11: fetched,
            12: stream(plain(), b"/Type/EmbeddedFile"),
        },
    )


FILES: dict[str, Callable[[], bytes]] = {
    function.__name__: function
    for function in (
        plain,
        bomb,
        nested_bomb,
        picture_bomb,
        deep_tree,
        looping_tree,
        claimed_pages,
        one_page_often,
        looping_outline,
        huge_page,
        long_page,
        endless_page,
        wild_numbers,
        many_notes,
        many_words,
        many_lines,
        fine_grid,
        table_of_everything,
        self_drawing,
        laughing_forms,
        tiny_tiles,
        nested_clips,
        no_unicode,
        long_word,
        endless_mentions,
        busy_catalog,
    )
}


def main() -> int:
    """Run the bench from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="fast", choices=[profile.value for profile in Profile])
    parser.add_argument("--only", default=",".join(FILES), metavar="NAME,NAME")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the files here")
    parser.add_argument("--json", action="store_true", help="print a line of JSON a file")
    arguments = parser.parse_args()
    if not arguments.json:
        print("| file | what it is | ends as | seconds | words | says |\n|---|---|---|---|---|---|")
    for name in arguments.only.split(","):
        data = FILES[name]()
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{name}.pdf").write_bytes(data)
        row = {"file": name, "what": FILES[name].__doc__, **read(data, Profile(arguments.profile))}
        print(json.dumps(row) if arguments.json else "| " + " | ".join(map(str, row.values())) + " |", flush=True)
    return 0


def read(data: bytes, profile: Profile) -> dict[str, object]:
    """Return what a file ends as, its seconds on the wall, how many words were read, and what was told of it."""
    started = time.monotonic()
    try:
        found = extract_isolated(EXTRACTOR, data, ExtractOptions(profile))
    except ExtractionError as error:
        return {"end": error.reason_code.value, "seconds": _since(started), "words": 0, "says": error.message}
    words = sum(len(element.text.split()) for element in found.elements)
    says = "; ".join(dict.fromkeys(f"{problem.reason_code}: {problem.message}" for problem in found.problems[:3]))
    return {"end": "read", "seconds": _since(started), "words": words, "says": says}


def _since(started: float) -> float:
    return round(time.monotonic() - started, 1)


if __name__ == "__main__":
    sys.exit(main())
