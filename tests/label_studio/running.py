"""How these tests start a real Label Studio server, with an administrator, two annotators and an expert."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
FOLDER = os.environ.get("CORPUSMILL_LABEL_STUDIO", str(ROOT / ".label-studio"))
TOKEN = "0123456789abcdef0123456789abcdef01234567"
PEOPLE = {"anna": "anna@example.org", "ben": "ben@example.org", "expert": "expert@example.org"}
PASSWORD = "a-long-password-1"
START_SECONDS = 420


@dataclass(frozen=True)
class RunningServer:
    """The server, the Python beside it that can click, and the browser."""

    url: str
    python: str
    chromium: str
    files: Path


class Missing(Exception):
    """What is needed is not installed."""


@contextmanager
def running_server(data: Path) -> Iterator[RunningServer]:
    """Start a server of its own on a free port, and stop it at the end."""
    python, chromium = Path(FOLDER) / "venv" / "bin" / "python", shutil.which("chromium") or shutil.which("chrome")
    if not python.exists() or chromium is None:
        raise Missing("needs `bench/label_studio.sh .label-studio install` and chromium")
    port, log = _free_port(), data / "log"
    environment = os.environ | {
        "LABEL_STUDIO_DATA": str(data),
        "LABEL_STUDIO_PASSWORD": PASSWORD,
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
    }
    command = [str(ROOT / "bench" / "label_studio.sh"), FOLDER, str(port)]
    with log.open("w") as told:
        running = subprocess.Popen(
            command, env=environment, stdout=told, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, running, log)
            _make_accounts(url)
            yield RunningServer(url, str(python), chromium, data / "files")
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert running.poll() is None, log.read_text()[-2000:]
        try:
            if httpx.get(f"{url}/health", timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    raise AssertionError(f"no Label Studio after {START_SECONDS} s: {log.read_text()[-2000:]}")


def _make_accounts(url: str) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "bench" / "label_studio_accounts.py"), url]
        + [f"{address}={PASSWORD}" for address in PEOPLE.values()],
        env=os.environ | {"LABEL_STUDIO_API_KEY": TOKEN},
        check=True,
        timeout=120,
    )
