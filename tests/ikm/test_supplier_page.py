"""The page of a supplier: who sees what of it, reports about it, and what its owner keeps from the public."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import documents
from ikm import profiles, reports
from ikm.models import Certificate, Ikm, Product, Report
from ikm.visibility import SWITCHES
from tests import offices
from tests.browsers import logged_in
from tests.ikm.suppliers import leaks, market, tell_secrets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def cast():
    return market()


def at(ikm: Ikm, query: str = "") -> str:
    return reverse("ikm:supplier", args=[ikm.organisation.ref]) + query


# --- Who sees what


def test_everybody_sees_what_is_public_and_no_more(client, cast):
    page = client.get(at(cast.ikm))
    for shown in ("Rak gudang", "160\xa0pcs per bulan", "dari 200\xa0pcs", "SS400", "Siap dalam 14 hari"):
        assertContains(page, shown)
    for shown in (
        "2 mesin las CO2",
        "ISO 9001",
        "Berlaku sampai 3 Mei 2028",
        "12\xa0orang",
        "industri kecil",
        "2011",
    ):
        assertContains(page, shown)
    for hidden in ("QMS-777", "Pembuatan rak", "Pesanan terkecil", "Tersembunyi"):
        assertNotContains(page, hidden)
    assert leaks(page.content.decode()) == []


def test_the_place_is_told_down_to_the_district(client, cast):
    village = cast.ikm.organisation.area
    assertContains(client.get(at(cast.ikm)), f"Kecamatan {village.parent.name}")
    assertNotContains(client.get(at(cast.ikm)), f"{village.name}, Kecamatan")
    profiles.choose_hidden(cast.ikm, hidden=[])
    assertContains(client.get(at(cast.ikm)), f"{village.name}, Kecamatan")
    assertContains(client.get(at(cast.ikm)), "Jl. Tersembunyi No. 9")


def test_a_buyer_sees_numbers_and_conditions_but_no_contact(client, cast):
    logged_in(cast.buyer, client)
    page = client.get(at(cast.ikm))
    for shown in ("QMS-777", "Pembuatan rak", "Pesanan terkecil 5\xa0pcs"):
        assertContains(page, shown)
    assertContains(page, f"{reverse('industry:invite')}?ikm={cast.ikm.pk}")
    assertNotContains(page, "Tersembunyi")
    assert leaks(page.content.decode()) == []


def test_contacts_open_with_an_introduction_to_that_company_alone(client, cast):
    cast.introduce()
    logged_in(cast.colleague, client)
    page = client.get(at(cast.ikm))
    for shown in (
        "Haji Rahasia",
        "0812\xa09990\xa00011",
        "rahasia@contoh.example",
        "https://wa.me/6281299900011?text=",
    ):
        assertContains(page, shown)
    assertContains(page, "Jl. Tersembunyi No. 9")  # what is hidden is hidden from the public
    assertNotContains(page, "1234567890123")
    logged_in(cast.rival, client)
    assert leaks(client.get(at(cast.ikm)).content.decode()) == []


def test_another_workshop_sees_what_everybody_sees(client, cast):
    logged_in(cast.other.organisation.memberships.get().user, client)
    page = client.get(at(cast.ikm))
    assertNotContains(page, "QMS-777")
    assert leaks(page.content.decode()) == []


def test_an_officer_without_the_second_step_reads_as_a_stranger(client, cast):
    client.force_login(cast.officer)
    assertNotContains(client.get(at(cast.ikm)), "QMS-777")
    logged_in(cast.officer, client)
    assertContains(client.get(at(cast.ikm)), "QMS-777")


@pytest.mark.parametrize(
    ("circle", "number", "address"),
    [("umum", False, False), ("pembeli", True, False), ("kenal", True, True), ("", True, True)],
)
def test_own_people_look_at_the_page_as_others_do(client, cast, circle, number, address):
    logged_in(cast.owner, client)
    text = client.get(at(cast.ikm, f"?sebagai={circle}")).content.decode()
    assert ("QMS-777" in text, "Tersembunyi" in text) == (number, address)


def test_nobody_else_chooses_as_whom_to_look(client, cast):
    assertNotContains(client.get(at(cast.ikm, "?sebagai=kenal")), "Tersembunyi")


@pytest.mark.parametrize("field", SWITCHES)
def test_what_the_owner_hides_is_gone_for_everybody_but_own_people(client, cast, field):
    said = {
        "workers": "12\xa0orang",
        "investment_band": "Kurang dari Rp1 miliar",
        "year_founded": "2011",
        "address": "Jl. Tersembunyi",
        "machines": "2 mesin las CO2",
        "photos": "Foto Rak gudang",
    }[field]
    product = cast.ikm.products.get()
    product.photo = documents.store(picture(), organisation=cast.ikm.organisation, by=cast.owner)
    product.save()
    profiles.choose_hidden(cast.ikm, hidden=[])
    assertContains(client.get(at(cast.ikm)), said)
    profiles.choose_hidden(cast.ikm, hidden=[field])
    assertNotContains(client.get(at(cast.ikm)), said)
    logged_in(cast.buyer, client)
    assertNotContains(client.get(at(cast.ikm)), said)
    logged_in(cast.owner, client)
    assertContains(client.get(at(cast.ikm)), said)


def test_rejected_facts_are_seen_by_own_people_alone(client, cast):
    day = timezone.localdate()
    Certificate.objects.update(evidence="rejected", checked_on=day)
    assertNotContains(client.get(at(cast.ikm)), "ISO 9001")
    logged_in(cast.owner, client)
    assertContains(client.get(at(cast.ikm)), "ISO 9001")


def test_what_is_proven_and_how_fresh_it_is_stands_on_top(client, cast):
    Product.objects.filter(ikm=cast.ikm).update(
        evidence="verified", method="visit", checked_on=timezone.localdate()
    )
    page = client.get(at(cast.ikm))
    assertContains(page, "<strong>1 dari 4</strong> hal terperiksa Dinas")
    assertContains(page, "terperiksa · kunjungan, 24 November 2026")
    assertContains(page, "dipastikan 10 November 2026")
    Ikm.objects.filter(pk=cast.ikm.pk).update(confirmed_on="2026-03-01")
    assertContains(client.get(at(cast.ikm)), "dipastikan 1 Maret 2026 (8 bulan lalu)")
    Ikm.objects.filter(pk=cast.ikm.pk).update(confirmed_on="2025-03-01")
    assertContains(client.get(at(cast.ikm)), "lebih dari setahun, jadi tidak lagi dicocokkan")


# --- Which workshop


def test_what_is_not_published_is_there_for_own_people_and_the_office_alone(client, cast):
    Ikm.objects.filter(pk=cast.ikm.pk).update(status="returned")
    assert client.get(at(cast.ikm)).status_code == 404
    for user, status in ((cast.buyer, 404), (cast.owner, 200), (cast.officer, 200)):
        logged_in(user, client)
        assert client.get(at(cast.ikm)).status_code == status
    assertContains(client.get(at(cast.ikm)), "belum tampil umum")


def test_a_merged_profile_leads_to_the_one_that_goes_on(client, cast):
    Ikm.objects.filter(pk=cast.other.pk).update(merged_into=cast.ikm)
    assertRedirects(client.get(at(cast.other)), at(cast.ikm, f"?no={cast.ikm.pk}"))


def test_two_offices_may_use_one_reference(client, cast):
    far = offices.office("36.73", name="Dinas Serang")
    same = offices.workshop(far, status="approved", name="CV Serang", area="36.73")
    type(same.organisation).objects.filter(pk=same.organisation_id).update(ref=cast.ikm.organisation.ref)
    page = client.get(at(cast.ikm))
    assertContains(page, "Pemasok yang mana?")
    assertContains(client.get(at(cast.ikm, f"?no={same.pk}")), "<h1>CV Serang</h1>", html=True)
    for odd in ("?no=x", "?no=999999999999999999999"):
        assertContains(client.get(at(cast.ikm, odd)), "Pemasok yang mana?")


@pytest.mark.parametrize("ref", ["IKM/2024/001", "a b", "ü%?#"])
def test_a_reference_may_hold_any_sign(client, cast, ref):
    type(cast.ikm.organisation).objects.filter(pk=cast.ikm.organisation_id).update(ref=ref)
    assertContains(client.get(reverse("ikm:supplier", args=[ref])), "CV Rak Baja Citangkil")


@pytest.mark.parametrize("products", [1, 3])
def test_the_page_asks_as_much_for_three_products_as_for_one(
    client, cast, products, django_assert_max_num_queries
):
    for number in range(1, products):
        Product.objects.create(ikm=cast.ikm, name=f"P{number}", category_id="cangkul", unit_id="pcs")
        cast.ikm.certificates.create(kind_id="iso-14001", number=str(number))
    cast.introduce()
    logged_in(cast.buyer, client)
    with django_assert_max_num_queries(11):
        client.get(at(cast.ikm))


# --- Pictures


def picture() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return SimpleUploadedFile("foto.jpg", data.getvalue(), "image/jpeg")


def test_a_picture_of_a_product_is_public_unless_its_owner_says_otherwise(client, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    product = cast.ikm.products.get()
    product.photo = documents.store(picture(), organisation=cast.ikm.organisation, by=cast.owner)
    product.save()
    address = reverse("ikm:product_photo", args=[cast.ikm.pk, product.pk])

    def status():
        answer = client.get(address)
        return answer.status_code, b"".join(answer) != b""

    assert status() == (200, True)
    profiles.choose_hidden(cast.ikm, hidden=["photos"])
    assert client.get(address).status_code == 404
    logged_in(cast.buyer, client)
    assert client.get(address).status_code == 404
    cast.introduce()
    assert status() == (200, True)
    logged_in(cast.owner, client)
    assert status() == (200, True)


# --- Reports


def report(client, ikm, **said):
    return client.post(reverse("ikm:report", args=[ikm.pk]), {"kind": "moved", "text": "Ke Merak."} | said)


def test_anybody_reports_and_the_office_settles(client, cast):
    assertRedirects(report(client, cast.ikm), at(cast.ikm))
    told = Report.objects.get()
    assert (told.ikm, told.kind, told.text, told.reported_by) == (cast.ikm, "moved", "Ke Merak.", None)
    logged_in(cast.officer, client)
    page = client.get(reverse("queue") + "?jenis=laporan")
    address = reverse("ikm:reported", args=[told.pk])
    assertContains(page, address)
    assertContains(client.get(address), "Ke Merak.")
    assertContains(client.post(address, {"outcome": " "}), "error-summary")
    client.post(address, {"outcome": "Pemilik ditelepon; alamat diperbaiki."})
    told.refresh_from_db()
    assert (told.settled_by, told.outcome) == (cast.officer, "Pemilik ditelepon; alamat diperbaiki.")
    assertNotContains(client.get(reverse("queue") + "?jenis=laporan"), address)
    assertContains(client.get(address), "laporan selesai")


def test_the_first_word_of_the_office_stands(client, cast):
    told = reports.report(cast.ikm, kind="closed", by=cast.buyer)
    reports.settle(told, outcome="Masih buka.", by=offices.member(cast.office, "Budi"))
    logged_in(cast.officer, client)
    page = client.post(reverse("ikm:reported", args=[told.pk]), {"outcome": "Lain."}, follow=True)
    assertContains(page, "Petugas lain sudah menangani laporan ini.")
    assertContains(page, "Masih buka.")
    with pytest.raises(ValueError, match="words"):
        reports.settle(told, outcome=" ", by=cast.officer)


def test_who_reports_is_seen_by_the_office_alone(client, cast):
    told = reports.report(cast.ikm, kind="closed", by=cast.buyer)
    far = offices.member(offices.office("36.73", name="Dinas Serang"), "Cica")
    for user, status in ((cast.owner, 404), (cast.buyer, 404), (far, 404), (cast.officer, 200)):
        logged_in(user, client)
        assert client.get(reverse("ikm:reported", args=[told.pk])).status_code == status


def test_the_same_report_is_one_while_it_waits(client, cast):
    for _time in range(2):
        report(client, cast.ikm)
    report(client, cast.ikm, text="Lain.")
    assert Report.objects.count() == 2
    reports.settle(Report.objects.first(), outcome="Sudah.", by=cast.officer)
    report(client, cast.ikm)
    assert Report.objects.count() == 3


def test_too_many_reports_are_refused_with_the_wait(client, cast):
    for number in range(10):
        assert report(client, cast.ikm, text=str(number)).status_code == 302
    assert report(client, cast.ikm, text="satu lagi").status_code == 429
    logged_in(cast.buyer, client)
    assert report(client, cast.ikm, text="dari yang masuk").status_code == 302


def test_what_is_not_published_is_not_reported(client, cast):
    Ikm.objects.filter(pk=cast.ikm.pk).update(status="returned")
    assert report(client, cast.ikm).status_code == 404


def test_the_database_refuses_a_report_that_is_half_settled(cast):
    told = reports.report(cast.ikm, kind="closed", by=None)
    for half in ({"outcome": "Ya"}, {"settled_at": timezone.now(), "settled_by": cast.officer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=told.pk).update(**half)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(ikm=cast.ikm, kind="closed")


# --- What the owner shows


def test_the_owner_chooses_and_sees_the_page_as_others_do(client, cast):
    logged_in(cast.owner, client)
    address = reverse("ikm:visible", args=[cast.ikm.pk])
    assertContains(client.get(address), "checked", count=len(SWITCHES) - 1)  # the address is hidden at first
    answer = client.post(address, {"shown": ["workers", "address"]}, follow=True)
    assert set(Ikm.objects.get(pk=cast.ikm.pk).hidden_fields) == set(SWITCHES) - {"workers", "address"}
    assertContains(answer, "Begini orang lain melihat usaha ini.")
    assertContains(answer, "Jl. Tersembunyi")
    assertNotContains(answer, "2 mesin las CO2")
    assertContains(client.post(address, {"shown": ["nib"]}), "error-summary")


def test_strangers_choose_nothing(client, cast):
    address = reverse("ikm:visible", args=[cast.ikm.pk])
    for user in (cast.buyer, cast.other.organisation.memberships.get().user):
        logged_in(user, client)
        assert (client.get(address).status_code, client.post(address, {}).status_code) == (404, 404)


def test_the_database_knows_what_may_be_hidden(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Ikm.objects.filter(pk=cast.ikm.pk).update(hidden_fields=["name"])


def test_the_profile_leads_to_its_public_page(client, cast):
    logged_in(cast.owner, client)
    assertContains(client.get(reverse("ikm:workshop", args=[cast.ikm.pk])), at(cast.ikm))
    contact = reverse("ikm:section", args=[cast.ikm.pk, "contact"])
    for address in (at(cast.ikm), contact):
        assertContains(client.get(address), reverse("ikm:visible", args=[cast.ikm.pk]))


def test_secrets_of_this_test_are_where_they_belong(cast):
    """Else the tests above would find nothing, whatever leaks."""
    organisation = offices.workshop(cast.office, name="Lain").organisation
    tell_secrets(organisation)
    said = " ".join(str(getattr(organisation, field.attname)) for field in organisation._meta.fields)
    assert set(leaks(said)) >= {"81299900011", "254777123", "Haji Rahasia", "1234567890123"}
