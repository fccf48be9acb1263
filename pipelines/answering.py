"""Engines as the stages use them: with the workspace's response store before them, so that nothing is paid twice."""

from generators.engines.catalog import EngineOptions, open_engine
from generators.engines.exchange import Engine
from generators.engines.metered import Meter, MeteredEngine
from generators.response_store import ResponseStore, StoredEngine
from pipelines.storage import Folder
from pipelines.workspace import RESPONSES


def open_stored_engine(folder: Folder, spec: str, options: EngineOptions, *, meter: Meter | None = None) -> Engine:
    """Open the engine that `spec` names, with the response store of a workspace before it.

    What is not in the store is booked with `meter`, which stops the asking when its budget is spent.

    Raises:
        EngineError: no engine has that name, or it cannot be used.
    """
    engine = open_engine(spec, options)
    metered = engine if meter is None else MeteredEngine(engine, meter)
    return StoredEngine(metered, ResponseStore(f"{folder.url.rstrip('/')}/{RESPONSES}"))
