import io

from rich.console import Console

from pipelines.progress import TALLY, Display, Goal, showing


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
