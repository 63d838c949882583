"""Working days: Monday to Friday without national holidays and collective leave. Pure: no Django.

Holidays are known for the years whose ministers' decree (SKB 3 Menteri) is out; other years have weekends only.
"""

from datetime import date, timedelta

from lokal.holidays import HOLIDAY_YEARS, get_holidays

HOLIDAYS = frozenset(
    date.fromisoformat(holiday.date) for year in HOLIDAY_YEARS for holiday in get_holidays(year).holidays
)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`: Friday to Monday is 1. Negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum((start + timedelta(i)).weekday() < 5 for i in range(1, rest + 1))
    return weekdays - sum(start < holiday <= end and holiday.weekday() < 5 for holiday in HOLIDAYS)


def add_working_days(start: date, count: int) -> date:
    """The day on which `count` working days after `start` have passed; `count` ≥ 0."""
    day = start
    while count > 0:
        day += timedelta(1)
        count -= is_working_day(day)
    return day
