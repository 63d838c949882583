"""Products, processes and certificates as their owner enters them: found by everyday words, kept, taken back."""

import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Document
from ikm.models import Ikm, Product
from tests import offices
from tests.browsers import logged_in
from tests.ikm.people import around_a_workshop
from tests.ikm.test_owner_pages import at, reload, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people(client):
    people = around_a_workshop(status="draft", legal_form="CV", facts=False)
    client.force_login(people.owner)
    return people


def picture(name="foto.jpg", size=(40, 30)):
    data = io.BytesIO()
    Image.new("RGB", size, "red").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def offer(people, name="Kanal C", *, category="kanal-c-baja-ringan", unit="batang", **fields):
    return Product.objects.create(
        ikm=people.ikm, name=name, category_id=category, unit_id=unit, changed_by=people.owner, **fields
    )


def fetched(client, address):
    """(status, type, whether anything came) of a file."""
    response = client.get(address)
    came = b"".join(response.streaming_content) if response.streaming else b""
    return response.status_code, response["Content-Type"], bool(came)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


REN = {
    "category": "reng-baja-ringan",
    "name": "Reng 30",
    "unit": "batang",
    "capacity_per_month": "12.000",
    "committed_per_month": "4.000",
}


# --- Finding the word


def test_without_a_product_the_section_begins_with_the_first_question(client, people):
    assertRedirects(client.get(at("section", people, "products")), at("product_new", people))


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("reng galvalum", "reng-baja-ringan"),
        ("pacul", "cangkul"),
        ("las tekuk", "jasa-tekuk-rol"),
        ("bubud", "jasa-bubut"),
    ],
)
def test_everyday_words_lead_to_the_category(client, people, words, slug):
    page = client.get(at("product_new", people), {"q": words})
    assertContains(page, f"{at('product_new', people)}?kategori={slug}")


def test_words_that_resemble_nothing_offer_the_families(client, people):
    page = client.get(at("product_new", people), {"q": "zzzqqq"})
    assertContains(page, "Tidak ada yang mirip. Kelompok mana yang terdekat?")
    assertContains(page, "zzzqqq")


def test_the_swapped_part_is_what_the_page_itself_draws(client, people):
    address, query = at("product_new", people), {"q": "roler"}
    part = client.get(address, query, headers={"HX-Request": "true"}).content.decode()
    assert " ".join(part.split()) in " ".join(client.get(address, query).content.decode().split())


@pytest.mark.parametrize("slug", ["tidak-ada", "baja-ringan", "' OR 1=1", "x" * 10_000])
def test_a_word_that_is_no_family_or_item_is_not_found(client, people, slug):
    assert client.get(at("product_new", people), {"kategori": slug}).status_code == 404
    assert client.post(at("product_new", people), REN | {"category": slug}).status_code == 404


def test_name_and_unit_stand_there_already(client, people):
    page = client.get(at("product_new", people), {"kategori": "kanal-c-baja-ringan"})
    assertContains(page, 'value="Kanal C Baja Ringan"')
    assertContains(page, '<option value="batang" selected>')


# --- Numbers


def test_a_product_is_saved_and_said_in_words(client, people):
    page = client.get(at("product_new", people), {"kategori": "reng-baja-ringan"})
    response = client.post(at("product_new", people), REN | {"ref": hidden(page, "ref")})
    product = people.ikm.products.get()
    assertRedirects(response, at("product_details", people, product.pk) + "?baru=1")
    assert (product.name, product.unit_id, product.capacity_per_month) == (
        "Reng 30",
        "batang",
        Decimal(12000),
    )
    page = client.get(response["Location"])
    assertContains(page, "dua belas ribu batang")
    assertContains(page, "bebas 8.000\u00a0batang per bulan")


def test_a_double_click_is_one_product(client, people):
    page = client.get(at("product_new", people), {"kategori": "reng-baja-ringan"})
    for _ in range(2):
        client.post(at("product_new", people), REN | {"ref": hidden(page, "ref")})
    assert people.ikm.products.count() == 1


