"""A key goes to its server and nowhere else: not into results, errors, logs, or what the run says."""

import base64
import logging
from typing import Any

import pytest

from generators.engines import setbacks
from generators.engines.addresses import addresses_of, server_headers, shown
from generators.engines.catalog import open_engine
from generators.engines.exchange import EngineFailure, EngineOptions, Message, Request, Sampling
from generators.engines.masking import Mask
from schemas.errors import EngineError
from tests.generators.openai_server import Reply, serving

KEY = "sk-very-secret-0123"
ENCODED = base64.b64encode(KEY.encode()).decode()


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setbacks, "backoff", lambda failed: 0.0)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(401, body=f"bad key {KEY}"),
        Reply(400, body=f"maximum context length, asked by {KEY}"),
        Reply(500, body=f"Traceback: headers={{'authorization': 'Bearer {KEY}'}}"),
        Reply(429, body=f"{KEY} asks too often"),
        Reply(200, body=f"<html>{ENCODED}</html>"),
        Reply(200, body=f'{{"choices": [], "key": "{KEY}"}}'),
    ],
    ids=["denied", "too long", "trace", "busy", "encoded", "no choice"],
)
def test_a_server_that_repeats_the_key_makes_no_row_show_it(reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []

    def script(body: dict[str, Any], number: int) -> Reply:
        return reply

    with serving(script) as (url, log):
        options = EngineOptions(api_key=f" {KEY}\n", attempts=30, pause_seconds=0.1, notice=said.append)
        engine = open_engine(url, options)
        results = list(engine.complete(Request(f"r{n}", (Message("user", "x"),), Sampling()) for n in range(3)))
        engine.close()
    assert log.headers[0]["authorization"] == f"Bearer {KEY}"
    assert all(isinstance(result, EngineFailure) for result in results)
    shown_to_people = repr(results) + repr(said) + caplog.text + repr(options)
    assert KEY not in shown_to_people
    assert ENCODED not in shown_to_people


def test_a_key_that_no_header_can_carry_is_refused_without_being_shown() -> None:
    with pytest.raises(EngineError, match="environment variable") as caught:
        server_headers("sk-first\nsk-second")
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (None, None),
        ("  ", None),
        (" sk-1234\n", "Bearer sk-1234"),
        ("Basic dXNlcjpwdw==", "Basic dXNlcjpwdw=="),
    ],
)
def test_a_key_goes_as_a_header(key: str | None, header: str | None) -> None:
    assert server_headers(key).get("Authorization") == header


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("http://host:8000/v1", "http://host:8000/v1"),
        ("http://user:p@ss@host/v1", "http://host/v1"),
        ("https://token@host/v1?a=b@c", "https://host/v1?a=b@c"),
        ("http://[::1/v1", "http://[::1/v1"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, safe: str) -> None:
    assert shown(url) == safe


@pytest.mark.parametrize(
    "spec", ["http://user:pw1234@a/v1", "http://user:pw1234,pw1234@a/v1", "http://a/v1,https://pw1234@b/v1"]
)
def test_a_password_in_a_spec_is_refused(spec: str) -> None:
    with pytest.raises(EngineError) as caught:
        addresses_of(spec)
    assert "pw1234" not in str(caught.value)


def test_the_longest_secret_is_starred_out_first() -> None:
    assert Mask("abcd", "abcdefgh", None, "")("abcdefgh abcd") == "*** ***"
