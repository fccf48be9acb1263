"""Dates as people print them, read as far as they say: a day, a month or a year."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generators.checks.wording import fold

_MONTHS: Final = (
    "jan january januar janvier enero gennaio janeiro",
    "feb february februar février fevrier febrero febbraio fevereiro",
    "mar march märz maerz mars marzo março",
    "apr april avril abril aprile",
    "may mai mayo maggio maio",
    "jun june juni juin junio giugno junho",
    "jul july juli juillet julio luglio julho",
    "aug august août aout agosto",
    "sep sept september septembre septiembre settembre setembro",
    "oct okt october oktober octobre octubre ottobre outubro",
    "nov november novembre noviembre novembro",
    "dec dez december dezember décembre decembre diciembre dicembre dezembro",
)
_NUMBER_OF: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})\b\.?"
_DAY: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?"
_YEAR: Final = r"(?P<year>1[5-9]\d\d|20\d\d)"
_FORMS: Final = tuple(
    re.compile(rf"(?<![\w.]){form}(?!\w)")
    for form in (
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-{_DAY}",
        rf"{_DAY}(?: of)?(?: de)? {_MONTH}(?: de)?,? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./]{_YEAR}",
        rf"{_MONTH}(?: of| de)?,? {_YEAR}",
        rf"{_YEAR}[,-]? {_MONTH}",
    )
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date; `day` is None where only month and year are said. `swapped` is the other reading of "3/4/2020"."""

    year: int
    month: int
    day: int | None = None
    swapped: bool = False

    def says(self, other: "PrintedDate") -> bool:
        """Say whether this date says all that the other one does."""
        if self.year != other.year:
            return False
        if (self.month, self.day) == (other.month, other.day) or (other.day is None and self.month == other.month):
            return True
        return (self.swapped or other.swapped) and (self.month, self.day) == (other.day, other.month)


def find_dates(text: str) -> list[PrintedDate]:
    """Return the dates of a text, in order.

    >>> find_dates("From 3 March 2019 to April 2020")
    [PrintedDate(year=2019, month=3, day=3, swapped=False), PrintedDate(year=2020, month=4, day=None, swapped=False)]
    """
    folded = fold(text)
    taken: list[tuple[int, PrintedDate]] = []
    for form in _FORMS:
        for start, end, date in _found(form, folded):
            folded = folded[:start] + " " * (end - start) + folded[end:]
            taken.append((start, date))
    return [date for _, date in sorted(taken, key=_place)]


def _found(form: re.Pattern[str], text: str) -> Iterator[tuple[int, int, PrintedDate]]:
    for match in form.finditer(text):
        groups = match.groupdict()
        month = _NUMBER_OF.get(groups["month"]) or int(groups["month"])
        day = int(groups["day"]) if groups.get("day") else None
        numeric = groups["month"].isdigit() and not match.group().startswith(groups["year"])
        if month > 12 and day is not None and day <= 12:
            month, day, numeric = day, month, False
        if month <= 12 and (day is None or day <= 31):
            yield *match.span(), PrintedDate(int(groups["year"]), month, day, numeric and (day or 13) <= 12)


def _place(item: tuple[int, PrintedDate]) -> int:
    return item[0]
