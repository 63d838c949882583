from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from web.workdays import HOLIDAYS, add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 1))


def test_weekends_holidays_and_collective_leave_are_free():
    assert is_working_day(date(2026, 11, 24))
    assert not is_working_day(date(2026, 11, 28))
    assert not is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 12, 24))  # cuti bersama
    assert not is_working_day(date(2027, 1, 1))
    assert date(2027, 3, 10) in HOLIDAYS


def test_counts_the_days_after_the_start():
    assert working_days_between(date(2026, 11, 24), date(2026, 11, 24)) == 0
    assert working_days_between(date(2026, 11, 27), date(2026, 11, 30)) == 1
    assert working_days_between(date(2026, 11, 27), date(2026, 11, 29)) == 0
    assert working_days_between(date(2026, 12, 23), date(2026, 12, 28)) == 1
    assert working_days_between(date(2026, 11, 30), date(2026, 11, 27)) == -1


def test_adds_working_days_over_the_holidays():
    assert add_working_days(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert add_working_days(date(2026, 12, 30), 3) == date(2027, 1, 6)
    assert add_working_days(date(2026, 11, 24), 0) == date(2026, 11, 24)


@given(DAYS, DAYS)
def test_the_count_is_the_sum_of_the_days(one, other):
    start, end = sorted([one, other])
    days = (start + timedelta(i) for i in range(1, (end - start).days + 1))
    assert working_days_between(start, end) == sum(map(is_working_day, days))


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_agree(start, count):
    end = add_working_days(start, count)
    assert is_working_day(end)
    assert working_days_between(start, end) == count
