"""How old the owner's last word is that all is still so, and what follows from it. Pure: no Django.

A profile shows its age from the sixth month on, and leaves the ranked lists after the twelfth (MATCHING.md).
"""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

AGES_AFTER = 6  # months
LEAVES_AFTER = 12

FRESH, AGED, LEFT, NEVER = "fresh", "aged", "left", "never"


class Freshness(NamedTuple):
    """`state`: fresh, aged, left or never (nothing was confirmed yet); whole months and days since the last word."""

    state: str
    months: int
    days: int

    @property
    def is_shown(self) -> bool:
        """Whether readers are to be told the age."""
        return self.state in {AGED, LEFT}


def freshness(confirmed_on: date | None, today: date) -> Freshness:
    """How fresh a profile is on `today` that was confirmed on `confirmed_on`; a day ahead counts as today."""
    if confirmed_on is None:
        return Freshness(NEVER, 0, 0)
    months, days = months_between(confirmed_on, today), max((today - confirmed_on).days, 0)
    if confirmed_on < oldest_taking_part(today):
        return Freshness(LEFT, months, days)
    return Freshness(AGED if months >= AGES_AFTER else FRESH, months, days)


def oldest_taking_part(today: date) -> date:
    """The earliest day of confirmation that still counts on `today`: the same day a year before (29 February: the
    28th)."""
    leap = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - 1, day=28 if leap else today.day)


def months_between(earlier: date, later: date) -> int:
    """Whole months from `earlier` to `later`; a month ends on its last day where it is too short. Never negative."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if later < plus_months(earlier, months):
        months -= 1
    return max(months, 0)


def plus_months(day: date, months: int) -> date:
    """The same day `months` later; the last of the month where it is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
