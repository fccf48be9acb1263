"""Servers by URL: what a spec names, how a key goes along, and which model is there."""

import re
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import BaseModel, ValidationError

from schemas.errors import EngineError

CONNECT_SECONDS: Final = 10.0
_SCHEMES: Final = ("http://", "https://")
_USERINFO: Final = re.compile(r"//[^/]*@")


class ModelList(BaseModel):
    """What `/models` answers, as far as we read it."""

    class Model(BaseModel):
        """One model."""

        id: str

    data: list[Model] = []


def addresses_of(spec: str) -> tuple[str, ...]:
    """Return the base URLs that a spec names, each once and with a slash at its end.

    >>> addresses_of("http://a/v1, http://b/v1/")
    ('http://a/v1/', 'http://b/v1/')

    Raises:
        EngineError: a part is no URL, or carries a password, which would stand in recipes, logs and tables.
    """
    if _USERINFO.search(spec):
        raise EngineError(
            f"the URL {shown(spec)} carries a user name or password: leave it out, and put 'Basic …' (user:password "
            "in base64) or the key into the environment variable that the recipe names (generate.api_key_variable)"
        )
    urls = tuple(dict.fromkeys(part.strip().rstrip("/") + "/" for part in spec.split(",") if part.strip()))
    for url in urls:
        if not url.startswith(_SCHEMES):
            raise EngineError(f"{shown(url)!r} is no URL: give http://host:port/v1, several with commas between them")
    return urls


def check_server(url: str, *, model: str | None, api_key: str | None) -> str:
    """Return the model to ask a server for: `model`, or the first one that it has.

    Raises:
        EngineError: nobody answers there, the key is refused, or the model is not known.
    """
    try:
        response = httpx.get(
            f"{url}models", headers=server_headers(api_key), timeout=CONNECT_SECONDS, follow_redirects=True
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerAway(
            f"no server answers at {shown(url)} ({type(error).__name__}): start it, or correct the URL (it ends in /v1)"
        ) from error
    return model_of(response, shown(url), model)


def model_of(response: httpx.Response, url: str, model: str | None) -> str:
    """Return the model to ask for, by what a server answered about its models.

    Raises:
        EngineError: the key is refused, or the model is not known.
    """
    if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise EngineError(
            f"the server at {url} refuses the key ({response.status_code}): put it into the environment "
            "variable that the recipe names (generate.api_key_variable)"
        )
    # Some gateways have no list of models: a model given by name is then taken on trust.
    known = _models(response)
    if model and (not known or model in known):
        return model
    if model:
        raise EngineError(f"the server at {url} has no model {model!r}; it has {', '.join(known[:20])}")
    if not known:
        raise EngineError(
            f"the server at {url} names no models (status {response.status_code}): check that the URL ends in "
            "/v1, or give the model's name"
        )
    return known[0]


class ServerAway(EngineError):
    """Nobody answers at a URL; another server of the same engine may."""


def server_headers(api_key: str | None) -> dict[str, str]:
    """Return the headers that carry a key, if there is one; "Basic …" and "Bearer …" go as they are.

    Raises:
        EngineError: the key cannot stand in a header.
    """
    key = (api_key or "").strip()
    if not key:
        return {}
    if not (key.isascii() and key.isprintable()):
        raise EngineError("the server's key holds characters that no key has; look at the environment variable")
    return {"Authorization": key if key.startswith(("Basic ", "Bearer ")) else f"Bearer {key}"}


def shown(url: str) -> str:
    """Return a URL, or several with commas between them, without user names and passwords.

    >>> shown("http://user:pw@host/v1")
    'http://host/v1'
    """
    return _USERINFO.sub("//", url)


def _models(response: httpx.Response) -> list[str]:
    if not response.is_success:
        return []
    try:
        return [model.id for model in ModelList.model_validate_json(response.content).data]
    except ValidationError:
        return []
