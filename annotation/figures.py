"""Figures in words: how the report prints shares, coefficients and their intervals. What is not known is a dash."""

from typing import Final

from annotation.intervals import Estimate

UNKNOWN: Final = "–"


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a share as a percentage.

    >>> percent(0.0736), percent(1.0), percent(None)
    ('7.4 %', '100.0 %', '–')
    """
    return UNKNOWN if value is None else f"{100 * value:.{decimals}f} %"


def share(estimate: Estimate) -> str:
    """Return a share with its interval.

    >>> share(Estimate(0.074, 0.051, 0.105)), share(Estimate(None, note="nothing judged"))
    ('7.4 % (5.1 to 10.5)', '–')
    """
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return percent(estimate.value)
    return f"{percent(estimate.value)} ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def coefficient(estimate: Estimate) -> str:
    """Return a coefficient with its interval.

    >>> coefficient(Estimate(0.7434, 0.36, 0.94)), coefficient(Estimate(1.0))
    ('0.74 (0.36 to 0.94)', '1.00')
    """
    if estimate.value is None:
        return UNKNOWN
    value = _plain(estimate.value)
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} ({_plain(estimate.low)} to {_plain(estimate.high)})"


def change(estimate: Estimate) -> str:
    """Return a difference of shares, in percentage points.

    >>> change(Estimate(-0.12, -0.24, -0.004))
    '-12 (-24 to 0)'
    """
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return UNKNOWN
    return f"{_signed(estimate.value)} ({_signed(estimate.low)} to {_signed(estimate.high)})"


def seconds(value: float | None) -> str:
    """Return seconds without decimals.

    >>> seconds(74.6)
    '75 s'
    """
    return UNKNOWN if value is None else f"{value:.0f} s"


def number(value: float | None, decimals: int = 2) -> str:
    """Return a number, or a dash."""
    return UNKNOWN if value is None else _plain(value, decimals)


def name(label: str) -> str:
    """Return a name in the data as words.

    >>> name("question_factual")
    'question factual'
    """
    return label.replace("_", " ")


def _plain(value: float, decimals: int = 2) -> str:
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if not float(text) else text


def _signed(value: float) -> str:
    points = round(100 * value)
    return f"{points:+d}" if points else "0"
