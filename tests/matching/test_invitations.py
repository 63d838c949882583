"""Invitations some at a time: the best first, until enough are interested, never twice, never a flood."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notification
from catalogue.models import Category, Unit
from industry import interests, needs
from industry.models import Interest, Need
from matching import invitations, lists
from matching.models import GradualInvitation, InvitationPolicy
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from tests.races import both
from web.lifecycle import StepRefused

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def market(db):
    """A need for shelves, and five workshops that make them, the nearer of equals first."""
    return found_market()


def found_market():
    cast = people.cast()
    cast.benches = [
        offices.workshop(
            cast.office,
            owner=people.confirmed(offices.person(f"Pemilik {n}")),
            status="approved",
            name=f"UD Rak {n}",
        )
        for n in range(1, 6)
    ]
    cast.need = people.opened(
        cast.company,
        cast.owner,
        title="Rak gudang",
        category=Category.objects.get(pk="rak-gudang"),
        unit=Unit.objects.get(pk="pcs"),
        quantity=50,
        basis="month",
    )
    lists.refresh()
    return cast


def states() -> dict[str, str]:
    return dict(Interest.objects.order_by("organisation__name").values_list("organisation__name", "status"))


def test_three_are_invited_then_three_days_later_the_rest(market):
    invitations.start(market.need, by=market.owner)
    assert invitations.run_due(today=TODAY) == 3
    assert invitations.run_due(today=TODAY) == 0
    assert invitations.run_due(today=TODAY + timedelta(days=2)) == 0
    assert len(states()) == 3
    assert invitations.run_due(today=TODAY + timedelta(days=3)) == 2
    assert set(states().values()) == {"invited"}
    assert invitations.run_due(today=TODAY + timedelta(days=6)) == 0
    gradual = GradualInvitation.objects.get()
    assert (gradual.end_reason, gradual.next_on) == ("exhausted", None)
    assert Notification.objects.filter(title="Undangan bertahap selesai: Rak gudang").count() == 1


def test_enough_interested_ends_it(market):
    invitations.start(market.need, by=market.owner)
    invitations.run_due(today=TODAY)
    for one in Interest.objects.select_related("organisation"):
        by = one.organisation.memberships.get().user
        interests.answer(market.need, one.organisation, by=by)
    assert invitations.run_due(today=TODAY + timedelta(days=3)) == 0
    assert GradualInvitation.objects.get().end_reason == "enough"
    assert len(states()) == 3


def test_who_said_no_or_came_alone_is_not_asked(market):
    first, second, *_others = market.benches
    interests.decline(market.need, first.organisation, reason="full", by=first.entered_by)
    interests.answer(market.need, second.organisation, by=second.entered_by)
    invitations.start(market.need, by=market.owner)
    assert invitations.run_due(today=TODAY) == 3
    found = states()
    assert (found["UD Rak 1"], found["UD Rak 2"]) == ("declined", "interested")


def test_after_days_of_silence_one_batch_goes_out_not_three(market):
    invitations.start(market.need, by=market.owner)
    assert invitations.run_due(today=TODAY + timedelta(days=10)) == 3
    assert GradualInvitation.objects.get().next_on == TODAY + timedelta(days=13)


def test_a_closed_need_and_a_buyer_who_left_end_it(market):
    invitations.start(market.need, by=market.staff)
    market.staff.memberships.update(left_on=date(2026, 12, 1))
    assert invitations.run_due(today=TODAY) == 0
    assert GradualInvitation.objects.get().end_reason == "stopped"
    invitations.start(market.need, by=market.owner)
    needs.close_need(market.need, reason="cancelled", by=market.owner)
    assert invitations.run_due(today=TODAY) == 0
    assert GradualInvitation.objects.get().end_reason == "over"
    with pytest.raises(interests.NotOpen):
        invitations.start(Need.objects.get(), by=market.owner)


def test_only_the_buyer_starts_and_stops(market):
    for person in (market.stranger, market.officer, market.smith):
        with pytest.raises(StepRefused):
            invitations.start(market.need, by=person)
    invitations.start(market.need, by=market.owner)
    with pytest.raises(StepRefused):
        invitations.stop(market.need, by=market.stranger)
    invitations.stop(market.need, by=market.staff)
    invitations.stop(market.need, by=market.staff)
    assert invitations.run_due(today=TODAY) == 0


def test_the_numbers_are_those_of_the_policy_in_force(market):
    InvitationPolicy.objects.filter(in_force=True).update(in_force=False)
    InvitationPolicy.objects.create(version=2, batch_size=1, enough=2, days_between=7, in_force=True)
    invitations.start(market.need, by=market.owner)
    assert invitations.run_due(today=TODAY) == 1
    assert GradualInvitation.objects.get().next_on == TODAY + timedelta(days=7)


def test_started_and_stopped_on_its_page(market):
    page = reverse("matching:gradual", args=[market.need.pk])
    buyer = logged_in(market.owner)
    assert "Mulai mengundang" in buyer.get(page).content.decode()
    assert "Sedang berjalan" in buyer.post(page, follow=True).content.decode()
    assert "dihentikan" in buyer.post(page, {"berhenti": "1"}, follow=True).content.decode()
    for person in (market.stranger, market.smith, market.officer):
        assert logged_in(person).get(page).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_batch(transactional_db):
    market = found_market()
    invitations.start(market.need, by=market.owner)
    assert both(lambda _n: invitations.run_due(today=TODAY)) == ["done", "done"]
    assert Interest.objects.count() == 3


def test_new_numbers_take_the_place_of_the_old_ones(market):
    invitations.start(market.need, by=market.owner)
    made = invitations.set_policy(batch_size=5, enough=4, days_between=2, by=market.officer)
    assert invitations.policy_in_force() == made
    assert (made.version, InvitationPolicy.objects.count()) == (2, 2)
    assert invitations.run_due(today=TODAY) == 3  # what runs keeps its numbers


def test_the_operator_sets_numbers_within_bounds(market):
    chief = offices.person("Kepala Portal", is_staff=True, is_superuser=True)
    tab = logged_in(chief)
    page = reverse("admin:matching_invitationpolicy_add")
    wrong = tab.post(page, {"batch_size": 0, "enough": 21, "days_between": 3, "note": ""})
    assert set(wrong.context["adminform"].form.errors) == {"batch_size", "enough"}
    tab.post(page, {"batch_size": 2, "enough": 4, "days_between": 5, "note": "Ramadan"})
    made = invitations.policy_in_force()
    assert (made.batch_size, made.enough, made.days_between, made.note) == (2, 4, 5, "Ramadan")
    assert tab.get(reverse("admin:matching_invitationpolicy_changelist")).status_code == 200
