"""What waits for an office: every kind once, oldest first, whose turn it is, at the same cost for any number."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.facts import restate
from accounts.models import Claim, DataRequest
from ikm import reviews
from ikm.models import Ikm, Report
from industry.models import Company
from partnership_portal import queue
from tests import offices
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Ani")


@pytest.fixture
def as_ani(client, ani):
    logged_in(ani, client)
    return client


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 3, 0, tzinfo=UTC)


def claim(office, *, on: datetime, name: str = "CV Diakui", by=None) -> Claim:
    ikm = offices.workshop(office, name=name, status="draft", facts=False)
    by = by or offices.person(f"Pengaku {name}")
    return Claim.objects.create(user=by, organisation=ikm.organisation, created_at=on)


def changed(office, *, on: datetime, name: str = "CV Berubah", by=None) -> Ikm:
    ikm = offices.workshop(office, name=name, status="approved")
    Ikm.objects.filter(pk=ikm.pk).update(approved_at=on - timedelta(days=1))
    product = ikm.products.get()
    restate(product, by=by or ikm.entered_by)
    product.changed_at = on
    product.save()
    return ikm


def one_of_each(office, prefix: str = "") -> None:
    offices.workshop(office, name=f"{prefix}CV Profil", submitted_at=day(10))
    changed(office, on=day(9), name=f"{prefix}CV Berubah")
    offices.company(office, name=f"{prefix}PT Baru", submitted_at=day(12))
    claim(office, on=day(11), name=f"{prefix}CV Diakui")
    told(office, on=day(13), name=f"{prefix}CV Pindah")
    asked(office, on=day(23), name=f"{prefix}Sumirah")


def told(office, *, on: datetime, name: str) -> Report:
    ikm = offices.workshop(office, name=name, status="approved", facts=False)
    return Report.objects.create(ikm=ikm, kind="moved", reported_at=on)


def asked(office, *, on: datetime, name: str, by=None) -> DataRequest:
    """Answered three times 24 hours later at the latest."""
    by = by or offices.person(name)
    due_at = on + timedelta(hours=72)
    return DataRequest.objects.create(kind="correction", user=by, office=office, created_at=on, due_at=due_at)


def rows(response) -> list[tuple[str, str]]:
    return [(row.kind, row.name) for row in response.context["rows"]]


def test_every_kind_once_oldest_first(as_ani, office):
    one_of_each(office)
    # None of these waits for an officer.
    for status in ("draft", "returned", "withdrawn", "approved"):
        offices.workshop(office, name=status, status=status)
    offices.company(office, name="PT Draf", status="draft")
    one_of_each(offices.office("32.04", name="Dinas Bandung"), prefix="Luar ")

    page = as_ani.get(reverse("queue"))
    assert rows(page) == [
        ("perubahan", "CV Berubah"),
        ("ikm", "CV Profil"),
        ("pengakuan", "CV Diakui"),
        ("perusahaan", "PT Baru"),
        ("laporan", "CV Pindah"),
        ("data", "Sumirah"),
    ]
    assert [number for _kind, number in page.context["kinds"]] == [1, 1, 1, 1, 1, 1]
    for row in page.context["rows"]:
        assert as_ani.get(row.url).status_code == 200


@pytest.mark.parametrize("kind", list(queue.KINDS))
def test_one_kind(as_ani, office, kind):
    one_of_each(office)
    page = as_ani.get(reverse("queue"), {"jenis": kind})
    assert [row.kind for row in page.context["rows"]] == [kind]
    assert page.context["page"].paginator.count == 1


def test_an_unknown_kind_shows_all(as_ani, office):
    one_of_each(office)
    assert len(as_ani.get(reverse("queue"), {"jenis": "x", "page": "99"}).context["rows"]) == 6


def test_what_came_from_me_is_another_officers_turn(as_ani, ani, office):
    offices.workshop(office, name="Dimasukkan", entered_by=ani)
    offices.workshop(office, name="Dikirim", submitted_by=ani)
    touched = offices.workshop(office, name="Diubah")
    touched.processes.update(changed_by=ani)
    offices.workshop(office, name="Milik orang")
    changed(office, on=timezone.now(), name="Berubah", by=ani)
    offices.company(office, name="PT Saya", entered_by=ani)
    own = {row.name: row.own for row in as_ani.get(reverse("queue")).context["rows"]}
    assert own == {
        "Dimasukkan": True,
        "Dikirim": True,
        "Diubah": True,
        "Milik orang": False,
        "Berubah": True,
        "PT Saya": True,
    }


def test_the_clock_of_a_request_about_data_runs_by_the_hour(as_ani, ani, office):
    asked(office, on=offices.MORNING - timedelta(hours=70, minutes=30), name="Tepat")
    asked(office, on=offices.MORNING - timedelta(hours=74, minutes=30), name="Lewat")
    asked(office, on=offices.MORNING, name="Ani", by=ani)
    found = as_ani.get(reverse("queue")).context["rows"]
    assert [(row.name, row.due_words, row.is_late, row.own) for row in found] == [
        ("Lewat", "lewat 3 jam", True, False),
        ("Tepat", "sisa 1 jam", False, False),
        ("Ani", "sisa 71 jam", False, True),
    ]


def test_a_verified_fact_that_is_raised_waits_again_and_a_lowered_one_does_not(office, ani):
    ikm = offices.workshop(office)
    product = ikm.products.get()
    reviews.decide(ikm, by=ani, office=office, action="approve", decisions={product: ("verified", "record")})

    def waits() -> list[int]:
        return [row.facts for row in queue.read(queue.mixed(queue.parts(office, ani).values()))]

    assert waits() == []
    product.refresh_from_db()
    product.capacity_per_month = 150
    restate(product, by=ikm.entered_by, less=True)
    product.save()
    assert waits() == []
    product.capacity_per_month = 300
    restate(product, by=ikm.entered_by)
    product.save()
    assert waits() == [1]
    product.refresh_from_db()
    reviews.check_facts(ikm, by=ani, office=office, decisions={product: ("verified", "record")})
    assert waits() == []


def test_age_and_due_are_working_days(as_ani, office):
    # Friday, 13 November: the fifth working day after it is Friday, 20 November.
    offices.workshop(office, submitted_at=day(13))
    page = as_ani.get(reverse("queue"))
    [row] = page.context["rows"]
    assert (row.due_on.isoformat(), row.age_words, row.due_words, row.is_late) == (
        "2026-11-20",
        "menunggu 7 hari kerja",
        "lewat 2 hari kerja",
        True,
    )
    assert "lewat 2 hari kerja" in page.content.decode()


def test_pages(as_ani, office):
    for number in range(30):
        offices.company(office, name=f"PT {number:02}", submitted_at=day(1) + timedelta(hours=number))
    first, second = (as_ani.get(reverse("queue"), {"page": page}) for page in (1, 2))
    assert [len(page.context["rows"]) for page in (first, second)] == [25, 5]
    assert rows(second)[0] == ("perusahaan", "PT 25")
    assert "1–25 dari 30" in first.content.decode()


def test_an_empty_queue_says_what_comes_here(as_ani):
    html = as_ani.get(reverse("queue")).content.decode()
    assert "Tidak ada yang menunggu" in html
    assert reverse("ikm:register_for_owner") in html


def test_the_queue_is_for_officers(client, office, ani):
    ikm = offices.workshop(office)
    company: Company = offices.company(office)
    for user, status in [(ani, 200), (ikm.entered_by, 404), (company.entered_by, 404)]:
        logged_in(user, client)
        assert client.get(reverse("queue")).status_code == status


@pytest.mark.parametrize("times", [1, 3])
def test_statements_do_not_grow_with_rows(as_ani, office, django_assert_max_num_queries, times):
    for number in range(times):
        one_of_each(office, prefix=f"{number} ")
    with django_assert_max_num_queries(12):
        page = as_ani.get(reverse("queue"))
    assert len(page.context["rows"]) == 6 * times
