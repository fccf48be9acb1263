"""Engines as the stages use them: behind the workspace's response store, so that nothing is paid twice."""

from generators.engines.catalog import EngineOptions, open_engine
from generators.engines.exchange import Engine
from generators.engines.metered import Meter, MeteredEngine
from generators.response_store import ResponseStore, StoredEngine
from pipelines.storage import Folder
from pipelines.workspace import RESPONSES


def open_stored_engine(folder: Folder, spec: str, options: EngineOptions, *, meter: Meter | None = None) -> Engine:
    """Open the engine that `spec` names, with the response store of a workspace before it.

    Args:
        folder: the workspace's.
        spec: the engine.
        options: what it is told.
        meter: books what it spends; answers from the store cost nothing.

    Raises:
        EngineError: no engine has that name, or it cannot be used.
    """
    engine = open_engine(spec, options)
    metered = engine if meter is None else MeteredEngine(engine, meter)
    return StoredEngine(metered, ResponseStore(f"{folder.url.rstrip('/')}/{RESPONSES}"))
