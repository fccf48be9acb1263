import io
import time
from collections.abc import Iterator

import pytest
from rich.console import Console

from pipelines.progress import TALLY, Display, Goal, Silent, showing


@pytest.fixture(autouse=True)
def _a_tally_of_its_own() -> Iterator[None]:
    """The tally belongs to the process: tests that ask engines without a display leave their news in it."""
    TALLY.reset()
    TALLY.news()
    yield
    TALLY.reset()
    TALLY.news()


def test_what_engines_have_to_say_is_printed_once_and_before_the_last_line() -> None:
    written = io.StringIO()
    with showing(Display(Console(file=written, width=200)), Goal("generate", "requests", 2)):
        TALLY.add("requests", 2)
        TALLY.tell("the server http://a/v1 is away (ConnectError): the run pauses, for 600 s at most")
        TALLY.tell("the server http://a/v1 is back after 12 s: the run goes on")
    # On a busy machine a line of progress may stand before them or between them.
    lines = written.getvalue().splitlines()
    away, back = [line for line in lines if line.startswith("the server")]
    assert away.startswith("the server http://a/v1 is away")
    assert back.startswith("the server http://a/v1 is back")
    assert lines[-1].startswith("generate: 2/2 requests")
    assert TALLY.news() == []


def test_news_that_a_silent_stage_did_not_show_are_not_told_by_the_next_stage() -> None:
    with showing(Silent(), Goal("generate", "requests", 2)):
        TALLY.tell("the server http://a/v1 is away (ConnectError): the run pauses, for 600 s at most")
    written = io.StringIO()
    with showing(Display(Console(file=written, width=200)), Goal("check", "questions", 0)):
        pass
    assert "away" not in written.getvalue()


def test_off_a_terminal_a_line_is_not_printed_again_before_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.progress._LINE_SECONDS", 0.01)
    written = io.StringIO()
    with showing(Display(Console(file=written, width=200)), Goal("generate", "requests", 2)):
        time.sleep(0.3)
    assert written.getvalue().splitlines() == ["generate: 0/2 requests"]
