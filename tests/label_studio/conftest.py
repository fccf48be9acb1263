"""One real Label Studio server for all tests of this folder.

CORPUSMILL_LABEL_STUDIO names the folder that `bench/label_studio.sh FOLDER install` has filled.
"""

import os
from collections.abc import Iterator

import pytest

from tests.label_studio.running import Missing, RunningServer, running_server

NO_SKIP = "CORPUSMILL_NO_SKIP"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    try:
        with running_server(tmp_path_factory.mktemp("label-studio")) as running:
            yield running
    except Missing as missing:
        # Where it has to run, as in CI, what is missing is a failure.
        if NO_SKIP in os.environ:
            raise
        pytest.skip(str(missing))
