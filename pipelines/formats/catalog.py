"""The export formats: a format is one module with its configs, and one row here, or an entry point elsewhere.

An entry point of group `corpusmill.formats` names a `Format`.
"""

from importlib.metadata import entry_points
from typing import Final, cast

from pipelines.formats import (
    beir,
    cmrag,
    colpali,
    huggingface,
    limit,
    mbeir,
    mmeb,
    mmlongbench,
    mteb,
    sentence_tuples,
    tevatron,
    unidoc,
    unime,
    universalrag,
    vidore,
)
from pipelines.formats.shape import Config, Format
from schemas.errors import UsageError

__all__ = ["FORMATS", "GROUP", "Config", "Format", "find_format"]

GROUP: Final = "corpusmill.formats"


FORMATS: Final = (
    huggingface.FORMAT,
    beir.FORMAT,
    mteb.FORMAT,
    vidore.V2,
    vidore.V3,
    mbeir.FORMAT,
    mmeb.FORMAT,
    tevatron.FORMAT,
    sentence_tuples.FORMAT,
    colpali.FORMAT,
    unime.FORMAT,
    cmrag.FORMAT,
    unidoc.FORMAT,
    mmlongbench.FORMAT,
    universalrag.FORMAT,
    limit.FORMAT,
)


def find_format(name: str) -> Format:
    """Return the format of that name; ours go before those of other packages.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    for found in FORMATS:
        if found.name == name:
            return found
    foreign = entry_points(group=GROUP)
    if name in foreign.names:
        return cast("Format", foreign[name].load())
    known = [*(found.name for found in FORMATS), *sorted(foreign.names)]
    raise UsageError(f"--format {name}: no such format; there is {', '.join(known)}")