def test_the_unit_may_be_typed_behind_the_number(client, people):
    client.post(at("product_new", people), REN | {"capacity_per_month": "12.000 batang/bulan"})
    assert people.ikm.products.get().capacity_per_month == 12000


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"capacity_per_month": "1,250"}, "bisa berarti 1.250 atau 1,25"),
        ({"capacity_per_month": "0"}, "Harus lebih dari 0."),
        ({"capacity_per_month": "-5"}, "Angka tidak boleh kurang dari 0."),
        ({"capacity_per_month": "99999999999999"}, "Paling besar"),
        ({"capacity_per_month": "5 ton"}, "dalam batang, bukan ton"),
        ({"committed_per_month": "12.001"}, "lebih banyak daripada kesanggupan (12.000)"),
        ({"name": ""}, "Bagian ini belum diisi."),
        ({"name": "x" * 10_000}, "Paling banyak 160 huruf."),
        ({"unit": "hasta"}, "Satuan itu tidak ada dalam daftar."),
        ({"unit": ""}, "Pilih satuannya."),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_saved(client, people, typed, message):
    page = client.post(at("product_new", people), REN | typed)
    assertContains(page, message)
    assert not people.ikm.products.exists()


def test_an_empty_capacity_is_allowed_and_named(client, people):
    client.post(at("product_new", people), REN | {"capacity_per_month": "", "committed_per_month": ""})
    assert people.ikm.products.get().capacity_per_month is None
    assertContains(client.get(at("section", people, "products")), "Kesanggupan belum diisi")


def test_a_stale_tab_sees_both_numbers(client, people):
    product = offer(people, capacity_per_month=9000)
    address = at("product", people, product.pk)
    seen = hidden(client.get(address), "seen")
    Product.objects.filter(pk=product.pk).update(capacity_per_month=8000)
    answers = {"seen": seen, "category": product.category_id, "name": product.name, "unit": "batang"}
    late = client.post(address, answers | {"capacity_per_month": "7.000"})
    assertContains(late, "8.000", status_code=409)
    assertContains(late, 'value="7.000"', status_code=409)
    assert reload(product).capacity_per_month == 8000


def test_another_category_is_a_question_and_then_an_answer(client, people):
    product = offer(people)
    page = client.get(at("product_category", people, product.pk), {"q": "reng"})
    address = at("product", people, product.pk)
    assertContains(page, f"{address}?kategori=reng-baja-ringan")
    page = client.get(address, {"kategori": "reng-baja-ringan"})
    answers = {"seen": hidden(page, "seen"), "name": "Reng", "unit": "batang"}
    assert reload(product).category_id == "kanal-c-baja-ringan"
    client.post(address, answers | {"category": hidden(page, "category")})
    assert reload(product).category_id == "reng-baja-ringan"


# --- Details


def test_the_typical_weight_is_a_question_and_never_taken_silently(client, people):
    product = offer(people)
    address = at("product_details", people, product.pk)
    page = client.get(address)
    assertContains(page, "Satu batang biasanya sekitar 5,5\u00a0kg. Benar?")
    assertNotContains(page, "checked")
    sent(client, address, {"lead_time_days": "7"})
    assert (reload(product).unit_mass_kg, reload(product).lead_time_days) == (None, 7)
    sent(client, address, {"weight": "typical"})
    assert reload(product).unit_mass_kg == Decimal("5.5")
    sent(client, address, {"weight": "other", "unit_mass_kg": "5,4"})
    assert reload(product).unit_mass_kg == Decimal("5.4")
    sent(client, address, {"weight": "unknown", "unit_mass_kg": "5,4"})
    assert reload(product).unit_mass_kg is None


def test_weight_is_not_asked_of_kilograms_and_hours(client, people):
    for unit in ("kg", "jam-mesin"):
        product = offer(people, unit, unit=unit)
        assertNotContains(client.get(at("product_details", people, product.pk)), "unit_mass_kg")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"weight": "other"}, "Tulis beratnya dalam kilogram."),
        ({"weight": "other", "unit_mass_kg": "0"}, "Harus lebih dari 0"),
        ({"weight": "semua"}, "semua"),
        ({"lead_time_days": "3651"}, "Paling besar 3.650."),
        ({"lead_time_days": "1,5"}, "Tulis bilangan bulat"),
        ({"min_order": "-1"}, "Angka tidak boleh kurang dari 0."),
        ({"material": "x" * 161}, "Paling banyak 160 huruf."),
        ({"same_hands": "999999"}, "999999"),
    ],
)
def test_refused_details_are_said(client, people, typed, message):
    product = offer(people)
    offer(people, "Reng")
    page = sent(client, at("product_details", people, product.pk), typed)
    assertContains(page, message)
    assertContains(page, "error-summary")


