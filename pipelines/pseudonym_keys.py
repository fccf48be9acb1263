"""The key that annotators' pseudonyms are made with: from the environment, or a file of the workspace made once.

The file is no table, so no export or report reads it. Workspaces that share the variable share their pseudonyms.
"""

import os
from pathlib import Path
from typing import Final

from annotation.pseudonyms import checked_key, new_key
from pipelines.storage import Folder

VARIABLE: Final = "CORPUSMILL_PSEUDONYM_KEY"
FILE: Final = "private/pseudonym.key"
_OWNER_ONLY: Final = 0o600


def pseudonym_key(folder: Folder) -> str:
    """Return the key of a workspace; the first call makes one.

    Raises:
        AnnotationError: the key is too short.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        return checked_key(given, VARIABLE)
    if not folder.exists(FILE):
        folder.write_bytes(FILE, new_key().encode())
        if folder.is_local:
            Path(folder.path(FILE)).chmod(_OWNER_ONLY)
    return checked_key(folder.read_bytes(FILE).decode(), folder.path(FILE))
