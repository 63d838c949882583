"""The owner's pages: who may open them, what is kept of what was typed, what a page says that came too late."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import consent
from accounts.models import Membership, Organisation
from ikm.models import Ikm, ProcessCapability, Product
from tests import offices
from tests.browsers import logged_in
from tests.ikm.people import around_a_workshop

pytestmark = pytest.mark.django_db
SECTIONS = ["identity", "place", "size", "products", "processes", "certificates", "contact"]


@pytest.fixture
def people():
    return around_a_workshop(status="draft", legal_form="CV")


def at(name, people, *more, query=""):
    return reverse(f"ikm:{name}", args=[people.ikm.pk, *more]) + query


def every_page(people):
    """Address of every page of the workshop that is read with GET."""
    product, row = people.ikm.products.get(), people.ikm.certificates.get()
    yield from (
        at(name, people) for name in ("workshop", "check", "machines", "product_new", "certificate_new")
    )
    yield from (at("section", people, section) for section in SECTIONS)
    yield at("product_new", people, query="?kategori=cangkul")
    yield at("product_new", people, query="?q=pacul")
    yield at("certificate_new", people, query="?jenis=csms")
    for name in ("product", "product_details", "product_category", "product_retire"):
        yield at(name, people, product.pk)
    for name in ("certificate", "certificate_retire"):
        yield at(name, people, row.pk)


def posts(people):
    """Address of everything that is done with POST alone."""
    product, row = people.ikm.products.get(), people.ikm.certificates.get()
    yield from (at(name, people) for name in ("recall", "confirm"))
    yield at("product_restore", people, product.pk)
    yield at("certificate_restore", people, row.pk)


def sent(client, address, data, form_page=None):
    """POST `data` with the version that the page showed."""
    page = client.get(form_page or address)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page.content.decode())
    return client.post(address, {"seen": seen[1] if seen else "", **data})


def reload(thing):
    return type(thing).objects.get(pk=thing.pk)


# --- Who


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_own_people_open_every_page(client, people, who):
    client.force_login(getattr(people, who))
    assert {address: client.get(address).status_code for address in every_page(people)} == dict.fromkeys(
        every_page(people), 200
    )


def test_officers_of_the_office_open_them_too(client, people):
    logged_in(people.officer, client)
    assert {client.get(address).status_code for address in every_page(people)} == {200}


def test_strangers_find_nothing_and_change_nothing(client, people):
    client.force_login(people.stranger)
    addresses = [*every_page(people), at("withdraw", people)]
    assert {client.get(address).status_code for address in addresses} == {404}
    read_only = {at("workshop", people), *(address for address in addresses if "/kategori/" in address)}
    changing = [address for address in [*addresses, *posts(people)] if address not in read_only]
    assert {client.post(address, {"name": "x"}).status_code for address in changing} == {404}


def test_nobody_comes_in_without_a_login(client, people):
    for address in every_page(people):
        assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_who_left_finds_nothing(client, people):
    Membership.objects.filter(user=people.staff).update(joined_on="2026-01-01", left_on="2026-11-01")
    client.force_login(people.staff)
    assert {client.get(address).status_code for address in every_page(people)} == {404}


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_other_methods_are_refused(client, people, method):
    client.force_login(people.owner)
    assert {getattr(client, method)(address).status_code for address in every_page(people)} == {405}
    assert {client.get(address).status_code for address in posts(people)} == {405}


def test_facts_of_another_workshop_are_not_reached_through_ones_own(client, people):
    client.force_login(people.stranger)
    own = Ikm.objects.get(organisation__memberships__user=people.stranger)
    product, row = people.ikm.products.get(), people.ikm.certificates.get()
    for name in ("product", "product_details", "product_category", "product_retire", "product_photo"):
        assert client.get(reverse(f"ikm:{name}", args=[own.pk, product.pk])).status_code == 404
    for name in ("certificate", "certificate_retire", "certificate_file"):
        assert client.get(reverse(f"ikm:{name}", args=[own.pk, row.pk])).status_code == 404
    assert client.post(reverse("ikm:product_restore", args=[own.pk, product.pk])).status_code == 404


def test_my_workshop_is_the_one_i_act_for(client, people):
    client.force_login(people.owner)
    assertContains(client.get(reverse("ikm:profile")), "CV Rak Baja Citangkil")
    assertRedirects(client.get(reverse("ikm:section", args=["size"])), at("section", people, "size"))


def test_who_has_no_workshop_is_led_to_the_start(client):
    client.force_login(offices.person("Siti Aminah"))
    assertRedirects(client.get(reverse("ikm:profile")), reverse("ikm:start"))
    assert client.get(reverse("ikm:section", args=["size"])).status_code == 404


# --- The task list


def test_the_list_counts_and_leads_on(client, people):
    client.force_login(people.owner)
    page = client.get(at("workshop", people))
    assertContains(page, "5 dari 7 bagian selesai")
    assertContains(page, f'href="{at("section", people, "size")}"')


def test_a_returned_profile_shows_each_remark_beside_its_section(client):
    people = around_a_workshop(status="returned", legal_form="CV")
    people.ikm.reviews.create(
        decision="return",
        officer=people.officer,
        office=people.office,
        remarks={"products": "Kapasitas belum masuk akal."},
    )
    client.force_login(people.owner)
    assertContains(client.get(at("workshop", people)), "Kapasitas belum masuk akal.")
    assertContains(client.get(at("section", people, "products")), "Kapasitas belum masuk akal.")
    assertNotContains(client.get(at("section", people, "size")), "Kapasitas belum masuk akal.")


@pytest.mark.parametrize("products", [1, 3])
def test_pages_ask_as_much_for_three_products_as_for_one(
    client, people, products, django_assert_max_num_queries
):
    for number in range(1, products):
        Product.objects.create(
            ikm=people.ikm, name=f"P{number}", category_id="cangkul", unit_id="pcs", pool="A"
        )
        people.ikm.certificates.create(kind_id="iso-9001", number=str(number))
        ProcessCapability.objects.create(ikm=people.ikm, process_id=["gergaji", "cat-cair"][number - 1])
    client.force_login(people.owner)
    for status in ("draft", "approved"):
        days = {
            "submitted_at": offices.SUBMITTED_AT,
            "approved_at": offices.SUBMITTED_AT,
            "confirmed_on": "2026-11-10",
        }
        Ikm.objects.filter(pk=people.ikm.pk).update(status=status, **days)
        for name in ("workshop", "check"):
            with django_assert_max_num_queries(10):
                client.get(at(name, people))
        for section in SECTIONS:
            with django_assert_max_num_queries(12):
                client.get(at("section", people, section))


# --- Questions


def test_answers_are_saved_and_the_next_open_section_follows(client, people):
    client.force_login(people.owner)
    address = at("section", people, "size")
    response = sent(client, address, {"workers": "12", "investment_band": "0-1"})
    assertRedirects(response, at("section", people, "contact"))
    assert reload(people.ikm).workers == 12


def test_later_leads_back_to_the_list_and_the_check_page_gets_its_answer(client, people):
    client.force_login(people.owner)
    address, answers = at("section", people, "size"), {"workers": "12", "investment_band": "0-1"}
    assertRedirects(sent(client, address, answers | {"simpan": "daftar"}), at("workshop", people))
    assertRedirects(sent(client, address, answers | {"kembali": "periksa"}), at("check", people))


def test_the_size_is_said_as_a_sentence_with_its_source(client, people):
    Ikm.objects.filter(pk=people.ikm.pk).update(workers=20, investment_band="0-1")
    client.force_login(people.owner)
    for address in (at("section", people, "size"), at("check", people)):
        page = client.get(address)
        assertContains(page, "Termasuk industri menengah.")
        assertContains(page, "Permenperin 64/M-IND/PER/7/2016: paling sedikit 20 pekerja")
        assertContains(page, "Menurut modalnya usaha mikro.")


@pytest.mark.parametrize(
    ("section", "typed", "message"),
    [
        ("size", {"workers": "banyak"}, "tidak terbaca sebagai satu angka"),
        ("size", {"workers": "-3"}, "Angka tidak boleh kurang dari 0."),
        ("size", {"workers": "12,5"}, "Tulis bilangan bulat"),
        ("size", {"workers": "99999999"}, "Paling besar 9.999"),
        ("size", {"investment_band": "semua"}, "Pilih salah satu dari daftar."),
        ("identity", {"name": ""}, "Bagian ini belum diisi."),
        ("identity", {"name": "x" * 10_000}, "Paling banyak 160 huruf."),
        ("identity", {"nib": "123"}, "NIB terdiri dari 13 angka; Anda menulis 3."),
        ("identity", {"npwp": "123"}, "NPWP terdiri dari 15 atau 16 angka; Anda menulis 3."),
        ("identity", {"year_founded": "1500"}, "Paling kecil 1.900"),
        ("identity", {"year_founded": "2999"}, "Tahun ini belum tiba."),
        ("identity", {"legal_form": "Ltd"}, "Pilih salah satu dari daftar."),
        ("identity", {"about": "a" * 1001}, "Paling banyak 1000 huruf."),
        ("place", {"area_kata": "Banten", "area_untuk": "Banten", "area": "36"}, "bukan provinsi"),
        ("place", {"area_kata": "", "area_untuk": "", "area": ""}, "Tulis dengan kata sehari-hari"),
        ("place", {"address": "x" * 251}, "Paling banyak 250 huruf."),
        ("contact", {"contact_name": ""}, "Bagian ini belum diisi."),
        ("contact", {"whatsapp": "abc"}, "Tulis nomor telepon dengan angka saja"),
        ("contact", {"whatsapp": "021 555"}, "Nomor"),
        ("contact", {"whatsapp": "", "phone": "", "email": ""}, "salah satu saja cukup"),
        ("contact", {"email": "bukan-email"}, "email"),
        ("contact", {"consent": ""}, "Centang bila Anda setuju."),
    ],
)
def test_what_is_refused_is_said_and_kept(client, people, section, typed, message):
    good = {
        "size": {"workers": "12", "investment_band": "0-1"},
        "identity": {"name": "CV Rak", "legal_form": "CV"},
        "place": {
            "area": "36.72.08",
            "area_kata": "Citangkil",
            "area_untuk": "Citangkil",
            "address": "Jl. 1",
        },
        "contact": {"contact_name": "Siti", "whatsapp": "0812 3456 7890", "consent": "on"},
    }[section]
    client.force_login(people.owner)
    page = sent(client, at("section", people, section), good | typed)
    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Kesalahan:" in " ".join(text.split()).replace("<title> ", "<title>")
    assert 'class="error-summary"' in text
    assert message in text
    shown = typed.keys() - {"area", "legal_form", "investment_band"}
    kept = next((typed[name] for name in shown if typed[name]), "")
    assert kept[:40] in text


def test_a_nul_is_no_input(client, people):
    client.force_login(people.owner)
    assert client.post(at("section", people, "identity"), {"name": "CV\x00"}).status_code == 400


def test_an_unknown_section_is_not_found(client, people):
    client.force_login(people.owner)
    assert client.get(at("section", people, "rahasia")).status_code == 404


def test_a_personal_npwp_is_masked_and_kept_as_it_was(client, people):
    Organisation.objects.filter(pk=people.ikm.organisation_id).update(npwp="3672010101900001")
    client.force_login(people.owner)
    address = at("section", people, "identity")
    assertNotContains(client.get(address), "3672010101900001")
    assertNotContains(client.get(at("check", people)), "3672010101900001")
    shown = re.search(r'name="npwp" value="([^"]+)"', client.get(address).content.decode())[1]
    sent(client, address, {"name": "CV Rak", "legal_form": "CV", "npwp": shown})
    assert reload(people.ikm).organisation.npwp == "3672010101900001"
    sent(client, address, {"name": "CV Rak", "legal_form": "CV", "npwp": ""})
    assert reload(people.ikm).organisation.npwp == ""


def test_a_doubtful_npwp_and_a_nib_that_exists_are_saved_with_a_warning(client, people):
    other = Ikm.objects.exclude(pk=people.ikm.pk).get()
    Organisation.objects.filter(pk=other.organisation_id).update(nib="1" * 13)
    client.force_login(people.owner)
    answers = {"name": "CV Rak", "legal_form": "CV", "nib": "1" * 13, "npwp": "012345678901234"}
    page = sent(client, at("section", people, "identity"), answers)
    page = client.get(page["Location"])
    assertContains(page, "NPWP disimpan, tetapi angkanya tampak salah ketik.")
    assertContains(page, "NIB ini juga tercatat pada profil lain.")
    assert reload(people.ikm).organisation.nib == "1" * 13


def test_the_postcode_follows_the_village(client, people):
    client.force_login(people.owner)
    answers = {"area": "36.72.08.1007", "area_kata": "Citangkil", "area_untuk": "Citangkil", "address": ""}
    sent(client, at("section", people, "place"), answers)
    organisation = reload(people.ikm).organisation
    assert (organisation.area_id, organisation.postcode) == ("36.72.08.1007", organisation.area.postcode)


def test_consent_is_kept_with_its_text_and_not_asked_again(client, people):
    client.force_login(people.owner)
    address = at("section", people, "contact")
    sent(client, address, {"contact_name": "Siti", "whatsapp": "0812 3456 7890", "consent": "on"})
    given = consent.current(people.ikm.organisation)
    assert (given.user, given.text_version) == (people.owner, consent.TEXT_VERSION)
    assertNotContains(client.get(address), 'name="consent"')


# --- Too late


def test_a_stale_tab_sees_both_versions_and_its_own_words_again(client, people):
    client.force_login(people.owner)
    address = at("section", people, "size")
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    Ikm.objects.filter(pk=people.ikm.pk).update(workers=30, investment_band="1-5")

    late = client.post(address, {"seen": seen, "workers": "12", "investment_band": "1-5"})

    assert late.status_code == 409
    assertContains(late, "Data ini diubah di tempat lain", status_code=409)
    assertContains(late, '<td data-label="Tersimpan sekarang">30</td>', status_code=409, html=True)
    assertContains(late, 'value="12"', status_code=409)
    assert reload(people.ikm).workers == 30
    again = re.search(r'name="seen" value="([0-9a-f]+)"', late.content.decode())[1]
    assert client.post(address, {"seen": again, "workers": "12", "investment_band": "1-5"}).status_code == 302
    assert reload(people.ikm).workers == 12


def test_a_page_opened_before_it_was_sent_loses_nothing(client, people):
    client.force_login(people.owner)
    address = at("section", people, "size")
    Ikm.objects.filter(pk=people.ikm.pk).update(status="submitted", submitted_at=offices.SUBMITTED_AT)
    late = client.post(address, {"workers": "77", "investment_band": "0-1"})
    assertContains(late, "Profil ini sedang ditinjau Dinas.", status_code=409)
    assertContains(late, "77", status_code=409)
    assert reload(people.ikm).workers is None
    assertRedirects(client.get(address), at("workshop", people))


# --- Check and submit


def ready(people):
    Ikm.objects.filter(pk=people.ikm.pk).update(workers=9, investment_band="0-1")
    Organisation.objects.filter(pk=people.ikm.organisation_id).update(contact_name="Siti")
    consent.give(people.ikm.organisation, by=people.owner)


def test_the_check_page_says_quantities_in_words_and_what_is_missing(client, people):
    client.force_login(people.owner)
    page = client.get(at("check", people))
    assertContains(page, "dua ratus potong")
    assertContains(page, f"{at('section', people, 'size')}?kembali=periksa")
    assertContains(page, "Masih ada yang belum diisi")


def test_an_incomplete_profile_is_not_sent(client, people):
    client.force_login(people.owner)
    page = client.post(at("check", people))
    assertContains(page, "Masih ada yang belum diisi", status_code=409)
    assert reload(people.ikm).status == "draft"


def test_sent_once_and_the_second_click_is_told(client, people):
    ready(people)
    client.force_login(people.owner)
    assertRedirects(client.post(at("check", people)), at("workshop", people))
    assert reload(people.ikm).status == "submitted"
    assertContains(client.get(at("workshop", people)), "Menunggu tinjauan Dinas Cilegon")
    assertContains(client.post(at("check", people)), "Profil ini sudah dikirim", status_code=409)


def test_recalled_confirmed_withdrawn(client, people):
    ready(people)
    client.force_login(people.owner)
    client.post(at("check", people))
    assertRedirects(client.post(at("recall", people)), at("workshop", people))
    assert client.post(at("recall", people)).status_code == 409
    assert client.post(at("confirm", people)).status_code == 409
    days = {
        "submitted_at": offices.SUBMITTED_AT,
        "approved_at": offices.SUBMITTED_AT,
        "confirmed_on": "2026-01-10",
    }
    Ikm.objects.filter(pk=people.ikm.pk).update(status="approved", **days)
    assertContains(client.get(at("workshop", people)), "Semua masih benar")
    assertRedirects(client.post(at("confirm", people)), at("workshop", people))
    assertNotContains(client.get(at("workshop", people)), "Semua masih benar")
    assertContains(client.post(at("withdraw", people), {"reason": ""}), "Bagian ini belum diisi.")
    assertRedirects(client.post(at("withdraw", people), {"reason": "Pindah."}), at("workshop", people))
    assert (reload(people.ikm).status, reload(people.ikm).withdrawal_reason) == ("withdrawn", "Pindah.")


def test_a_proof_is_shown_and_lost_when_more_is_claimed(client):
    people = around_a_workshop(status="approved", legal_form="CV")
    product = people.ikm.products.filter()
    product.update(evidence="verified", method="visit", checked_on="2026-11-01")
    client.force_login(people.owner)
    assertContains(client.get(at("workshop", people)), "kunjungan, 1 November 2026")
    address = at("product", people, product.get().pk)
    answers = {"category": "rak-gudang", "name": "Rak gudang", "unit": "pcs", "committed_per_month": "40"}
    sent(client, address, answers | {"capacity_per_month": "150"})
    assert product.get().evidence == "verified"
    page = client.get(sent(client, address, answers | {"capacity_per_month": "151"})["Location"])
    assertContains(page, "Data ini kembali “menurut pengakuan”")
    assert (product.get().evidence, product.get().capacity_per_month) == ("claimed", Decimal(151))
    assertNotContains(client.get(at("workshop", people)), "kunjungan, 1 November 2026")
