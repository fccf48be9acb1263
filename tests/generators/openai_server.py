"""A small real HTTP server that speaks the OpenAI chat protocol and does what a test tells it to."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does with one request: wait, then answer, or hang up when `drop` is set."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    drop: bool = False


def answer(text: str | None, **message: Any) -> Reply:
    """Return the reply of a well-behaved server."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, **message}}
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    return Reply(body=json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}))


Script = Callable[[dict[str, Any], int], Reply]


@dataclass
class Log:
    """What the server saw: the bodies and headers of chat requests, and the most that it worked on at a time.

    `sent` counts the replies that are on their way.
    """

    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    working: int = 0
    most: int = 0
    sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Handler(BaseHTTPRequestHandler):
    """Answers GET /v1/models from `models`, and POST /v1/chat/completions from `script(body, number)`."""

    protocol_version = "HTTP/1.1"
    script: ClassVar[Script]
    models: ClassVar[Reply]
    log: ClassVar[Log]

    def do_GET(self) -> None:
        self._send(self.models if self.path == "/v1/models" else Reply(404))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        log = self.log
        with log.lock:
            number = len(log.bodies)
            log.bodies.append(body)
            log.headers.append({name.lower(): value for name, value in self.headers.items()})
            log.working += 1
            log.most = max(log.most, log.working)
        reply = type(self).script(body, number)
        time.sleep(reply.delay)
        with log.lock:
            log.working -= 1
        self._send(reply)
        with log.lock:
            log.sent += 1

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _send(self, reply: Reply) -> None:
        if reply.drop:
            self.close_connection = True
            self.connection.close()
            return
        data = reply.body.encode()
        self.send_response(reply.status)
        for name, value in (("content-length", str(len(data))), *reply.headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """Keeps quiet about peers that hang up."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """Break every connection, as the end of a process does."""
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: tests hang up on purpose."""


MODELS = Reply(body=json.dumps({"object": "list", "data": [{"id": "tiny"}, {"id": "other"}]}))


@contextmanager
def serving(script: Script, models: Reply = MODELS, *, port: int = 0) -> Iterator[tuple[str, Log]]:
    """Run a server; give its base URL and what it sees. On leaving it is gone, with every connection to it."""
    log = Log()
    handler = type("Scripted", (Handler,), {"script": staticmethod(script), "models": models, "log": log})
    server = Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", log
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