def test_shared_hands_are_asked_by_name_and_kept(client, people):
    kanal, reng = offer(people, capacity_per_month=100), offer(people, "Reng")
    foreign = Product.objects.create(
        ikm=Ikm.objects.exclude(pk=people.ikm.pk).get(), name="Asing", category_id="cangkul", unit_id="pcs"
    )
    address = at("product_details", people, reng.pk)
    assertContains(client.get(address), "Kanal C")
    assertNotContains(client.get(address), "Asing")
    assertContains(sent(client, address, {"same_hands": str(foreign.pk)}), "error-summary")
    sent(client, address, {"same_hands": str(kanal.pk)})
    assert (reload(kanal).pool, reload(reng).pool) == ("A", "A")
    hollow = offer(people, "Hollow")
    page = client.get(at("product_details", people, hollow.pk))
    assertContains(page, "Kanal C dan Reng")
    sent(client, at("product_details", people, hollow.pk), {"same_hands": f"{kanal.pk},{reng.pk}"})
    assert reload(hollow).pool == "A"


def test_a_picture_is_kept_shown_and_removed(client, people):
    product = offer(people)
    address = at("product_details", people, product.pk)
    sent(client, address, {"photo": picture()})
    whole, small = (
        at("product_photo", people, product.pk),
        at("product_photo", people, product.pk, query="?kecil"),
    )
    assert fetched(client, whole) == fetched(client, small) == (200, "image/jpeg", True)
    client.force_login(people.stranger)
    assert client.get(whole).status_code == 404
    published = {
        "submitted_at": offices.SUBMITTED_AT,
        "approved_at": offices.SUBMITTED_AT,
        "confirmed_on": "2026-11-10",
    }
    Ikm.objects.filter(pk=people.ikm.pk).update(status="approved", **published)
    assert fetched(client, whole)[0] == 200
    client.force_login(people.owner)
    sent(client, address, {"drop_photo": "on"})
    assert reload(product).photo is None


def test_a_file_that_is_no_picture_is_refused_and_nothing_else_is_saved(client, people):
    product = offer(people)
    page = sent(
        client,
        at("product_details", people, product.pk),
        {"photo": SimpleUploadedFile("foto.jpg", b"<script>", "image/jpeg"), "lead_time_days": "9"},
    )
    assertContains(page, "bukan JPEG, PNG, WebP atau PDF")
    assertContains(page, 'value="9"')
    assert (reload(product).lead_time_days, Document.objects.count()) == (None, 0)


def test_another_product_follows_or_the_next_section(client, people):
    product = offer(people)
    address = at("product_details", people, product.pk)
    assertRedirects(sent(client, address, {"baru": "1", "simpan": "lagi"}), at("product_new", people))
    assertRedirects(sent(client, address, {"baru": "1"}), at("section", people, "processes"))
    assertRedirects(sent(client, address, {}), at("section", people, "products"))


def test_removed_by_its_name_and_taken_back(client, people):
    product = offer(people)
    assertContains(client.get(at("product_retire", people, product.pk)), "Hapus Kanal C?")
    assertRedirects(client.post(at("product_retire", people, product.pk)), at("section", people, "products"))
    assert client.get(at("product", people, product.pk)).status_code == 404
    assertContains(client.get(at("section", people, "products")), "Tawarkan lagi")
    client.post(at("product_restore", people, product.pk))
    assert reload(product).retired_at is None


# --- Processes


