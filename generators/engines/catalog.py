"""Which engines there are. One more is a module and a row here, or an entry point in another package.

An entry point of the group `corpusmill.engines` is called NAME and leads to a callable `(spec, options) -> Engine`; it
serves the specs "NAME" and "NAME:anything".
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final, cast

from rapidfuzz import process

from generators.engines.embedded import open_embedded
from generators.engines.exchange import Engine, EngineOptions
from generators.engines.idle import open_idle
from generators.engines.in_process import open_in_process
from generators.engines.recorded import open_recorded
from generators.engines.served import open_served
from schemas.errors import EngineError

__all__ = ["ENGINES", "ENTRY_POINT_GROUP", "EngineKind", "EngineOptions", "open_engine"]

ENTRY_POINT_GROUP: Final = "corpusmill.engines"


@dataclass(frozen=True, slots=True)
class EngineKind:
    """A row of the catalog: `scheme` is what stands before the colon of a spec, or all of it."""

    scheme: str
    usage: str
    opener: Callable[[str, EngineOptions], Engine]


ENGINES: Final[tuple[EngineKind, ...]] = (
    EngineKind("local", "local", open_embedded),
    EngineKind("none", "none", open_idle),
    EngineKind("replay", "replay:DIR", open_recorded),
    EngineKind("vllm", "vllm:MODEL", open_in_process),
    EngineKind("http", "http://host:port/v1 (several with commas between them)", open_served),
    EngineKind("https", "https://host/v1", open_served),
)


def open_engine(spec: str, options: EngineOptions) -> Engine:
    """Open the engine that `spec` names.

    Raises:
        EngineError: no engine has that name, or it cannot be used; the message says what to do.
    """
    scheme = spec.partition(":")[0]
    for kind in ENGINES:
        if kind.scheme == scheme:
            return kind.opener(spec, options)
    for point in entry_points(group=ENTRY_POINT_GROUP, name=scheme):
        opener = cast("Callable[[str, EngineOptions], Engine]", point.load())
        return opener(spec, options)
    raise EngineError(_unknown(spec, scheme))


def _unknown(spec: str, scheme: str) -> str:
    plugged = [point.name for point in entry_points(group=ENTRY_POINT_GROUP)]
    usages = [*(kind.usage for kind in ENGINES), *plugged]
    near = process.extractOne(scheme, [*(kind.scheme for kind in ENGINES), *plugged], score_cutoff=70)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"no engine is called {spec!r}{hint} Give one of: {', '.join(usages)}"
