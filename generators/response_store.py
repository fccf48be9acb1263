"""Every answer that was paid for, kept: a folder of JSON lines, one file a writing process.

A line is `{"key": ..., "model": ..., ...}`; the key is a hash of the model, messages, pictures, sampling, seed and
schema, but not of the request's id. Lines are only ever appended, each in one write, and a process writes to no file
but its own, so several processes share a folder without locks, and a kill costs at most the line being written: a
line that does not end as it should is passed over. On an object store, where nothing can be appended, lines go out a
few dozen at a time. A database was not taken because the folder may lie on such a store or on a network disk.
"""

import json
import os
import socket
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import fsspec
from fsspec.implementations.local import LocalFileSystem

from generators.engines.exchange import Completion, Engine, EngineFailure, Request, for_request
from generators.engines.layered import Layer
from schemas.errors import WorkspaceError
from schemas.identity import content_hash

_SUFFIX: Final = ".jsonl"
_KEY_LENGTH: Final = 32
_HEAD: Final = b'{"key":"'
_TAIL: Final = b'"}\n'
_UPLOAD_LINES: Final = 64


def request_key(request: Request, model: str) -> str:
    """Return the key of an answer: equal requests to one model have equal keys on every machine."""
    messages = [
        [message.role, message.text, [[content_hash(image.bytes), image.format] for image in message.images]]
        for message in request.messages
    ]
    sampling = [request.sampling.temperature, request.sampling.top_p, request.sampling.max_tokens]
    parts: list[object] = [model, messages, sampling, request.seed, request.schema]
    if request.weigh:
        parts.append(request.weigh)
    # surrogatepass: text out of a damaged PDF may hold lone surrogates.
    return content_hash(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass"))[:_KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the line of an answer stands: bytes `start` to `end` of a file."""

    path: str
    start: int
    end: int


class ResponseStore:
    """Answers by request. What other processes add after opening is not seen until `refresh`.

    Args:
        folder: a path or a URL that fsspec knows; it is made when the first answer is put.

    Raises:
        WorkspaceError: nothing is installed that knows the URL.
    """

    def __init__(self, folder: str) -> None:
        self._files, self._folder = _open(folder)
        self._places: dict[str, Place] = {}
        self._read: dict[str, int] = {}
        self._segment: LocalSegment | UploadedSegment | None = None
        self.refresh()

    def __len__(self) -> int:
        """Return how many answers are known."""
        waiting = self._segment.waiting.keys() if self._segment else set()
        return len(self._places.keys() | waiting)

    def refresh(self) -> None:
        """Take in what was added since by this and other processes."""
        self._files.invalidate_cache(self._folder)
        if not self._files.isdir(self._folder):
            return
        for path in sorted(self._files.ls(self._folder, detail=False)):
            if path.endswith(_SUFFIX):
                self._index(path)

    def get(self, request: Request, model: str) -> Completion | None:
        """Return the answer that was put for an equal request, marked as cached, or None."""
        key = request_key(request, model)
        row = self._row(key)
        if row is None:
            return None
        return Completion(
            request_id=request.request_id,
            text=row["text"],
            prompt_tokens=row["prompt_tokens"],
            completion_tokens=row["completion_tokens"],
            finish_reason=row["finish_reason"],
            model=row["model"],
            cached=True,
            weights=tuple(row.get("weights", ())),
        )

    def put(self, request: Request, completion: Completion) -> None:
        """Keep an answer; when this returns, a killed process no longer loses it (on a local folder).

        Raises:
            WorkspaceError: the folder cannot be written to.
        """
        key = request_key(request, completion.model)
        try:
            self._places |= self._writer().append(key, _line(key, completion))
        except OSError as error:
            # A line cut short stays the last of its file: the next answer starts another.
            self._segment = None
            raise WorkspaceError(f"cannot keep an answer in {self._folder}: {error}; free space or rights") from error

    def models(self) -> tuple[str, ...]:
        """Return the models that the recorded answers came from, sorted; reads every answer."""
        rows = map(self._row, list(self._places))
        return tuple(sorted({row["model"] for row in rows if row is not None}))

    def close(self) -> None:
        """Finish the file being written."""
        if self._segment is not None:
            self._places |= self._segment.close()
            self._segment = None

    def _index(self, path: str) -> None:
        start = self._read.get(path, 0)
        with self._files.open(path, "rb") as stream:
            stream.seek(start)
            for line in stream:
                end = start + len(line)
                if line.startswith(_HEAD) and line.endswith(_TAIL):
                    key = line[len(_HEAD) : len(_HEAD) + _KEY_LENGTH].decode("ascii", "replace")
                    self._places[key] = Place(path, start, end)
                if line.endswith(b"\n"):
                    self._read[path] = end
                start = end

    def _row(self, key: str) -> dict[str, Any] | None:
        place = self._places.get(key)
        if place:
            line = self._files.cat_file(place.path, start=place.start, end=place.end)
        else:
            line = self._segment.waiting.get(key, b"") if self._segment else b""
        try:
            row: dict[str, Any] = json.loads(line)
        except ValueError:
            return None
        return row if row["key"] == key else None

    def _writer(self) -> "LocalSegment | UploadedSegment":
        # A forked child must not share its parent's file.
        if self._segment is None or self._segment.pid != os.getpid():
            self._files.makedirs(self._folder, exist_ok=True)
            path = f"{self._folder}/{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
            local = isinstance(self._files, LocalFileSystem)
            self._segment = LocalSegment(path + _SUFFIX) if local else UploadedSegment(self._files, path)
        return self._segment


class LocalSegment:
    """A local file that one process appends to; an answer is in it as soon as `append` returns.

    `waiting` are lines that are not in a file yet: none here.
    """

    def __init__(self, path: str) -> None:
        self.pid = os.getpid()
        self.waiting: dict[str, bytes] = {}
        self._path = path
        self._end = 0
        self._stream = Path(path).open("xb", buffering=0)  # noqa: SIM115 - open as long as the store is

    def append(self, key: str, line: bytes) -> dict[str, Place]:
        """Write one line; return where it stands.

        Raises:
            OSError: the disk is full, or the like.
        """
        written = self._stream.write(line)
        if written != len(line):
            self._stream.close()
            raise OSError(f"only {written} of {len(line)} bytes written")
        start, self._end = self._end, self._end + len(line)
        return {key: Place(self._path, start, self._end)}

    def close(self) -> dict[str, Place]:
        """Close the file, on the disk and not only in memory."""
        os.fsync(self._stream.fileno())
        self._stream.close()
        return {}


class UploadedSegment:
    """Objects of a remote store, a few dozen lines each; a killed process loses the lines that wait."""

    def __init__(self, files: Any, path: str) -> None:
        self.pid = os.getpid()
        self.waiting: dict[str, bytes] = {}
        self._files = files
        self._path = path
        self._count = 0

    def append(self, key: str, line: bytes) -> dict[str, Place]:
        """Take one line, and upload when there are enough; return where the uploaded ones stand."""
        self.waiting[key] = line
        return self.close() if len(self.waiting) >= _UPLOAD_LINES else {}

    def close(self) -> dict[str, Place]:
        """Upload what waits; return where it stands."""
        if not self.waiting:
            return {}
        path = f"{self._path}-{self._count:06d}{_SUFFIX}"
        self._files.pipe_file(path, b"".join(self.waiting.values()))
        places, start = {}, 0
        for key, line in self.waiting.items():
            places[key] = Place(path, start, start + len(line))
            start += len(line)
        self.waiting = {}
        self._count += 1
        return places


class StoredEngine(Layer):
    """Any engine, with a store before it: what was answered once is not asked again.

    Equal requests in one call are asked once. Closing it closes both.

    Args:
        engine: who answers what is not in the store.
        store: where the answers are kept.
    """

    def __init__(self, engine: Engine, store: ResponseStore) -> None:
        super().__init__(engine)
        self.store = store

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion | EngineFailure]:
        """Yield one result a request: stored ones as they are found, others as they come."""
        flight = Flight(self.store, self.engine.model)
        for result in self.engine.complete(flight.missing(requests)):
            yield from flight.drain()
            yield from flight.land(result)
        yield from flight.drain()

    def close(self) -> None:
        """Close the engine and the store."""
        super().close()
        self.store.close()


