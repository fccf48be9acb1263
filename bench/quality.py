"""The scorer run on everybody's predictions, and its figures side by side."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contenders import Run

# In the scorer's words; where it gives an F1 that is shown, else recall.
_METRICS = {
    "table_iou50": "tables, IoU 0.5",
    "cells_e2e": "cells, end to end",
    "teds_e2e": "TEDS, end to end",
    "figure_iou50": "figures, IoU 0.5",
    "caption_link": "captions tied",
    "caption_link_p": "tied pairs that are true",
    "caption_label": "caption labels",
    "heading": "headings",
    "heading_level": "heading levels",
    "ref_any": "mentions linked in the PDF",
    "ref_source": "mentions in the source",
    "text_found": "paragraphs found",
    "text_order": "reading order",
    "text_lcs": "words of the text",
}


def write_predictions(runs: Sequence[Run], folder: Path) -> None:
    """Write one prediction a document."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for run in runs:
        text = json.dumps(run.prediction, ensure_ascii=False)
        (folder / f"{run.stem}.json").write_text(text, encoding="utf-8")


def score(scorer: str, truth: str, predictions: Path) -> dict[str, Any]:
    """Return the scorer's figures by group."""
    out = predictions.with_suffix(".scores.json")
    command = [sys.executable, scorer, "--truth", truth, "--pred", str(predictions), "--json", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return dict(json.loads(out.read_text())["groups"])


def side_by_side(scores: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    """Yield rows of group, measure, number of true things, and a figure for each contender."""
    names = list(scores)
    groups = dict.fromkeys(group for name in names for group in sorted(scores[name]))
    for group in sorted(groups, key=lambda group: (group != "ALL", group)):
        for metric, words in _METRICS.items():
            found = [scores[name].get(group, {}).get(metric) for name in names]
            known = next((row for row in found if row and row["R"] is not None), None)
            if known is not None:
                yield [group, words, f"{known['n']:g}", *map(_figure, found)]


def _figure(row: Mapping[str, Any] | None) -> str:
    if not row or row["R"] is None:
        return "-"
    return f"{row.get('F1', row['R']):.3f}"
