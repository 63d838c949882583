"""The questions about a need, one topic a page."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Membership
from catalogue.models import Category, CertificateKind, Unit
from industry import needs, topics
from industry.forms import ConditionsForm
from industry.models import Need
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from tests.industry.people import send

pytestmark = pytest.mark.django_db

NEW = "/kebutuhan/baru/"
WHAT = {"title": "Roller konveyor", "category": "roller-konveyor", "spec": "Baris satu\r\nBaris dua"}
WHAT |= {"category_kata": "rol", "category_untuk": "rol"}
AMOUNT = {"basis": "total", "quantity": "3", "unit": "unit", "start": "2027-01-01", "end": "31 Maret 2027"}


def at(need, topic):
    return reverse("industry:need_topic", args=[need.pk, topic.slug])


@pytest.fixture
def tab(cast):
    return logged_in(cast.owner)


@pytest.fixture
def need(cast):
    return people.draft(cast.company, cast.owner)


def test_from_the_first_words_to_the_last_topic(cast, tab):
    answer = send(tab, NEW, WHAT)
    need = Need.objects.get()
    assert answer.url == at(need, topics.AMOUNT)
    assert (need.title, need.category_id, need.spec) == (
        "Roller konveyor",
        "roller-konveyor",
        "Baris satu\nBaris dua",
    )
    assert tab.get(answer.url).context["form"]["unit"].value() == "pcs"
    assert send(tab, answer.url, AMOUNT).url == at(need, topics.PLACE)
    page = tab.get(at(need, topics.PLACE))
    assert page.context["form"]["area"].value() == cast.company.organisation.area_id
    place = {"area": "36.72", "area_kata": "Kota Cilegon", "area_untuk": "Kota Cilegon"}
    answer = send(tab, at(need, topics.PLACE), place | {"delivery_address": "Gerbang 2"})
    assert answer.url == reverse("matching:need_conditions", args=[need.pk])
    terms = {
        "material_terms": "buyer",
        "payment_days": "30",
        "value_idr": "Rp 1,5 juta",
        "allow_pooling": "on",
    }
    answer = send(tab, at(need, topics.TERMS), terms)
    assert answer.url == reverse("industry:attachments", args=[need.pk])
    need.refresh_from_db()
    assert needs.missing_in(need, on=date(2026, 11, 24)) == []
    assert (need.quantity, need.end, need.delivery_address) == (3, date(2027, 3, 31), "Gerbang 2")
    assert (need.value_idr, need.payment_days, need.allow_pooling) == (1_500_000, 30, True)


def test_two_submits_of_the_first_page_are_one_need(tab):
    form = tab.get(NEW).context["form"]
    data = WHAT | {"ref": form["ref"].value()}
    first = tab.post(NEW, data)
    second = tab.post(NEW, data | {"title": "Roller konveyor 89 mm"})
    assert first.url == second.url
    assert [need.title for need in Need.objects.all()] == ["Roller konveyor 89 mm"]


def test_everyday_words_come_back_as_a_choice(tab):
    answer = send(tab, NEW, {"title": "Alat kebun", "category_kata": "pacul", "category_untuk": ""})
    page = answer.content.decode()
    assert 'value="cangkul"' in page
    assert 'value="Alat kebun"' in page
    assert not Need.objects.exists()
    chosen = {
        "title": "Alat kebun",
        "category_kata": "pacul",
        "category_untuk": "pacul",
        "category": "cangkul",
    }
    send(tab, NEW, chosen)
    assert Need.objects.get().category_id == "cangkul"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("quantity", "0", "Harus lebih dari 0."),
        ("quantity", "-5", "Angka tidak boleh kurang dari 0."),
        ("quantity", "1,250", "“1,250” bisa berarti 1.250 atau 1,25. Tulis salah satunya."),
        ("quantity", "99999999999", "Paling besar 999.999.999."),
        ("quantity", "banyak", "“banyak” tidak terbaca sebagai satu angka. Contoh: 1.250 atau 12,5."),
        ("quantity", "", "Isi angkanya."),
        ("unit", "parsec", "Satuan itu tidak ada dalam daftar. Pilih yang lain."),
        ("basis", "year", "Masukkan pilihan yang valid. year bukan salah satu dari pilihan yang tersedia."),
        ("start", "31 Februari 2027", "Tanggal “31 Februari 2027” tidak ada dalam kalender."),
        ("start", "1999-01-01", "Paling awal 24 November 2016."),
        ("start", "2099-01-01", "Paling lama sepuluh tahun dari sekarang: 24 November 2036."),
        ("end", "2026-12-31", "Sampai harus sama dengan atau sesudah mulai."),
        ("end", "2026-11-23", "Tanggal ini sudah lewat. Paling awal hari ini, 24 November 2026."),
        ("end", "2100-01-01", "Paling lama sepuluh tahun dari sekarang: 24 November 2036."),
        ("unit_mass_kg", "0", "Harus lebih dari 0\u00a0kg."),
        ("unit_mass_kg", "5 ton", "Isian ini dalam kg, bukan ton. Hitung ulang angkanya."),
    ],
)
def test_a_wrong_amount_is_said_at_its_place_and_kept(tab, need, field, typed, message):
    answer = send(tab, at(need, topics.AMOUNT), AMOUNT | {field: typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {field: [message]}
    assert answer.context["form"][field].value() == typed
    assert Need.objects.get().quantity == 3


@pytest.mark.parametrize(
    ("topic", "data", "wrong"),
    [
        (topics.WHAT, WHAT | {"title": "T" * 10_000}, ["title"]),
        (topics.WHAT, WHAT | {"spec": "s" * 10_000}, ["spec"]),
        (topics.WHAT, WHAT | {"title": "a\x07b", "category": "baja-ringan"}, ["title", "category"]),
        (topics.PLACE, {"area": "99.99", "area_kata": "x", "area_untuk": "x"}, ["area"]),
        (topics.TERMS, {"material_terms": "gold"}, ["material_terms"]),
        (topics.TERMS, {"payment_days": "4000", "value_idr": "-1"}, ["payment_days", "value_idr"]),
        (topics.TERMS, {"payment_days": "1,5"}, ["payment_days"]),
    ],
)
def test_hostile_answers_are_refused_and_change_nothing(tab, need, topic, data, wrong):
    before = Need.objects.values().get()
    answer = send(tab, at(need, topic), data)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == wrong
    assert "Kesalahan:" in answer.content.decode().split("</title>")[0]
    assert Need.objects.values().get() == before


def test_a_stale_tab_shows_both_versions_and_can_be_sent_again(cast, tab, need):
    seen = tab.get(at(need, topics.AMOUNT)).context["form"]["seen"].value()
    needs.revise_need(need, by=cast.staff, quantity=Decimal(5), end=date(2027, 6, 30))
    mine = AMOUNT | {"quantity": "4", "seen": seen}
    answer = tab.post(at(need, topics.AMOUNT), mine)
    assert answer.status_code == 409
    assert answer.context["form"].conflict == [
        ("Jumlah", "5", "4"),
        ("Sampai", "30 Juni 2027", "31 Maret 2027"),
    ]
    page = answer.content.decode()
    assert "Isian ini sudah diubah di tempat lain" in page
    assert 'value="4"' in page
    again = tab.post(at(need, topics.AMOUNT), mine | {"seen": answer.context["form"]["seen"].value()})
    assert again.status_code == 302
    assert Need.objects.get().quantity == 4


def test_the_same_answers_twice_are_no_conflict(tab, need):
    form = tab.get(at(need, topics.AMOUNT)).context["form"]
    data = AMOUNT | {"quantity": "9", "seen": form["seen"].value()}
    assert [tab.post(at(need, topics.AMOUNT), data).status_code for _ in range(2)] == [302, 302]


def test_the_typical_weight_is_a_question(cast, tab):
    batten = Category.objects.get(pk="reng-baja-ringan")
    need = people.draft(cast.company, cast.owner, category=batten, unit=Unit.objects.get(pk="batang"))
    assert (
        "Pakai perkiraan katalog: 2,6\u00a0kg per batang" in tab.get(at(need, topics.AMOUNT)).content.decode()
    )
    send(tab, at(need, topics.AMOUNT), AMOUNT | {"unit": "batang"})
    assert Need.objects.get().unit_mass_kg is None
    send(tab, at(need, topics.AMOUNT), AMOUNT | {"unit": "batang", "use_typical": "on"})
    assert Need.objects.get().unit_mass_kg == Decimal("2.6")
    assert "use_typical" not in tab.get(at(need, topics.AMOUNT)).context["form"].fields
    send(tab, at(need, topics.AMOUNT), AMOUNT | {"unit": "jam-mesin", "unit_mass_kg": "3"})
    assert Need.objects.get().unit_mass_kg is None


def test_the_amount_is_read_out_while_it_is_typed(tab, need):
    page = tab.get(at(need, topics.AMOUNT)).content.decode()
    words = "Tiga unit. 3\u00a0unit sampai 31 Maret 2027 = 1\u00a0unit per bulan"
    assert words in page
    part = tab.get(reverse("industry:amount_words", args=[need.pk]), AMOUNT | {"seen": "x"})
    assert part.content.decode().strip() in page
    unclear = tab.get(reverse("industry:amount_words", args=[need.pk]), {"quantity": "1,250", "end": "x"})
    assert unclear.content.decode().strip() == ""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Tiga unit. 3\u00a0unit sampai 31 Maret 2027 = 1\u00a0unit per bulan"),
        (
            {"quantity": Decimal(10), "unit_id": "ton"},
            "Sepuluh ton. 10\u00a0ton sampai 31 Maret 2027 = 3,334\u00a0ton per bulan (dibulatkan ke atas)",
        ),
        (
            {"basis": "month", "quantity": Decimal(200), "unit_id": "pcs"},
            "Dua ratus potong per bulan. 200\u00a0pcs per bulan selama 3 bulan = 600\u00a0pcs",
        ),
        ({"start": None, "quantity": Decimal("1250.5")}, "Seribu dua ratus lima puluh koma lima unit."),
        ({"quantity": None}, ""),
    ],
)
def test_amounts_in_words(said, words):
    given = {
        "quantity": Decimal(3),
        "basis": "total",
        "unit_id": "unit",
        "start": people.START,
        "end": people.END,
    }
    assert topics.amount_in_words(Need(**given | said)) == words


def test_an_open_need_is_changed_at_once_and_stays_complete(cast, tab):
    need = people.opened(cast.company, cast.owner)
    assert "perubahan langsung terlihat IKM" in tab.get(at(need, topics.AMOUNT)).content.decode()
    answer = send(tab, at(need, topics.AMOUNT), AMOUNT | {"quantity": "7"})
    assert answer.url == reverse("industry:need", args=[need.pk])
    answer = send(tab, at(need, topics.AMOUNT), AMOUNT | {"quantity": ""})
    assert answer.context["form"].errors == {"quantity": ["Isi angkanya."]}
    assert Need.objects.get().quantity == 7


def test_a_question_opened_from_the_page_of_the_need_leads_back_to_it(tab, need):
    answer = send(tab, f"{at(need, topics.AMOUNT)}?kembali", AMOUNT)
    assert answer.url == reverse("industry:need", args=[need.pk])


def test_a_closed_need_is_reopened_before_it_is_changed(cast, tab):
    need = people.opened(cast.company, cast.owner)
    needs.close_need(need, reason="filled", by=cast.owner)
    answer = tab.get(at(need, topics.AMOUNT), follow=True)
    assert "Buka lagi dulu bila ingin mengubahnya" in answer.content.decode()


def test_three_people_and_unknown_topics(cast, need):
    address = at(need, topics.AMOUNT)
    assert logged_in(cast.staff).get(address).status_code == 200
    for person in (cast.stranger, cast.smith, cast.officer):
        tab = logged_in(person)
        for url in (address, reverse("industry:amount_words", args=[need.pk])):
            assert tab.get(url).status_code == 404
        assert tab.post(address, AMOUNT).status_code == 404
    tab = logged_in(cast.owner)
    for slug in ("syarat", "lampiran", "harga"):
        assert tab.get(reverse("industry:need_topic", args=[need.pk, slug])).status_code == 404
    assert tab.get(reverse("industry:need_topic", args=[10**30, "jumlah"])).status_code == 404
    assert Need.objects.get().quantity == 3


def test_who_works_for_two_companies_is_led_to_the_chooser(cast, need):
    Membership.objects.create(user=cast.stranger, organisation=cast.company.organisation, role="staff")
    answer = logged_in(cast.stranger).get(at(need, topics.AMOUNT))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:choose"))


def test_without_a_confirmed_address_nothing_is_drafted(cast):
    shy = offices.person("Malu")
    offices.company(cast.office, buyer=shy, status="draft", name="PT Malu")
    tab = logged_in(shy)
    for url in (NEW, reverse("industry:many")):
        answer = tab.get(url)
        assert answer.status_code == 403
        assert "Konfirmasi alamat Anda dulu" in answer.content.decode()
    assert tab.post(NEW, WHAT | {"ref": "ABCDEFGH23"}).status_code == 403


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
def test_a_company_with_a_confirmed_address_drafts_before_its_review(db, status):
    cast = people.cast(status)
    assert send(logged_in(cast.owner), NEW, WHAT).status_code == 302
    assert Need.objects.get().status == "draft"


def test_the_questions_in_english_too(cast, tab, need):
    tab.cookies["django_language"] = "en"
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(language="en")
    for slug in ("barang", "jumlah", "tempat", "ketentuan"):
        answer = tab.get(reverse("industry:need_topic", args=[need.pk, slug]))
        assert (answer.status_code, answer["Content-Language"]) == (200, "en")
    for name in ("need", "attachments"):
        assert tab.get(reverse(f"industry:{name}", args=[need.pk])).status_code == 200
    assert tab.get(reverse("matching:need_conditions", args=[need.pk])).status_code == 200


# --- The form of conditions, whose page is matching's


def test_conditions_as_ticked(cast, need):
    data = {
        "required_certificates": ["iso-9001", "csms"],
        "preferred_certificates": ["smk3"],
        "required_processes": ["las-gmaw"],
        "max_lead_time_days": "21 hari",
    }
    form = ConditionsForm(data, need=need)
    assert form.is_valid()
    saved = needs.set_conditions(need, by=cast.owner, **form.given())
    assert needs.stored_answers(saved, form.answers) == {
        "required_certificates": ["csms", "iso-9001"],
        "preferred_certificates": ["smk3"],
        "required_processes": ["las-gmaw"],
        "max_lead_time_days": 21,
    }
    shown = ConditionsForm(need=saved)
    ticked = {
        row.word.pk: (row.is_required, row.is_preferred)
        for group in shown.certificate_groups
        for row in group.rows
        if row.is_required or row.is_preferred
    }
    assert ticked == {"iso-9001": (True, False), "csms": (True, False), "smk3": (False, True)}
    assert [group.is_open for group in shown.certificate_groups].count(True) == 3
    assert str(shown.process_groups[0].label) == "Lazim untuk barang ini"


@pytest.mark.parametrize(
    "wrong",
    [
        {"required_certificates": ["tidak-ada"]},
        {"preferred_certificates": ["iso-9001", "x" * 10_000]},
        {"required_processes": ["penyambungan"]},
        {"max_lead_time_days": "0"},
        {"max_lead_time_days": "3651"},
    ],
)
def test_conditions_that_are_none(need, wrong):
    form = ConditionsForm(wrong, need=need)
    assert list(form.errors) == list(wrong)
    assert form.certificate_groups


def test_a_retired_certificate_stays_where_it_was_asked_for(cast, need):
    kind = ConditionsForm(need=need).fields["required_certificates"].queryset.get(pk="pkp")
    kind.retired_on = date(2026, 1, 1)
    kind.save()
    assert not ConditionsForm({"required_certificates": ["pkp"]}, need=need).is_valid()
    need.required_certificates.add(kind)
    assert ConditionsForm({"required_certificates": ["pkp"]}, need=need).is_valid()


def test_stale_conditions_show_both_versions_in_names(cast, need):
    need = needs.set_conditions(
        need,
        by=cast.staff,
        required_certificates=CertificateKind.objects.filter(pk="iso-9001"),
        max_lead_time_days=9,
    )
    form = ConditionsForm({"required_processes": ["las-gmaw"], "max_lead_time_days": "9"}, need=need)
    assert form.is_valid()
    assert form.two_versions() == [
        ("Sertifikat wajib", "ISO 9001 Sistem Manajemen Mutu", "tidak ada"),
        ("Proses wajib", "tidak ada", "Las MIG/MAG (GMAW)"),
    ]
