"""A server on loopback that gives the replies it is told to, to see what becomes of each kind of failure."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What is sent back; anything but bytes goes as JSON."""

    body: Any
    status: int = 200
    kind: str = "application/json"


VERSION = Reply({"release": "1.23.2"})
WHO = Reply({"id": 1, "email": "admin@example.org"})
HEALTHY = {"/api/version": VERSION, "/api/current-user/whoami": WHO}


@contextmanager
def replying(replies: dict[str, Reply]) -> Iterator[str]:
    """Serve `replies` by path, over those of a healthy server, and give the address; any other path is a 404."""
    known = HEALTHY | replies

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0].rstrip("/")
            reply = known.get(f"{self.command} {path}") or known.get(path) or Reply({"detail": "Not found."}, 404)
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(reply.status)
            self.send_header("content-type", reply.kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
