"""Own data on the pages: what a person asks, what the office answers, and who may do neither."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import data_requests
from accounts.models import DataRequest, User
from partnership_portal.retention import RULES
from tests import offices
from tests.browsers import logged_in
from tests.industry.people import opened

pytestmark = pytest.mark.django_db
OWN = "/akun/data-saya/"


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def officer(office):
    return offices.member(office, "Petugas Ani")


@pytest.fixture
def owner(office):
    return offices.person("Sumirah Wijaya")


@pytest.fixture
def ikm(office, owner):
    return offices.workshop(office, owner=owner, name="CV Rak Sendiri", status="approved")


@pytest.fixture
def as_owner(client, owner, ikm):
    return logged_in(owner, client)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_request_and_its_answer(as_owner, owner, officer):
    page = as_owner.get(reverse("data_request_new", args=["pembetulan"]))
    assert page.status_code == 200
    sent = as_owner.post(
        reverse("data_request_new", args=["pembetulan"]), {"text": "Nama jalan salah."}, follow=True
    )
    assert "Terkirim ke Dinas Cilegon" in text_of(sent)
    assert "sisa 71 jam" in text_of(sent)
    made = DataRequest.objects.get()
    office = logged_in(officer)
    assert "CV Rak Sendiri" in text_of(office.get(reverse("data_requests")))
    address = reverse("data_request", args=[made.pk])
    assert "Nama jalan salah." in text_of(office.get(address))
    again = office.post(address, {"decision": "refused", "answer": ""})
    assert "Tulis alasannya" in text_of(again)
    office.post(address, {"decision": "done", "answer": "Sudah dibetulkan."})
    assert "Sudah dibetulkan." in text_of(as_owner.get(OWN))


def test_an_overdue_request_says_by_how_much(as_owner, owner, officer):
    made = data_requests.ask(kind="other", by=owner, text="Siapa?")
    DataRequest.objects.update(
        created_at=timezone.now() - timedelta(hours=80),
        due_at=timezone.now() - timedelta(hours=7, minutes=30),
    )
    assert "lewat 8 jam" in text_of(logged_in(officer).get(reverse("data_request", args=[made.pk])))


def test_deletion_is_confirmed_by_the_name_on_both_sides(as_owner, owner, officer, ikm):
    address = reverse("own_data_delete")
    assert "Data CV Rak Sendiri ikut dihapus" in text_of(as_owner.get(address))
    wrong = as_owner.post(address, {"name": "Sumirah"})
    assert (wrong.status_code, DataRequest.objects.count()) == (200, 0)
    as_owner.post(address, {"name": "sumirah wijaya"})
    made = DataRequest.objects.get()
    office = logged_in(officer)
    done_at = reverse("data_request_carry_out", args=[made.pk])
    assert "Hapus untuk selamanya" in text_of(office.get(done_at))
    office.post(done_at, {"name": "siapa"})
    assert User.objects.get(pk=owner.pk).is_active
    assert "Data sudah dihapus." in text_of(office.post(done_at, {"name": "Sumirah Wijaya"}, follow=True))
    assert not User.objects.get(pk=owner.pk).is_active
    assert office.get(done_at).status_code == 404


def test_the_workshop_alone(as_owner, owner, ikm):
    address = reverse("own_data_delete") + "?apa=usaha"
    assert "Hapus data CV Rak Sendiri?" in text_of(as_owner.get(address))
    as_owner.post(address, {"name": "CV Rak Sendiri", "text": "Tutup."})
    assert DataRequest.objects.get().organisation == ikm.organisation


def test_staff_ask_for_their_own_only(client, ikm):
    staff = offices.member(ikm.organisation, "Staf", "staff")
    logged_in(staff, client)
    assert client.get(reverse("own_data_delete") + "?apa=usaha").status_code == 404
    # Another works there too: the workshop does not go with the member of its staff.
    assert client.get(reverse("own_data_delete")).context["organisations"] == []


def test_a_deletion_is_refused_only_with_a_reason_and_never_done_by_the_answer(as_owner, owner, officer, ikm):
    made = data_requests.ask(kind="deletion", by=owner, subject="Sumirah")
    address = reverse("data_request", args=[made.pk])
    office = logged_in(officer)
    office.post(address, {"decision": "done", "answer": "x"})
    made.refresh_from_db()
    assert made.state == "open"
    office.post(address, {"decision": "refused", "answer": "Masih ada surat yang berjalan."})
    made.refresh_from_db()
    assert made.state == "refused"


def test_cancelling(as_owner, owner, officer):
    made = data_requests.ask(kind="deletion", by=owner)
    as_owner.post(reverse("data_request_cancel", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "cancelled"
    again = as_owner.post(reverse("data_request_cancel", args=[made.pk]), follow=True)
    assert "sudah dijawab" in text_of(again)


def test_strangers_see_no_request(as_owner, owner, officer, office):
    made = data_requests.ask(kind="deletion", by=owner)
    far = logged_in(offices.member(offices.office("32.04", name="Dinas Bandung"), "Jauh"))
    other = logged_in(offices.person("Lain"))
    for name in ("data_request", "data_request_carry_out"):
        assert far.get(reverse(name, args=[made.pk])).status_code == 404
        assert other.get(reverse(name, args=[made.pk])).status_code == 404
    assert other.post(reverse("data_request_cancel", args=[made.pk])).status_code == 404


def test_a_score_is_objected_to_with_its_need(as_owner, ikm, office):
    buyer = offices.person("Pembeli")
    company = offices.company(office, buyer=buyer, status="reviewed", name="PT Baja")
    need = opened(company, buyer)
    address = reverse("data_request_new", args=["periksa"]) + f"?kebutuhan={need.pk}"
    assert "Nilai untuk kebutuhan “Kontainer kantor”" in text_of(as_owner.get(address))
    as_owner.post(address, {"text": "Kapasitas saya 400."})
    made = DataRequest.objects.get()
    assert (made.kind, made.subject) == ("review", "Nilai untuk kebutuhan “Kontainer kantor”")
    assert made.url == reverse("matching:explain", args=[need.pk, ikm.pk])
    assert as_owner.get(reverse("data_request_new", args=["periksa"]) + "?kebutuhan=99999").status_code == 404
    assert as_owner.get(reverse("data_request_new", args=["lainnya"])).status_code == 404


def test_the_public_method_page_and_the_explanation_lead_to_a_person(client):
    assert reverse("data_request_new", args=["periksa"]) in text_of(client.get(reverse("matching:method")))


def test_the_privacy_page_promises_what_the_nightly_run_does(client):
    html = text_of(client.get(reverse("privacy")))
    assert [str(rule.words) for rule in RULES if str(rule.words) not in html] == []
