"""The Label Studio server that a recipe names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from annotation.server import LabelServer, open_server
from schemas.errors import UsageError
from schemas.recipe import AnnotateSection


def server_token(section: AnnotateSection) -> str:
    """Return the token from the environment.

    Raises:
        UsageError: the variable is not set.
    """
    token = os.environ.get(section.token_variable, "").strip()
    if not token:
        raise UsageError(
            f"{section.token_variable}: not set; put the token of Label Studio (Account & Settings) into this variable"
        )
    return token


def server_address(section: AnnotateSection) -> str:
    """Return the address of the server.

    Raises:
        UsageError: the recipe names none, or something that is no address.
    """
    if not section.url:
        raise UsageError(
            "no Label Studio server is named: give --url http://host:8080, or set annotate.url in the recipe"
        )
    if not section.url.startswith(("http://", "https://")):
        raise UsageError(f"annotate.url: {section.url} does not begin with http:// or https://")
    return section.url.rstrip("/")


@contextmanager
def connected(url: str, section: AnnotateSection) -> Iterator[LabelServer]:
    """Connect to a server with the recipe's token.

    Raises:
        UsageError: there is no token.
        AnnotationError: the server cannot be used.
    """
    server = open_server(url, server_token(section))
    try:
        yield server
    finally:
        server.close()
