"""What all tests share: examples are found the same way on every machine, however slow it is."""

import pytest
from hypothesis import settings

settings.register_profile("corpusmill", deadline=None, derandomize=True)
settings.load_profile("corpusmill")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regold", action="store_true", help="Write the golden files of extraction anew.")
