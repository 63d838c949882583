"""Two people at one moment on one pair: one effect. The control shows what the lock prevents."""

import threading

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import FollowUp, Introduction, Notification
from industry import interests, needs
from industry.models import Interest
from tests.industry import people
from tests.industry.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return people.cast()


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


@pytest.fixture
def bench(cast):
    return cast.workshop.organisation


def test_two_clicks_are_one_interest(cast, need, bench):
    def answer() -> None:
        interests.answer(need, bench, by=cast.smith)

    assert together(answer, answer, answer) == ["done"] * 3
    assert Interest.objects.count() == Notification.objects.count() == FollowUp.objects.count() == 1


def test_interest_and_invitation_at_once_meet(cast, need, bench):
    acts = [
        lambda: interests.answer(need, bench, by=cast.smith),
        lambda: interests.invite(need, [bench], by=cast.owner),
    ]
    assert together(*acts) == ["done", "done"]
    assert Interest.objects.get().status == "talks"
    assert Introduction.objects.count() == 1
    assert FollowUp.objects.open().count() == 1


def test_without_the_lock_both_would_wait_for_each_other(cast, need, bench):
    """Each reads that the other has said nothing; one of the two yeses is lost."""
    Interest.objects.create(
        need=need,
        organisation=bench,
        status="taken_back",
        taken_back_at=timezone.now(),
        moved_side="workshop",
    )
    read = threading.Barrier(2, timeout=10)

    def move(state: str) -> None:
        with transaction.atomic():
            mine = Interest.objects.get()
            read.wait()
            assert mine.status == "taken_back"
            mine.status = state
            setattr(mine, f"{state}_at", timezone.now())
            mine.save()

    assert together(lambda: move("interested"), lambda: move("invited")) == ["done", "done"]
    assert Interest.objects.get().status in ("interested", "invited")


def test_two_colleagues_invite_once(cast, need, bench):
    acts = [lambda: interests.invite(need, [bench], by=cast.owner)] + [
        lambda: interests.invite(need, [bench], by=cast.staff)
    ]
    assert together(*acts) == ["done", "done"]
    assert Notification.objects.count() == 1


def test_a_yes_and_the_closing_leave_nobody_in_silence(cast, need, bench):
    acts = [
        lambda: interests.answer(need, bench, by=cast.smith),
        lambda: needs.close_need(need, reason="cancelled", by=cast.owner),
    ]
    outcome = together(*acts)
    assert outcome in (["NotOpen", "done"], ["done", "done"])
    told = Notification.objects.filter(organisation=bench, title="Kebutuhan “Kontainer kantor” ditutup")
    assert told.exists() == (outcome == ["done", "done"])
    assert not Interest.objects.unanswered().exists()
