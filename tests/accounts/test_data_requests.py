"""Requests about own data: who answers, by when, what is told to whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import data_requests
from accounts.models import DataRequest, Notification, User
from tests.accounts.people import cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return cast()


def ask(people, **more) -> DataRequest:
    return data_requests.ask(
        **{"kind": "correction", "by": people.owner, "organisation": people.workshop, "text": "NIB salah."}
        | more
    )


def test_a_request_goes_to_the_office_with_three_times_24_hours(people):
    made = ask(people)
    assert (made.office, made.state, made.due_at - made.created_at) == (
        people.office,
        "open",
        timedelta(hours=72),
    )
    told = Notification.objects.get(key=f"data-request-{made.pk}")
    assert (told.organisation, told.title) == (people.office, "Permintaan tentang data: pembetulan data")


def test_the_same_request_twice_is_one(people):
    assert ask(people) == ask(people, text="Sekali lagi.")
    assert ask(people, kind="other") != ask(people)


def test_who_answers_for_whom(people):
    office_of = data_requests.office_of
    assert office_of(people.owner, people.workshop) == people.office
    assert office_of(people.owner) == people.office
    assert office_of(people.officer) == people.office
    assert office_of(people.stranger) == people.far_office
    assert office_of(people.nobody) == people.operator


def test_in_a_register_without_offices_nobody_can_answer(db):
    with pytest.raises(ValidationError):
        data_requests.office_of(person("Sendiri"))


def test_an_answer_is_told_to_the_person_alone(people):
    made = ask(people)
    done = data_requests.answer(made, state="done", by=people.officer, text="NIB sudah dibetulkan.")
    assert (done.state, done.answer, done.decided_by) == ("done", "NIB sudah dibetulkan.", people.officer)
    told = Notification.objects.get(key=f"data-request-{made.pk}-answer")
    assert (told.user, told.text, told.url) == (people.owner, "NIB sudah dibetulkan.", "/akun/data-saya/")
    with pytest.raises(data_requests.Decided):
        data_requests.answer(made, state="refused", by=people.officer, text="Terlambat.")


def test_a_refusal_has_a_reason(people):
    with pytest.raises(ValidationError):
        data_requests.answer(ask(people), state="refused", by=people.officer, text="  ")
    with transaction.atomic(), pytest.raises(IntegrityError):
        DataRequest.objects.update(state="refused", decided_at=timezone.now(), decided_by=people.officer)


@pytest.mark.parametrize("who", ["owner", "stranger", "far_officer", "nobody"])
def test_nobody_else_answers(people, who):
    with pytest.raises(PermissionError):
        data_requests.answer(ask(people), state="done", by=getattr(people, who))


def test_only_the_person_cancels(people):
    made = ask(people)
    with pytest.raises(PermissionError):
        data_requests.cancel(made, by=people.staff)
    assert data_requests.cancel(made, by=people.owner).state == "cancelled"
    with pytest.raises(data_requests.Decided):
        data_requests.cancel(made, by=people.owner)


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": timezone.now() - timedelta(days=9)},
        {"state": "done"},
        {"decided_at": timezone.now()},
    ],
)
def test_the_database_refuses(people, fields):
    ask(people)
    with transaction.atomic(), pytest.raises(IntegrityError):
        DataRequest.objects.update(**fields)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (72, "sisa 72 jam"),
        (1.5, "sisa 1 jam"),
        (0.5, "sisa kurang dari 1 jam"),
        (-0.5, "lewat 1 jam"),
        (-49, "lewat 49 jam"),
    ],
)
def test_the_clock(hours, words):
    now = timezone.now()
    assert data_requests.clock(now + timedelta(hours=hours), now) == words


def test_who_is_forgotten_has_no_log_in_name(people):
    with transaction.atomic(), pytest.raises(IntegrityError):
        User.objects.filter(pk=people.owner.pk).update(deleted_at=timezone.now())
    with transaction.atomic(), pytest.raises(IntegrityError):
        User.objects.filter(pk=people.owner.pk).update(email=None, phone=None)
    User.objects.filter(pk=people.owner.pk).update(
        deleted_at=timezone.now(), email=None, phone=None, is_active=False
    )
