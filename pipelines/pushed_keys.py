"""Which tasks a project holds, remembered beside the tables: asking the server sends every picture back.

What is remembered counts only while the server says that the project holds as many tasks. After a push that was cut
short, or when somebody deleted or added tasks, the server is asked.
"""

import json

from annotation.server import LabelServer, ServerProject
from pipelines.storage import Folder
from schemas.identity import digest


class PushedKeys:
    """The keys of the tasks that a project holds."""

    def __init__(self, folder: Folder, server: LabelServer, project: ServerProject) -> None:
        """Take what is remembered, or ask the server."""
        self._folder = folder
        self._path = f"private/pushed-{digest(server.url, str(project.project_id))}.json"
        remembered = self._read()
        if not project.tasks:
            self._keys: set[str] = set()
        elif len(remembered) == project.tasks:
            self._keys = remembered
        else:
            self._keys = server.task_keys(project.project_id)
            self._write()

    def __contains__(self, key: object) -> bool:
        """Say whether a task is there."""
        return key in self._keys

    def add(self, keys: set[str]) -> None:
        """Remember tasks that the server has taken."""
        self._keys |= keys
        self._write()

    def _read(self) -> set[str]:
        if not self._folder.exists(self._path):
            return set()
        try:
            return set(json.loads(self._folder.read_bytes(self._path)))
        except ValueError:
            return set()

    def _write(self) -> None:
        self._folder.write_bytes(self._path, json.dumps(sorted(self._keys)).encode())
