"""A need is closed: nobody is left waiting, and both sides say what came of it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import FollowUp, Notification
from industry import interests, needs, outcomes
from industry.models import Interest, Outcome
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from web.lifecycle import StepRefused


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


@pytest.fixture
def bench(cast):
    return cast.workshop.organisation


@pytest.fixture
def others(cast):
    """Two more workshops: one will be interested, one invited."""
    return [
        offices.workshop(
            cast.office, owner=people.confirmed(offices.person(name)), status="approved", name=f"UD {name}"
        )
        for name in ("Minat", "Undang")
    ]


@pytest.fixture
def closed(cast, need, bench, others):
    """In talks with the workshop, one interested, one invited; then closed."""
    keen, asked = others
    interests.answer(need, bench, by=cast.smith)
    interests.invite(need, [bench, asked.organisation], by=cast.owner)
    interests.answer(need, keen.organisation, by=keen.entered_by)
    return needs.close_need(need, reason="filled", by=cast.owner)


def page(need) -> str:
    return reverse("industry:outcome", args=[need.pk])


def test_closing_tells_all_and_asks_both_sides(cast, closed, bench, others):
    assert dict(Interest.objects.values_list("organisation__name", "status")) == {
        bench.name: "talks",
        "UD Minat": "lapsed",
        "UD Undang": "lapsed",
    }
    told = Notification.objects.filter(title="Kebutuhan “Kontainer kantor” ditutup")
    assert {one.organisation.name: one.text for one in told} == {
        bench.name: "Alasannya: terpenuhi lewat portal. Apakah jadi dibeli dari Anda? Mohon isi hasilnya.",
        "UD Minat": "Alasannya: terpenuhi lewat portal. Terima kasih sudah menjawab.",
        "UD Undang": "Alasannya: terpenuhi lewat portal. Terima kasih sudah menjawab.",
    }
    asked = FollowUp.objects.open().filter(what=outcomes.REPORT)
    assert {one.organisation for one in asked} == {cast.company.organisation, bench}


def test_reopened_nobody_has_to_report(cast, closed):
    needs.reopen_need(closed, by=cast.owner)
    assert not FollowUp.objects.open().filter(what=outcomes.REPORT).exists()


def test_the_buyers_word_settles_the_talks(cast, closed, bench):
    outcomes.report_as_buyer(closed, {bench.pk: Decimal(2), None: Decimal(1)}, by=cast.staff)
    assert list(
        Outcome.objects.order_by("organisation").values_list("organisation", "bought", "quantity")
    ) == [
        (bench.pk, True, 2),
        (None, True, 1),
    ]
    assert Interest.objects.get(organisation=bench).status == "agreed"
    open_steps = FollowUp.objects.open()
    assert [(one.organisation, one.what) for one in open_steps] == [(bench, outcomes.REPORT)]


def test_nothing_bought_ends_the_talks_and_a_corrected_word_takes_its_place(cast, closed, bench):
    outcomes.report_as_buyer(closed, {bench.pk: None}, by=cast.owner)
    ended = Interest.objects.get(organisation=bench)
    assert (ended.status, ended.reason) == ("ended", "not_bought")
    outcomes.report_as_buyer(closed, {bench.pk: Decimal(3)}, by=cast.owner)
    assert Outcome.objects.values_list("bought", "quantity").get() == (True, 3)


def test_who_may_not_report(cast, need, closed, bench, others):
    with pytest.raises(StepRefused):
        outcomes.report_as_buyer(closed, {bench.pk: Decimal(2)}, by=cast.smith)
    with pytest.raises(StepRefused):
        outcomes.report_as_workshop(closed, bench, quantity=Decimal(2), by=cast.owner)
    with pytest.raises(ValueError, match="never in contact"):
        outcomes.report_as_buyer(closed, {cast.company.organisation_id: Decimal(2)}, by=cast.owner)
    needs.reopen_need(closed, by=cast.owner)
    with pytest.raises(StepRefused):
        outcomes.report_as_workshop(closed, bench, quantity=None, by=cast.smith)
    assert logged_in(cast.stranger).get(page(closed)).status_code == 404


def test_the_office_sees_where_words_differ_and_no_side_sees_the_others(cast, closed, bench):
    buyer, smith = logged_in(cast.owner), logged_in(cast.smith)
    assert buyer.post(page(closed), {f"ikm{bench.pk}": "2.750"}).status_code == 302
    assert "2.750" not in smith.get(page(closed)).content.decode()
    answer = smith.post(page(closed), {"bought": "ya", "quantity": "1.375"}, follow=True)
    assert "Hasil dicatat" in answer.content.decode()
    assert "1.375" not in buyer.get(page(closed)).content.decode()
    assert {row.organisation: row.differs for row in outcomes.compared(closed)}[bench]
    office = logged_in(cast.officer).get(page(closed)).content.decode()
    for words in ("2.750", "1.375", "berbeda", bench.name):
        assert words in office


def test_a_workshop_that_never_met_the_buyer_has_no_outcome_page(cast, closed):
    rival = offices.workshop(
        cast.office, owner=people.confirmed(offices.person("X")), status="approved", name="UD X"
    )
    assert logged_in(rival.entered_by).get(page(closed)).status_code == 404


def test_yes_without_a_number_is_asked_for(cast, closed):
    answer = logged_in(cast.smith).post(page(closed), {"bought": "ya"})
    assert "Isi jumlahnya." in answer.content.decode()
    assert not Outcome.objects.exists()
