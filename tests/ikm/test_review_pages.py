"""The officers' pages of workshops, as the browser meets them: what is kept, refused and why, and at what cost."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.history import acting_as
from accounts.models import Notification
from ikm import reviews
from ikm.models import Ikm, Product, Review, Visit
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
def budi(office):
    return offices.member(office, "Budi")


@pytest.fixture
def ikm(office):
    return offices.workshop(office)


@pytest.fixture
def as_ani(client, ani):
    logged_in(ani, client)
    return client


def url(ikm: Ikm) -> str:
    return reverse("ikm:review", args=[ikm.pk])


def filled(response, **said) -> dict:
    """What a browser sends back from that page: its hidden fields, and `said` (product_found → product-7-found)."""
    page = response.context["page"]
    data = {"version": str(page.version), "opened": response.context["opened"], "action": "check"}
    keys = {row.key.partition("-")[0]: row.key for row in page.rows}
    data |= {f"{row.key}-seen": row.fingerprint for row in page.rows if row.fields}
    for name, value in said.items():
        noun, _, field = name.partition("_")
        data[f"{keys[noun]}-{field}" if noun in keys else name] = value
    return data


PRODUCT = {
    "product_found": "verified",
    "product_thing": "on",
    "product_capacity": "on",
    "product_method": "record",
}


# --- Who


def test_three_people(client, ikm, office, ani):
    stranger = offices.member(offices.office("32.04", name="Dinas Bandung"), "Susi")
    owner = ikm.entered_by
    for user, status in [(ani, 200), (stranger, 404), (owner, 404)]:
        logged_in(user, client)
        assert client.get(url(ikm)).status_code == status
        assert client.post(url(ikm), {"action": "approve"}).status_code == (409 if user == ani else 404)
    client.logout()
    assert client.get(url(ikm)).status_code == 302


@pytest.mark.parametrize("name", ["ikm:of_the_office", "ikm:register_for_owner"])
def test_the_other_pages_are_for_officers(client, ikm, ani, name):
    for user, status in [(ani, 200), (ikm.entered_by, 404)]:
        logged_in(user, client)
        assert client.get(reverse(name)).status_code == status


# --- The page


def test_many_facts_and_the_approval_in_one_submit(as_ani, ikm):
    page = as_ani.get(url(ikm))
    said = PRODUCT | {"ikm_found": "verified", "process_found": "rejected", "certificate_found": "verified"}
    data = filled(page, **said, method="visit", visited_on=timezone.localdate().isoformat(), action="approve")
    answer = as_ani.post(url(ikm), data)

    assert (answer.status_code, answer.url) == (302, reverse("queue"))
    ikm = Ikm.objects.get(pk=ikm.pk)
    found = [ikm, ikm.products.get(), ikm.processes.get(), ikm.certificates.get()]
    assert [(fact.evidence, fact.method) for fact in found] == [
        ("verified", "visit"),
        ("verified", "record"),
        ("rejected", ""),
        ("verified", "visit"),
    ]
    assert (ikm.status, Visit.objects.count(), Notification.objects.count()) == ("approved", 1, 1)


def test_nothing_chosen_changes_nothing(as_ani, ikm):
    answer = as_ani.post(url(ikm), filled(as_ani.get(url(ikm))))
    assert answer.status_code == 302
    assert ikm.products.get().evidence == "claimed"
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("said", "field", "word"),
    [
        ({"product_capacity": ""}, "product_capacity", "Centang keduanya"),
        ({"product_thing": ""}, "product_thing", "Centang keduanya"),
        ({"product_method": ""}, "product_method", "Pilih cara memeriksanya"),
        ({"product_method": "visit"}, "visited_on", "Isi tanggal kunjungannya"),
        ({"product_found": ""}, "product_found", "Anda mencentang keduanya"),
        ({"product_found": "perhaps"}, "product_found", ""),
        ({"visited_on": "2099-01-01"}, "visited_on", "Paling akhir"),
        ({"note": "a" * 2001}, "note", "Terlalu panjang"),
        ({"note": "a\x07b"}, "note", "tidak dapat dicetak"),
    ],
)
def test_an_error_keeps_everything(as_ani, ikm, said, field, word):
    data = filled(as_ani.get(url(ikm)), **(PRODUCT | {"remark-size": "Berapa pekerja?"} | said))
    answer = as_ani.post(url(ikm), data)
    assert answer.status_code == 422
    form = answer.context["form"]
    name = field.replace("product_", f"product-{ikm.products.get().pk}-")
    assert [name] == list(form.errors)
    assert word in form.errors[name][0]
    assert form["remark-size"].value() == "Berapa pekerja?"
    assert "Kesalahan:" in answer.content.decode()
    assert ikm.products.get().evidence == "claimed"


def test_a_product_without_capacity_is_not_proven(as_ani, ikm):
    ikm.products.update(capacity_per_month=None)
    answer = as_ani.post(url(ikm), filled(as_ani.get(url(ikm)), **PRODUCT))
    assert answer.status_code == 422
    assert "Kapasitas belum diisi" in answer.content.decode()


def test_returning_needs_a_remark_and_keeps_it(as_ani, ikm):
    page = as_ani.get(url(ikm))
    refused = as_ani.post(url(ikm), filled(page, action="return"))
    assert refused.status_code == 422
    answer = as_ani.post(url(ikm), filled(page, action="return", **{"remark-size": "Berapa pekerja?"}))
    assert answer.status_code == 302
    assert Review.objects.get().remarks == {"size": "Berapa pekerja?"}


def test_own_entries_are_shown_with_the_reason_and_not_offered(as_ani, ikm, ani):
    ikm.processes.update(changed_by=ani)
    page = as_ani.get(url(ikm))
    html = page.content.decode()
    assert "Anda yang terakhir mengubahnya; petugas lain harus memeriksa." in html
    assert f'name="process-{ikm.processes.get().pk}-found"' not in html
    assert 'value="approve"' not in html
    # Sent nevertheless, it is refused: nothing of it is stored.
    data = filled(page, action="approve") | {f"process-{ikm.processes.get().pk}-found": "verified"}
    assert as_ani.post(url(ikm), data).status_code == 409
    assert as_ani.post(url(ikm), filled(page, action="approve")).status_code == 403
    assert Ikm.objects.get(pk=ikm.pk).status == "submitted"


def test_a_changed_verified_fact_is_marked_with_before_and_after(as_ani, ikm, office, budi):
    product = ikm.products.get()
    reviews.check_facts(ikm, by=budi, office=office, decisions={product: ("verified", "visit")})
    Product.objects.filter(pk=product.pk).update(
        capacity_per_month=250, evidence="claimed", method="", checked_by=None, checked_on=None
    )
    html = as_ani.get(url(ikm)).content.decode()
    assert "diubah sejak diperiksa" in html
    assert "<del>200</del> → <ins>250</ins>" in html


# --- Stale tabs


def test_a_fact_changed_since_is_409_and_keeps_what_was_ticked(as_ani, ikm):
    page = as_ani.get(url(ikm))
    with acting_as(str(ikm.entered_by_id)):
        Product.objects.update(capacity_per_month=250)
    data = filled(page, **PRODUCT, **{"remark-size": "Berapa pekerja?"})
    answer = as_ani.post(url(ikm), data)

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "<del>200</del> → <ins>250</ins>" in html
    assert "berubah sejak Anda membuka halaman" in html
    key = f"product-{ikm.products.get().pk}"
    form = answer.context["form"]
    assert [form[name].value() for name in (f"{key}-found", f"{key}-method", "remark-size")] == [
        "verified",
        "record",
        "Berapa pekerja?",
    ]
    assert ikm.products.get().evidence == "claimed"
    # The same form, sent again from the new page, is taken.
    again = as_ani.post(url(ikm), filled(answer, **PRODUCT))
    assert again.status_code == 302
    assert ikm.products.get().evidence == "verified"


def test_another_officer_was_quicker(as_ani, ikm, office, budi):
    page = as_ani.get(url(ikm))
    with acting_as(str(budi.pk)):
        reviews.approve(ikm, by=budi, office=office)
    answer = as_ani.post(url(ikm), filled(page, action="approve"))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Tinjauan: disetujui" in html
    assert "Budi" in html
    assert (Review.objects.count(), Notification.objects.count()) == (1, 1)


def test_a_double_submit_has_one_effect(as_ani, ikm):
    data = filled(as_ani.get(url(ikm)), **PRODUCT, action="approve")
    assert [as_ani.post(url(ikm), data).status_code for _ in range(2)] == [302, 409]
    assert (Review.objects.count(), Notification.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": "approve"},
        {"action": "approve", "version": "x", "opened": "yesterday"},
        {"product-999-found": "verified", "product-999-seen": "x"},
        {"action": "approve", "opened": "2026-13-45T99:99"},
    ],
)
def test_what_no_page_sends(as_ani, ikm, data):
    answer = as_ani.post(url(ikm), data)
    assert answer.status_code == (409 if data else 302)
    assert ikm.products.get().evidence == "claimed"


def test_what_changed_after_approval_can_be_marked_as_seen(as_ani, ikm, office, budi):
    reviews.approve(ikm, by=budi, office=office)
    ikm.products.update(changed_at=timezone.now())
    page = as_ani.get(url(ikm))
    assert "1 hal berubah" in page.content.decode()
    assert as_ani.post(url(ikm), filled(page, action="seen")).status_code == 302
    assert "1 hal berubah" not in as_ani.get(url(ikm)).content.decode()


def test_the_history_is_at_the_end(as_ani, ikm):
    with acting_as(str(ikm.entered_by_id)):
        Product.objects.update(name="Rak palet")
    html = as_ani.get(url(ikm)).content.decode()
    assert "<del>Rak gudang</del> → <ins>Rak palet</ins>" in html[html.index('id="riwayat"') :]


@pytest.mark.parametrize("facts", [1, 3])
def test_statements_do_not_grow_with_facts(as_ani, ikm, django_assert_max_num_queries, facts):
    for process in ["tekuk-pelat", "tekuk-pipa"][: facts - 1]:
        with acting_as(str(ikm.entered_by_id)):
            offices.add_facts(ikm, by=ikm.entered_by, process=process)
    with django_assert_max_num_queries(12):
        assert as_ani.get(url(ikm)).status_code == 200


# --- The list


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_does_not_ask_more_for_more_rows(as_ani, office, django_assert_max_num_queries, rows):
    for number in range(rows):
        offices.workshop(office, name=f"Bengkel {number}")
    with django_assert_max_num_queries(12):
        page = as_ani.get(reverse("ikm:of_the_office"))
    assert [ikm.organisation.name for ikm in page.context["page"]] == [f"Bengkel {n}" for n in range(rows)]


def test_the_list_filters_and_sorts(as_ani, office, ikm):
    offices.workshop(office, name="UD Pagar", status="draft", area="36.72.01", facts=False)
    offices.workshop(offices.office("32.04", name="Lain"), name="Di luar")

    def names(query: str) -> list[str]:
        page = as_ani.get(reverse("ikm:of_the_office") + query).context["page"]
        return [each.organisation.name for each in page]

    mine, other = ikm.organisation.name, "UD Pagar"
    assert names("") == [mine, other]
    assert names("?urut=-nama") == [other, mine]
    assert names("?status=draft") == [other]
    assert names("?q=pagar") == [other]
    assert names("?wilayah=36.72.03") == [mine]
    assert names("?bukti=menunggu") == [mine]
    assert names("?bukti=lengkap") == [other]
    assert names("?kelompok=logam-lainnya") == [mine]
    assert names("?urut=drop+table&status=x") == [mine, other]


# --- Registering for an owner


FORM = {
    "name": "Bengkel Las Pak Hasan",
    "area": "36.72.03",
    "area_kata": "Kecamatan Citangkil",
    "area_untuk": "Kecamatan Citangkil",
    "contact_name": "Hasan",
    "whatsapp": "0812 3456 7890",
}


def test_an_officer_registers_and_goes_on_for_the_owner(as_ani, ani, office):
    answer = as_ani.post(reverse("ikm:register_for_owner"), FORM)
    ikm = Ikm.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("ikm:workshop", args=[ikm.pk]))
    assert (ikm.status, ikm.entered_by, ikm.organisation.reviewing_office) == ("draft", ani, office)
    assert (ikm.organisation.contact_name, ikm.organisation.whatsapp) == ("Hasan", "+6281234567890")
    assert not ikm.organisation.memberships.exists()


def test_a_profile_that_exists_is_shown_first(as_ani, office):
    existing = offices.workshop(office, name="CV Las Hasan", status="approved")
    existing.organisation.whatsapp = "+6281234567890"
    existing.organisation.save()
    answer = as_ani.post(reverse("ikm:register_for_owner"), FORM)
    assert answer.status_code == 200
    assert url(existing) in answer.content.decode()
    assert Ikm.objects.count() == 1
    typed = dict(answer.context["typed"]) | {"is_new": "on"}
    assert as_ani.post(reverse("ikm:register_for_owner"), typed).status_code == 302
    assert Ikm.objects.count() == 2


def test_a_workshop_of_another_area_is_for_its_own_office(as_ani):
    offices.office("32.04", name="Dinas Bandung")
    answer = as_ani.post(
        reverse("ikm:register_for_owner"),
        FORM | {"area": "32.04", "area_kata": "Bandung", "area_untuk": "Bandung"},
    )
    assert answer.status_code == 422
    assert "Dinas Bandung" in answer.content.decode()
    assert not Ikm.objects.exists()


def test_what_officer_a_entered_a_alone_cannot_approve_b_can(client, ani, budi, office):
    logged_in(ani, client)
    client.post(reverse("ikm:register_for_owner"), FORM)
    ikm = Ikm.objects.get()
    with acting_as(str(ani.pk)):
        offices.add_facts(ikm, by=ani)
    Ikm.objects.filter(pk=ikm.pk).update(status="submitted", submitted_at=timezone.now(), submitted_by=ani)
    page = client.get(url(ikm))
    assert 'value="approve"' not in page.content.decode()
    assert client.post(url(ikm), filled(page, action="approve")).status_code == 403

    logged_in(budi, client)
    page = client.get(url(ikm))
    assert client.post(url(ikm), filled(page, **PRODUCT, action="approve")).status_code == 302
    ikm = Ikm.objects.get()
    assert (ikm.status, ikm.products.get().evidence) == ("approved", "verified")
