from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.dates import DateRefused, parse


@pytest.mark.parametrize(
    "text",
    [
        "2027-05-03", "3/5/2027", "03/05/2027", "3-5-2027", "3.5.2027", "3 5 2027", "3 Mei 2027", "3 mei 2027",
        "3 May 2027", "03-MEI-2027", "Senin, 3 Mei 2027", "Monday 3 May 2027", "3 Mei, 2027", " 3  Mei  2027 ",
        "3\u00a0Mei\u00a02027", "2027-05-03T00:00", "2027/5/3", "３/５/２０２７",
    ],
)  # fmt: skip
def test_reads_what_people_type(text):
    assert parse(text) == date(2027, 5, 3)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 Peb 2027", 2),
        ("1 Agt 2027", 8),
        ("1 Nopember 2027", 11),
        ("1 okt. 2027", 10),
        ("1 December 2027", 12),
    ],
)
def test_old_and_short_names_of_months(text, month):
    assert parse(text) == date(2027, month, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("3 Mei 27", "short_year"),
        ("3/5/02027", "short_year"),
        ("12/31/2027", "month_first"),
        ("31/2/2027", "no_such_day"),
        ("0/5/2027", "no_such_day"),
        ("3/0/2027", "no_such_day"),
        ("32/13/2027", "no_such_day"),
        ("29 Februari 2027", "no_such_day"),
        ("3/5/1027", "year"),
        ("3/5/9999", "year"),
        ("besok", "unreadable"),
        ("3 Foo 2027", "unreadable"),
        ("3/5", "unreadable"),
        ("Mei 2027", "unreadable"),
        ("3/5/2027 s.d. 4/5/2027", "unreadable"),
        ("3/5/\x002027", "control"),
    ],
)
def test_refusals(text, code):
    with pytest.raises(DateRefused) as caught:
        parse(text)
    assert caught.value.code == code


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_each_day_in_each_form(day):
    assert parse(day.isoformat()) == day
    assert parse(f"{day.day}/{day.month}/{day.year}") == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_a_refusal(text):
    try:
        assert isinstance(parse(text), date)
    except DateRefused:
        pass