def test_suggestions_stand_unticked_and_search_adds_more(client, people):
    offer(people, category="cangkul", unit="pcs")
    address = at("section", people, "processes")
    page = client.get(address)
    assertContains(page, 'value="tempa-mesin"')
    assertNotContains(page, "checked")
    page = client.post(
        address, {"q": "las argon", "cari": "1", "held": ["tempa-mesin"], "asked": ["tempa-mesin"]}
    )
    assertContains(page, 'value="las-gtaw"')
    assert re.search(r'value="tempa-mesin"[^>]* checked', page.content.decode())
    assert not people.ikm.processes.exists()
    client.post(
        address, {"held": ["tempa-mesin", "las-gtaw"], "asked": ["tempa-mesin", "las-gtaw", "asah-poles"]}
    )
    assert set(people.ikm.processes.values_list("process", flat=True)) == {"tempa-mesin", "las-gtaw"}


def test_what_was_ticked_stays_ticked_through_a_second_search(client, people):
    address = at("section", people, "processes")
    page = client.post(address, {"q": "gergaji", "cari": "1", "held": ["las-gtaw"], "asked": ["las-gtaw"]})
    assert re.search(r'value="las-gtaw"[^>]* checked', page.content.decode())
    part = client.post(
        address, {"q": "gergaji", "cari": "1", "held": ["las-gtaw"]}, headers={"HX-Request": "true"}
    ).content.decode()
    assert " ".join(part.split()) in " ".join(page.content.decode().split())


@pytest.mark.parametrize("slug", ["tidak-ada", "pembentukan", "x" * 10_000])
def test_a_foreign_process_is_refused(client, people, slug):
    page = client.post(at("section", people, "processes"), {"held": [slug]})
    assertContains(page, "Proses itu tidak ada dalam daftar.")
    assert not people.ikm.processes.exists()


def test_machines_one_line_each(client, people):
    people.ikm.processes.create(process_id="las-gtaw")
    address = at("machines", people)
    assertContains(client.post(address, {"las-gtaw": "x" * 301}), "Paling banyak 300 huruf.")
    client.post(address, {"las-gtaw": "1 mesin 200 A", "gergaji": "selundupan"})
    assert list(people.ikm.processes.values_list("process", "machines")) == [("las-gtaw", "1 mesin 200 A")]


# --- Certificates

PAPER = {
    "jenis": "iso-9001",
    "number": "ID-1",
    "issuer": "Lembaga Contoh",
    "valid_from": "2026-01-01",
    "valid_until": "2029-01-01",
}


def test_none_yet_goes_on(client, people):
    assertContains(client.get(at("section", people, "certificates")), "Belum punya? Lewati")
    assertRedirects(client.post(at("section", people, "certificates")), at("section", people, "contact"))
    assert reload(people.ikm).done_sections == ["certificates"]


def test_a_certificate_with_its_file(client, people):
    response = client.post(at("certificate_new", people), PAPER | {"document": picture()})
    assertRedirects(response, at("section", people, "certificates"))
    row = people.ikm.certificates.get()
    assert (row.kind_id, row.number, str(row.valid_until)) == ("iso-9001", "ID-1", "2029-01-01")
    assert fetched(client, at("certificate_file", people, row.pk)) == (200, "image/jpeg", True)
    client.force_login(people.stranger)
    assert client.get(at("certificate_file", people, row.pk)).status_code == 404
    client.logout()
    assert client.get(at("certificate_file", people, row.pk)).status_code == 302


def test_a_double_click_is_one_certificate(client, people):
    for _ in range(2):
        paper = PAPER | {"document": picture()}
        assert client.post(at("certificate_new", people), paper).status_code == 302
    assert (people.ikm.certificates.count(), Document.objects.count()) == (1, 1)
    assert fetched(client, at("certificate_file", people, people.ikm.certificates.get().pk))[2]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"valid_until": "2025-12-31"}, "Harus sesudah tanggal mulai."),
        ({"valid_from": "kemarin"}, "tidak terbaca sebagai tanggal"),
        ({"number": "x" * 81}, "Paling banyak 80 huruf."),
        ({"scope": "x" * 10_000}, "Paling banyak 200 huruf."),
        ({"document": SimpleUploadedFile("a.pdf", b"MZ program")}, "bukan JPEG, PNG, WebP atau PDF"),
        ({"document": SimpleUploadedFile("kosong.pdf", b"")}, "kosong"),
    ],
)
def test_a_refused_certificate_says_why(client, people, typed, message):
    page = client.post(at("certificate_new", people), PAPER | typed)
    assertContains(page, message)
    assertContains(page, "error-summary")
    assert (people.ikm.certificates.count(), Document.objects.count()) == (0, 0)


