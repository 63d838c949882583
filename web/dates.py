"""Days as people type them: 3/5/2027, 3 Mei 2027, 2027-05-03. The day always comes before the month. Pure."""

import re
from datetime import date

from web.numbers import NumberRefused, tidy
from web.refusal import Refused

FIRST_YEAR, LAST_YEAR = 1900, 2100

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ],
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?:[T ][0-9:.]+)?")
_TYPED = re.compile(
    r"(?:[a-z']+,? )?(?P<day>[0-9]{1,2})(?:[-/. ] ?)(?P<month>[0-9]{1,2}|[a-z]+)\.?(?:[-/., ] ?)(?P<year>[0-9]+)"
)


class DateRefused(Refused):
    """empty · control · unreadable(text) · short_year · year(first, last) · month_first(text) · no_such_day(text)"""


def parse(text: str) -> date:
    """The day that `text` names, in Indonesian or English words or in figures; DateRefused otherwise."""
    try:
        plain = tidy(text)
    except NumberRefused as refused:
        raise DateRefused(refused.code) from None
    if not plain:
        raise DateRefused("empty")
    found = _ISO.fullmatch(plain) or _TYPED.fullmatch(plain.lower())
    month = _month(found["month"]) if found else None
    if not found or month is None:
        raise DateRefused("unreadable", text=plain[:40])
    return _day(plain, found["year"], month, int(found["day"]))


def _month(text: str) -> int | None:
    return int(text) if text.isdecimal() else _MONTHS.get(text)


def _day(text: str, year: str, month: int, day: int) -> date:
    if len(year) != 4:
        raise DateRefused("short_year")
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise DateRefused("year", first=FIRST_YEAR, last=LAST_YEAR)
    if month > 12 and day <= 12:
        raise DateRefused("month_first", text=text)
    try:
        return date(int(year), month, day)
    except ValueError:
        raise DateRefused("no_such_day", text=text) from None
