"""Run by test_merging: a merge that is killed at every storage operation in turn.

`python dying_merge.py START OUT` copies the workspace START to OUT00, OUT01, ... and merges in each copy, in a forked
child that gets SIGKILL just before its n-th storage operation.
"""

import importlib.util
import sys
from pathlib import Path

from pipelines.merging import merge_judgements
from pipelines.storage import Folder
from pipelines.workspace import writing
from schemas.recipe import Recipe


def merge(folder: Folder) -> None:
    with writing(folder) as workspace:
        merge_judgements(workspace, Recipe())


if __name__ == "__main__":
    spec = importlib.util.spec_from_file_location("dying_writer", Path(__file__).with_name("dying_writer.py"))
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    writer.killed_everywhere(merge, Path(sys.argv[1]), Path(sys.argv[2]))
