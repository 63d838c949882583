"""Two at once: with the row lock one of them finds the work done; the controls show what happens without it."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import cards, claims, memberships
from accounts.models import EntryCard, Invitation, Membership, Notification, User
from tests.accounts import people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return people.cast()


def both(work: Callable[[int], object]) -> list[str]:
    """Run `work(0)` and `work(1)` in two threads that start together; "done" or the name of what each raised."""
    start = threading.Barrier(2, timeout=10)
    outcome = ["", ""]

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
            outcome[number] = "done"
        except Exception as refusal:
            outcome[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcome)


# --- The last owner


@pytest.fixture
def two_owners(cast):
    memberships.join(cast.workshop, cast.staff, role="owner")
    return [Membership.objects.get(user=each) for each in (cast.owner, cast.staff)]


def owners_of(organisation) -> int:
    return organisation.memberships.current().filter(role="owner").count()


def test_two_owners_leave_at_once_and_one_stays(cast, two_owners):
    def leave(number: int) -> None:
        memberships.leave(two_owners[number], by=two_owners[number].user)

    assert both(leave) == ["ValidationError", "done"]
    assert owners_of(cast.workshop) == 1


def test_without_the_lock_nobody_would_have_stayed(cast, two_owners):
    counted = threading.Barrier(2, timeout=10)

    def leave_unlocked(number: int) -> None:
        with transaction.atomic():
            own = two_owners[number]
            assert cast.workshop.memberships.current().exclude(pk=own.pk).filter(role="owner").exists()
            counted.wait()
            Membership.objects.filter(pk=own.pk).update(left_on=timezone.localdate())

    assert both(leave_unlocked) == ["done", "done"]
    assert owners_of(cast.workshop) == 0


# --- What is used once


def test_a_card_used_twice_at_once_sets_one_pin(cast):
    card, _code = cards.issue(cast.workshop, office=cast.office, by=cast.officer, person=cast.owner)
    pins = ["480213", "739105"]
    assert both(lambda number: cards.redeem(card, pin=pins[number])) == ["ValidationError", "done"]
    cast.owner.refresh_from_db()
    assert sorted(cast.owner.check_password(pin) for pin in pins) == [False, True]


def test_two_cards_issued_at_once_leave_one_usable(cast):
    officers = [cast.head, cast.officer]
    issued = both(
        lambda number: cards.issue(cast.workshop, office=cast.office, by=officers[number], person=cast.owner)
    )
    assert issued == ["done", "done"]
    assert EntryCard.objects.usable(timezone.now()).count() == 1


def test_an_invitation_taken_twice_at_once_makes_one_member(cast):
    invitation = memberships.invite(cast.workshop, by=cast.owner, role="staff", phone="+6281211112222")
    takers = [cast.nobody, cast.stranger]
    assert both(lambda number: memberships.accept(invitation, by=takers[number])) == [
        "ValidationError",
        "done",
    ]
    assert cast.workshop.memberships.current().count() == 3
    assert Invitation.objects.get().accepted_by in takers


def test_two_invitations_to_one_address_at_once_are_one(cast):
    def invite(_number: int) -> None:
        memberships.invite(cast.workshop, by=cast.owner, role="staff", email="baru@contoh.example")

    assert both(invite) == ["done", "done"]
    assert Invitation.objects.count() == 1


def test_a_sign_up_sent_twice_at_once_makes_one_account_and_no_error(transactional_db):
    given = {"name": "Bu Sri", "contact": "0812 7394 0512", "password1": people.PASSWORD, "untuk": "usaha"}
    answers = [None, None]

    def sign_up(number: int) -> None:
        answers[number] = Client().post("/akun/daftar/", given)

    assert both(sign_up) == ["done", "done"]
    # The second is told at the field, or that the account is there.
    assert User.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert "/usaha/mulai/" in [getattr(answer, "url", "") for answer in answers]


# --- Decided once, told once


def test_a_claim_sent_twice_at_once_waits_once(cast):
    assert both(lambda _number: claims.claim(cast.workshop, by=cast.nobody)) == ["done", "done"]
    assert (cast.workshop.claims.count(), Notification.objects.filter(key__startswith="claim-").count()) == (
        1,
        1,
    )


def test_two_officers_decide_one_claim_at_once_and_one_does(cast):
    claim = claims.claim(cast.workshop, by=cast.nobody)

    def decide(number: int) -> None:
        if number:
            claims.accept(claim, by=cast.officer)
        else:
            claims.refuse(claim, by=cast.head, reason="Bawa NIB asli.")

    assert both(decide) == ["Decided", "done"]
    assert Notification.objects.for_user(cast.nobody).count() == 1