@pytest.mark.parametrize("slug", ["tidak-ada", "nib", "x" * 10_000])
def test_a_kind_that_cannot_be_stated_is_not_found(client, people, slug):
    assert client.get(at("certificate_new", people), {"jenis": slug}).status_code == 404
    assert client.post(at("certificate_new", people), PAPER | {"jenis": slug}).status_code == 404


def test_what_only_a_buyer_issues_names_a_reviewed_buyer(client, people):
    reviewed = offices.company(people.office, status="reviewed", name="PT Baja Selat").organisation
    waiting = offices.company(people.office, status="submitted", name="PT Belum Ditinjau").organisation
    page = client.get(at("certificate_new", people), {"jenis": "csms"})
    assertContains(page, "PT Baja Selat")
    assertNotContains(page, "PT Belum Ditinjau")
    paper = PAPER | {"jenis": "csms"}
    for company in ("", str(waiting.pk), "0", "x", str(people.ikm.organisation_id)):
        page = client.post(at("certificate_new", people), paper | {"for_company": company})
        assertContains(page, "error-summary")
    client.post(at("certificate_new", people), paper | {"for_company": str(reviewed.pk)})
    assert people.ikm.certificates.get().for_company == reviewed


def test_the_same_number_again_is_a_duplicate(client, people):
    client.post(at("certificate_new", people), PAPER)
    page = client.post(at("certificate_new", people), PAPER | {"issuer": "Lembaga Lain"})
    assertContains(page, "sudah ada pada profil Anda")


def test_it_can_be_limited_to_what_is_made_here_only(client, people):
    offer(people)
    page = client.post(at("certificate_new", people), PAPER | {"category": "cangkul"})
    assertContains(page, "error-summary")
    client.post(at("certificate_new", people), PAPER | {"category": "kanal-c-baja-ringan"})
    assert people.ikm.certificates.get().category_id == "kanal-c-baja-ringan"


def test_without_its_last_day_it_is_said_not_to_count(client, people):
    client.post(at("certificate_new", people), PAPER | {"valid_until": ""})
    assertContains(
        client.get(at("section", people, "certificates")), "Tanpa tanggal ini, sertifikat belum dihitung."
    )


def test_a_stale_tab_sees_both_versions_of_a_certificate(client, people):
    client.post(at("certificate_new", people), PAPER)
    row = people.ikm.certificates.get()
    address = at("certificate", people, row.pk)
    seen = hidden(client.get(address), "seen")
    people.ikm.certificates.update(issuer="Lembaga Baru")
    late = client.post(address, PAPER | {"seen": seen, "issuer": "Lembaga Ketik"})
    assertContains(late, "Lembaga Baru", status_code=409)
    assertContains(late, 'value="Lembaga Ketik"', status_code=409)


def test_a_certificate_is_removed_by_its_name_and_taken_back(client, people):
    client.post(at("certificate_new", people), PAPER)
    row = people.ikm.certificates.get()
    assertContains(
        client.get(at("certificate_retire", people, row.pk)), "Hapus ISO 9001 Sistem Manajemen Mutu ID-1?"
    )
    client.post(at("certificate_retire", people, row.pk))
    assertContains(client.get(at("section", people, "certificates")), "Kembalikan")
    client.post(at("certificate_restore", people, row.pk))
    assert reload(row).retired_at is None


def test_a_request_that_is_too_large_is_turned_away(client, people, settings):
    settings.LARGEST_REQUEST = 1000
    page = client.post(at("certificate_new", people), PAPER | {"document": picture(size=(900, 900))})
    assert page.status_code == 413


def test_officers_change_facts_and_then_are_their_authors(client, people):
    logged_in(people.officer, client)
    client.post(at("product_new", people), REN)
    assert people.ikm.products.get().changed_by == people.officer
    assertContains(client.get(reverse("ikm:workshop", args=[people.ikm.pk])), "CV Rak Baja Citangkil")
