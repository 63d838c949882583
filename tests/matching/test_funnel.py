"""The way of a need in numbers: each leads to as many rows, for the buyer and its office, and for nobody else."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from industry import interests, needs, outcomes
from matching import funnel
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from tests.matching.test_invitations import found_market


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def market(db):
    """Of five that fit: two looked, two are interested, two invited, one both, one agreed and sold."""
    cast = found_market()
    first, second, third, *_rest = cast.benches
    for bench in (first, second):
        interests.saw(cast.need, bench.organisation, on=date(2026, 11, 24))
        interests.answer(cast.need, bench.organisation, by=bench.entered_by)
    interests.saw(cast.need, first.organisation, on=date(2026, 11, 25))
    mutual, _asked = interests.invite(cast.need, [first.organisation, third.organisation], by=cast.owner)
    interests.agree(mutual, by=cast.owner)
    return cast


def numbers(need) -> dict[str, int]:
    return {stage.slug: stage.value for stage in funnel.of_needs([need])[need.pk]}


def test_each_number_counts_who_came_that_far(market):
    expected = {"matched": 5, "seen": 2, "interested": 2, "invited": 2, "talks": 1, "agreed": 1, "bought": 0}
    assert numbers(market.need) == expected
    closed = needs.close_need(market.need, reason="filled", by=market.owner)
    outcomes.report_as_buyer(
        closed, {market.benches[0].organisation_id: Decimal(9), None: Decimal(1)}, by=market.owner
    )
    assert numbers(market.need) == expected | {"bought": 1}


def test_each_number_leads_to_as_many_rows(market):
    for person in (market.owner, market.officer):
        tab = logged_in(person)
        for stage in funnel.of_needs([market.need])[market.need.pk]:
            page = tab.get(stage.url)
            if stage.slug == "matched":
                assert page.context["reading"].total == stage.value
            else:
                assert page.context["page"].paginator.count == stage.value, stage.slug


def test_strangers_find_no_funnel(market):
    url = reverse("matching:funnel", args=[market.need.pk])
    far = offices.member(offices.office("36.04", name="Dinas Serang"), "Jauh")
    for person in (market.stranger, market.smith, market.benches[0].entered_by, far):
        assert logged_in(person).get(url).status_code == 404


def test_the_office_sees_its_needs_alone(market):
    url = reverse("matching:office_needs")
    assert [need for need, _stages in logged_in(market.officer).get(url).context["rows"]] == [market.need]
    far = offices.member(offices.office("36.04", name="Dinas Serang"), "Jauh")
    assert logged_in(far).get(url).context["rows"] == []
    assert logged_in(market.owner).get(url).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_no_more_for_more_needs(market, number, django_assert_max_num_queries):
    for n in range(number):
        people.opened(market.company, market.owner, title=f"Lain {n}")
    tab = logged_in(market.officer)
    tab.get(reverse("matching:office_needs"))
    with django_assert_max_num_queries(9):
        tab.get(reverse("matching:office_needs"))
