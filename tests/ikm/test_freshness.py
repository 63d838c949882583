from datetime import date, timedelta

import pytest
import time_machine
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ikm.freshness import AGED, FRESH, LEFT, NEVER, freshness, months_between, oldest_taking_part, plus_months
from ikm.models import Ikm
from matching.facts import ikm_takes_part
from tests import offices

days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("confirmed", "state", "months"),
    [
        (date(2026, 11, 24), FRESH, 0),
        (date(2026, 5, 25), FRESH, 5),
        (date(2026, 5, 24), AGED, 6),
        (date(2026, 4, 20), AGED, 7),
        (date(2025, 11, 24), AGED, 12),
        (date(2025, 11, 23), LEFT, 12),
        (date(2026, 12, 1), FRESH, 0),
        (None, NEVER, 0),
    ],
)
def test_a_profile_ages_after_six_months_and_leaves_after_twelve(confirmed, state, months):
    found = freshness(confirmed, TODAY)
    assert (found.state, found.months, found.is_shown) == (state, months, state in {AGED, LEFT})


@given(days, days)
def test_who_left_is_who_no_longer_takes_part(confirmed, today):
    takes_part = ikm_takes_part(approved=True, withdrawn=False, confirmed_on=confirmed, as_of=today)
    assert (freshness(confirmed, today).state != LEFT) == takes_part
    assert (confirmed >= oldest_taking_part(today)) == takes_part


@given(days, st.integers(0, 30))
def test_months_are_counted_as_they_are_added(day, months):
    later = plus_months(day, months)
    assert months_between(day, later) == months
    assert months_between(day, later - timedelta(days=1)) == max(months - 1, 0)


def test_a_month_that_is_too_short_ends_on_its_last_day():
    assert plus_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert plus_months(date(2027, 12, 31), 2) == date(2028, 2, 29)


def test_the_lists_ask_the_same_rule(db):
    office = offices.office()
    keys = {}
    for day in (date(2025, 11, 23), date(2025, 11, 24), TODAY):
        ikm = offices.workshop(office, status="approved", name=f"CV {day}", facts=False)
        Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=day)
        keys[ikm.pk] = day
    found = Ikm.objects.taking_part(TODAY).values_list("pk", flat=True)
    assert {keys[pk] for pk in found} == {date(2025, 11, 24), TODAY}


def said(confirmed: date | None) -> str:
    template = engines["django"].from_string("{% load ikm %}{{ day|confirmed_words }}|{% aged day %}")
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        return template.render({"day": confirmed})


def test_the_words():
    assert said(TODAY) == "dipastikan hari ini|"
    assert said(date(2026, 11, 12)) == "dipastikan 12 hari lalu|"
    assert said(date(2026, 9, 1)) == "dipastikan 2 bulan lalu|"
    words = "dipastikan 7 bulan lalu"
    assert said(date(2026, 4, 1)) == f'{words}|<span class="tag tag-wait">{words}</span>'
    assert said(date(2025, 6, 1)).endswith('<span class="tag tag-bad">dipastikan 17 bulan lalu</span>')
    assert said(None) == "belum pernah dipastikan|"
    with translation.override("en"):
        assert said(date(2026, 4, 1)).count("|") == 1