class Flight:
    """The requests of one call to a `StoredEngine`: which were found, and who waits for which answer."""

    def __init__(self, store: ResponseStore, model: str) -> None:
        self._store = store
        self._model = model
        self._found: deque[Completion] = deque()
        self._leader: dict[str, Request] = {}
        self._followers: dict[str, list[str]] = {}

    def missing(self, requests: Iterable[Request]) -> Iterator[Request]:
        """Yield the requests that have to be asked; those found in the store wait for `drain`."""
        for request in requests:
            found = self._store.get(request, self._model)
            key = request_key(request, self._model)
            if found:
                self._found.append(found)
            elif key in self._followers:
                self._followers[key].append(request.request_id)
            else:
                self._leader[request.request_id] = request
                self._followers[key] = []
                yield request

    def drain(self) -> Iterator[Completion]:
        """Yield what was found so far."""
        while self._found:
            yield self._found.popleft()

    def land(self, result: Completion | EngineFailure) -> Iterator[Completion | EngineFailure]:
        """Store an answer, and yield it to all who asked for it."""
        request = self._leader.pop(result.request_id)
        if isinstance(result, Completion) and not result.cached:
            self._store.put(request, result)
        yield result
        for follower in self._followers.pop(request_key(request, self._model), []):
            yield for_request(result, follower)


def _open(folder: str) -> tuple[Any, str]:
    open_folder: Any = fsspec.core.url_to_fs  # fsspec has no types
    try:
        opened: tuple[Any, str] = open_folder(folder)
    except (ImportError, ValueError) as error:
        raise WorkspaceError(
            f"no answers can be kept in {folder}: {error} (gs:// needs: pip install 'corpusmill[dataflow]')"
        ) from error
    return opened


def _line(key: str, completion: Completion) -> bytes:
    row = {
        "key": key,
        "model": completion.model,
        "text": completion.text,
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        **({"weights": completion.weights} if completion.weights else {}),
        "finish_reason": completion.finish_reason,
    }
    return json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n"
