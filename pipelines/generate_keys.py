"""What makes a generation the same generation: the documents, the code and prompts, the model and the recipe."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from generators.prompt_packs import open_pack
from pipelines.workspace import DocumentPlace, Workspace
from schemas.identity import content_hash, digest
from schemas.kinds import Stage
from schemas.recipe import Recipe

# What decides how requests are sent, and nothing about what is asked.
_TRANSPORT = frozenset({"api_key_variable", "concurrency", "timeout_seconds", "pause_seconds"})
# What works on questions that stand, and writes none.
_AFTERWARDS = frozenset(
    {"embedders", "families.py", "mining", "mutations.py", "pools.py", "remapping.py", "splitting.py"}
)


def generate_key(places: Sequence[DocumentPlace], recipe: Recipe) -> str:
    """Return the key of a run over these documents, as they were last extracted."""
    documents = [f"{place.doc_id} {place.commit_id}" for place in places]
    settings = recipe.generate.model_dump_json(exclude=set(_TRANSPORT))
    corpus = recipe.corpus.model_dump_json()
    pack = open_pack(recipe.corpus.domain, recipe.generate.prompts)
    benchmarks = [content_hash(file.read_bytes()) for file in _benchmark_files(recipe.generate.benchmarks)]
    return digest(settings, corpus, str(recipe.seed), generators_hash(), pack.hash, *benchmarks, *documents)


def _benchmark_files(specs: Sequence[str]) -> Iterator[Path]:
    for spec in specs:
        path = Path(spec.partition("::")[0])
        yield from sorted(file for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())


def is_settled(workspace: Workspace, key: str) -> bool:
    """Say whether the last generation had this key and left nothing that may succeed now."""
    runs = [manifest for manifest in workspace.manifests() if manifest.stage == Stage.GENERATE]
    if not runs or runs[-1].key != key:
        return False
    return not any(row.retryable for row in workspace.records("errors") if row.stage == Stage.GENERATE)


@cache
def generators_hash() -> str:
    """Return a hash of all code and prompts that write and check questions."""
    return digest(*_contents(files("generators"), ""))


def _contents(folder: Traversable, path: str) -> list[str]:
    found = []
    for entry in sorted(folder.iterdir(), key=_name):
        if entry.name in _AFTERWARDS:
            continue
        if entry.is_dir() and entry.name != "__pycache__":
            found += _contents(entry, f"{path}{entry.name}/")
        elif entry.name.endswith((".py", ".jinja", ".yaml")):
            found += [path + entry.name, content_hash(entry.read_bytes())]
    return found


def _name(entry: Traversable) -> str:
    return entry.name
