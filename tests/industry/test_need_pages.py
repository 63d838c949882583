"""The list, the page of one need for whoever may see it, and the steps of its life."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from catalogue.models import Category
from industry import needs
from industry.models import Company, Need
from tests import offices
from tests.browsers import logged_in
from tests.industry import people

pytestmark = pytest.mark.django_db
LIST, LIST_QUERIES = "/kebutuhan/", 8


def page_of(need):
    return reverse("industry:need", args=[need.pk])


def step(name, need):
    return reverse(f"industry:need_{name}", args=[need.pk])


@pytest.fixture
def tab(cast):
    return logged_in(cast.owner)


@pytest.fixture
def need(cast):
    return people.draft(cast.company, cast.owner, spec="Rahasia <b>dapur</b>", delivery_address="Gerbang 2")


@pytest.fixture
def shown(cast, need):
    return needs.open_need(need, by=cast.owner)


# --- The list


def titles(answer):
    return [need.title for need in answer.context["page"]]


def test_an_empty_list_teaches(tab):
    page = tab.get(LIST).content.decode()
    assert "Belum ada kebutuhan" in page
    assert "Tulis yang pertama: 5 menit." in page


def test_the_list_counts_filters_and_sorts(cast, tab):
    hoe = Category.objects.get(pk="cangkul")
    first = people.draft(cast.company, cast.owner, title="Cangkul A", category=hoe, spec="SNI 0331")
    people.opened(cast.company, cast.owner, title="Baling-baling", start=date(2027, 2, 1))
    needs.draft_need(cast.company, by=cast.owner, title="Draf saja")
    people.draft(cast.other, cast.stranger, title="Milik orang lain")
    answer = tab.get(LIST)
    assert titles(answer) == ["Draf saja", "Baling-baling", "Cangkul A"]
    assert [(status, n) for status, _, n in answer.context["counts"]] == [
        ("draft", 2),
        ("open", 1),
        ("closed", 0),
    ]
    assert titles(tab.get(LIST, {"status": "open"})) == ["Baling-baling"]
    assert titles(tab.get(LIST, {"category": "cangkul"})) == ["Cangkul A"]
    assert titles(tab.get(LIST, {"q": "sni cangkul"})) == ["Cangkul A"]
    assert titles(tab.get(LIST, {"q": first.ref.lower()})) == ["Cangkul A"]
    assert titles(tab.get(LIST, {"urut": "judul"})) == ["Baling-baling", "Cangkul A", "Draf saja"]
    assert titles(tab.get(LIST, {"urut": "-judul"})) == ["Draf saja", "Cangkul A", "Baling-baling"]
    assert titles(tab.get(LIST, {"urut": "-mulai"})) == ["Baling-baling", "Cangkul A", "Draf saja"]
    nothing = tab.get(LIST, {"q": "zzz"}).content.decode()
    assert "Tidak ada yang cocok dengan saringan ini" in nothing


@pytest.mark.parametrize(
    "query",
    [
        {"status": "unknown"},
        {"category": "tidak-ada"},
        {"urut": "password"},
        {"page": "99999999999999999999"},
        {"page": "x"},
        {"q": "x" * 10_000},
        {"q": "%_'\\"},
    ],
)
def test_hostile_queries_are_harmless(cast, tab, need, query):
    assert tab.get(LIST, query).status_code == 200


def test_a_chip_takes_its_filter_away(cast, tab, need):
    page = tab.get(LIST, {"q": "kontainer", "status": "draft", "urut": "judul"}).content.decode()
    chips = re.findall(r'<ul class="chips">(.*?)</ul>', page, re.S)[0]
    assert 'href="?status=draft&amp;urut=judul"' in chips
    assert 'href="?q=kontainer&amp;urut=judul"' in chips


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(cast, tab, number, django_assert_num_queries):
    for n in range(number):
        people.opened(cast.company, cast.owner, title=f"Kebutuhan {n}")
    tab.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        tab.get(LIST)


# --- Who sees what of one need


def test_the_company_sees_all_of_it_with_links_to_change(cast, need):
    for person in (cast.owner, cast.staff):
        page = logged_in(person).get(page_of(need)).content.decode()
        assert "Rahasia &lt;b&gt;dapur&lt;/b&gt;" in page
        assert "Gerbang 2" in page
        assert reverse("industry:need_topic", args=[need.pk, "jumlah"]) in page
        assert "Buka kebutuhan" in page


def test_the_office_sees_all_of_it_and_changes_nothing(cast, need):
    page = logged_in(cast.officer).get(page_of(need)).content.decode()
    assert "Gerbang 2" in page
    assert "ubah/jumlah" not in page
    assert "Buka kebutuhan" not in page


def test_a_draft_is_nobody_elses(cast, need):
    far = offices.member(offices.office("36.73", name="Dinas Serang"), "Petugas Jauh")
    for person in (cast.stranger, cast.smith, far):
        assert logged_in(person).get(page_of(need)).status_code == 404
    assert Client().get(page_of(need)).status_code == 302


def test_a_workshop_sees_an_open_need_without_what_is_the_companys(cast, shown):
    Need.objects.filter(pk=shown.pk).update(value_idr=123_456_789)
    page = logged_in(cast.smith).get(page_of(shown)).content.decode()
    assert "Kontainer kantor" in page
    assert "PT Baja Selat" in page
    assert "Rahasia &lt;b&gt;dapur&lt;/b&gt;" in page
    assert "Gerbang 2" not in page
    assert "123.456.789" not in page
    assert "Ubah" not in page


def test_officers_of_every_office_see_what_the_market_sees(cast, shown):
    far = offices.member(offices.office("36.73", name="Dinas Serang"), "Petugas Jauh")
    page = logged_in(far).get(page_of(shown)).content.decode()
    assert "Kontainer kantor" in page
    assert "Gerbang 2" not in page


def test_another_buyer_sees_nothing_of_an_open_need(cast, shown):
    assert logged_in(cast.stranger).get(page_of(shown)).status_code == 404
    assert logged_in(people.confirmed(offices.person("Tanpa Usaha"))).get(page_of(shown)).status_code == 404


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
def test_a_company_that_is_not_reviewed_shows_nothing_to_workshops(cast, shown, status):
    Company.objects.filter(pk=cast.company.pk).update(status=status, submitted_at=shown.opened_at)
    assert logged_in(cast.smith).get(page_of(shown)).status_code == 404
    assert "Belum tampil kepada IKM" in logged_in(cast.owner).get(page_of(shown)).content.decode()


def test_a_closed_need_is_gone_for_workshops_and_says_so(cast, shown):
    needs.close_need(shown, reason="elsewhere", by=cast.owner)
    answer = logged_in(cast.smith).get(page_of(shown))
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "sudah ditutup" in page
    assert "Rahasia" not in page
    assert "dibeli di tempat lain" not in page
    assert "dibeli di tempat lain" in logged_in(cast.owner).get(page_of(shown)).content.decode()
    assert logged_in(cast.stranger).get(page_of(shown)).status_code == 404


def test_a_need_past_its_last_day_says_so(cast, shown):
    with time_machine.travel("2027-04-01 03:00:00+00:00"):
        assert "Waktunya sudah lewat" in logged_in(cast.owner).get(page_of(shown)).content.decode()
        assert "waktunya lewat" in logged_in(cast.smith).get(page_of(shown)).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many_conditions(cast, shown, number, django_assert_max_num_queries):
    shown.required_certificates.set(["iso-9001", "smk3", "csms"][:number])
    shown.required_processes.set(["las-gmaw", "gergaji", "bor-tap"][:number])
    for person in (cast.owner, cast.smith):
        tab = logged_in(person)
        tab.get(page_of(shown))
        with django_assert_max_num_queries(12):
            tab.get(page_of(shown))


# --- The steps of its life


def test_opening_leads_to_the_ranking_and_happens_once(cast, tab, need):
    answer = tab.post(step("open", need))
    assert answer.url == reverse("matching:need_ranking", args=[need.pk])
    opened_at = Need.objects.get().opened_at
    again = tab.post(step("open", need), follow=True)
    assert "Kebutuhan ini sudah terbuka." in again.content.decode()
    assert Need.objects.get().opened_at == opened_at
    assert tab.get(step("open", need)).status_code == 405


def test_what_is_missing_is_asked_for(cast, tab):
    need = needs.draft_need(
        cast.company, by=cast.owner, title="Roller", category=Category.objects.get(pk="cangkul")
    )
    page = tab.get(page_of(need)).content.decode()
    assert "Lengkapi kebutuhan ini" in page
    assert "Buka kebutuhan" not in page
    answer = tab.post(step("open", need), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("industry:need_topic", args=[need.pk, "jumlah"])
    assert "Belum bisa dibuka" in answer.content.decode()
    past = people.draft(cast.company, cast.owner, start=date(2026, 1, 1), end=date(2026, 11, 23))
    assert "Tanggal selesainya sudah lewat" in tab.get(page_of(past)).content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("draft", "kirim dulu pendaftaran"),
        ("submitted", "setelah Dinas memeriksa"),
        ("returned", "kirim dulu"),
    ],
)
def test_before_the_review_the_page_says_why_and_what_would_change_it(db, status, words):
    cast = people.cast(status)
    need = people.draft(cast.company, cast.owner)
    tab = logged_in(cast.owner)
    assert words in tab.get(page_of(need)).content.decode()
    answer = tab.post(step("open", need), follow=True)
    assert "Bisa dibuka setelah perusahaan Anda diperiksa" in answer.content.decode()
    assert Need.objects.get().status == "draft"


def test_closing_names_the_need_and_asks_why(cast, tab, shown):
    assert "Tutup “Kontainer kantor”?" in tab.get(step("close", shown)).content.decode()
    assert tab.post(step("close", shown)).context["form"].errors == {"reason": ["Pilih alasannya."]}
    assert "reason" in tab.post(step("close", shown), {"reason": "bored"}).context["form"].errors
    assert tab.post(step("close", shown), {"reason": "filled"}).url == page_of(shown)
    assert Need.objects.get().close_reason == "filled"
    again = tab.post(step("close", shown), {"reason": "cancelled"}, follow=True)
    assert "Kebutuhan ini sudah ditutup." in again.content.decode()
    assert Need.objects.get().close_reason == "filled"
    assert tab.get(step("close", shown)).url == page_of(shown)


def test_reopening_asks_for_the_dates(cast, tab, shown):
    needs.close_need(shown, reason="filled", by=cast.owner)
    form = tab.get(step("reopen", shown)).context["form"]
    assert (form["start"].value(), form["end"].value()) == (people.START, people.END)
    wrong = tab.post(step("reopen", shown), {"start": "2027-05-01", "end": "2027-04-01"})
    assert list(wrong.context["form"].errors) == ["end"]
    tab.post(step("reopen", shown), {"start": "2027-04-01", "end": "2027-05-31"})
    need = Need.objects.get()
    assert (need.status, need.start, need.end) == ("open", date(2027, 4, 1), date(2027, 5, 31))
    assert tab.get(step("reopen", shown)).url == page_of(shown)


def test_reopening_waits_for_the_review_of_the_company(cast, tab, shown):
    needs.close_need(shown, reason="filled", by=cast.owner)
    Company.objects.filter(pk=cast.company.pk).update(status="submitted", submitted_at=shown.opened_at)
    answer = tab.post(step("reopen", shown), {"start": "2027-04-01", "end": "2027-05-31"}, follow=True)
    assert "sedang menunggu tinjauan" in answer.content.decode()
    assert Need.objects.get().status == "closed"


def test_a_copy_asks_for_new_dates_and_is_made_once(cast, tab, shown):
    form = tab.get(step("copy", shown)).context["form"]
    dates = {"ref": form["ref"].value(), "start": "2028-01-01", "end": "2028-03-31"}
    first, second = (tab.post(step("copy", shown), dates).url for _ in range(2))
    assert first == second
    copy = Need.objects.exclude(pk=shown.pk).get()
    assert (copy.status, copy.title, copy.start) == ("draft", "Kontainer kantor", date(2028, 1, 1))
    assert list(tab.post(step("copy", shown), {"ref": "<x>"}).context["form"].errors) == [
        "ref",
        "start",
        "end",
    ]


def test_a_draft_is_discarded_by_its_name(cast, tab, need):
    assert "Hapus draf “Kontainer kantor”?" in tab.get(step("discard", need)).content.decode()
    assert tab.post(step("discard", need)).url == LIST
    assert not Need.objects.exists()
    assert tab.post(step("discard", need)).status_code == 404


def test_what_was_open_stays_on_record(cast, tab, shown):
    assert tab.get(step("discard", shown)).url == page_of(shown)
    answer = tab.post(step("discard", shown), follow=True)
    assert "tidak bisa dihapus" in answer.content.decode()
    assert Need.objects.exists()


@pytest.mark.parametrize("name", ["open", "close", "reopen", "copy", "discard"])
def test_no_step_for_strangers(cast, shown, name):
    before = Need.objects.values().get()
    for person in (cast.stranger, cast.smith, cast.officer):
        tab = logged_in(person)
        data = {"reason": "filled", "start": "2027-01-01", "end": "2027-02-01"}
        assert tab.post(step(name, shown), data).status_code == 404
    assert Client().post(step(name, shown)).status_code == 302
    assert Need.objects.values().get() == before
