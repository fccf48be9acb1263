"""Engines as the stages use them: with the workspace's response store before them, so that nothing is paid twice."""

from generators.engines.catalog import EngineOptions, open_engine
from generators.engines.exchange import Engine
from generators.response_store import ResponseStore, StoredEngine
from pipelines.storage import Folder
from pipelines.workspace import RESPONSES


def open_stored_engine(folder: Folder, spec: str, options: EngineOptions) -> Engine:
    """Open the engine that `spec` names, with the response store of a workspace before it.

    Raises:
        EngineError: no engine has that name, or it cannot be used.
    """
    return StoredEngine(open_engine(spec, options), ResponseStore(f"{folder.url.rstrip('/')}/{RESPONSES}"))
