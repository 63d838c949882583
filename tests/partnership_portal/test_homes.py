"""The home of each role: what waits, what is next, numbers that lead to their rows."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Claim, Notification
from accounts.notices import notify
from ikm import reviews
from ikm.models import Ikm
from industry.models import Company, Need
from matching import lists
from tests import offices
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db
HOME = "/beranda/"
NOW = offices.MORNING


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


def home(client, user):
    logged_in(user, client)
    return client.get(HOME)


def figures(response) -> dict[str, int]:
    return {str(figure.words): figure.value for figure in response.context["figures"]}


# --- Nobody


def test_who_belongs_nowhere_gets_two_doors(client):
    html = home(client, offices.person("Baru")).content.decode()
    assert reverse("ikm:start") in html
    assert reverse("industry:start") in html


def test_a_claim_that_waits_is_said(client, office):
    person = offices.person("Baru")
    Claim.objects.create(user=person, organisation=offices.workshop(office, name="CV Ini").organisation)
    html = home(client, person).content.decode()
    assert "CV Ini" in html
    assert "Dinas Cilegon memeriksanya" in html


# --- The office


def test_the_office_sees_what_waits_oldest_first_and_its_numbers(client, office, ani):
    offices.workshop(office, name="Muda", submitted_at=datetime(2026, 11, 20, tzinfo=UTC))
    offices.workshop(office, name="Tua", submitted_at=datetime(2026, 11, 2, tzinfo=UTC))
    offices.workshop(office, name="Sudah", status="approved")
    offices.workshop(office, name="Draf", status="draft", facts=False)
    offices.company(office, status="reviewed")
    page = home(client, ani)
    assert [row.name for row in page.context["rows"]] == ["Tua", "Muda"]
    assert (page.context["waits"], page.context["to_hand_over"]) == (2, 0)
    assert figures(page) == {
        "IKM disetujui": 1,
        "IKM disetujui dengan data belum diperiksa": 1,
        "menunggu perbaikan pemilik": 0,
        "masih draf": 1,
        "perusahaan disetujui": 1,
        "kebutuhan terbuka": 0,
    }
    # Every number leads to as many rows.
    for figure in page.context["figures"][:5]:
        assert client.get(figure.url).context["page"].paginator.count == figure.value


def test_what_colleagues_decided_since_the_last_visit(client, office, ani):
    budi = offices.member(office, "Budi")
    with time_machine.travel(NOW, tick=False):
        reviews.approve(offices.workshop(office, name="Lama"), by=budi, office=office)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert [each.name for each in home(client, ani).context["decided"]] == ["Lama"]
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        # Still the same visit.
        assert [each.name for each in client.get(HOME).context["decided"]] == ["Lama"]
    with time_machine.travel(NOW + timedelta(minutes=40), tick=False):
        reviews.approve(offices.workshop(office, name="Baru"), by=budi, office=office)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        [news] = client.get(HOME).context["decided"]
    assert (news.name, news.by, str(news.words)) == ("Baru", "Budi", "disetujui")


def test_news_to_hand_over_by_whatsapp_is_counted(client, office, ani):
    ikm = offices.workshop(office)
    reviews.approve(ikm, by=ani, office=office)
    page = home(client, ani)
    assert page.context["to_hand_over"] == 1
    assert reverse("accounts:hand_over") in page.content.decode()


def test_an_empty_office_is_told_how_to_begin(client, ani):
    assert reverse("ikm:register_for_owner") in home(client, ani).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_offices_home_asks_no_more_for_more_rows(
    client, office, ani, django_assert_max_num_queries, rows
):
    for number in range(rows):
        offices.workshop(office, name=f"Tunggu {number}")
        reviews.approve(offices.workshop(office, name=f"Putus {number}"), by=ani, office=office)
        offices.company(office, name=f"PT {number}")
    logged_in(ani, client)
    with django_assert_max_num_queries(12):
        client.get(HOME)


# --- The workshop


@pytest.mark.parametrize(
    ("status", "words", "waits"),
    [
        ("draft", "Lengkapi profil usaha", False),
        ("submitted", "Profil Anda sedang ditinjau", True),
        ("returned", "Perbaiki profil usaha", False),
        ("approved", "Lihat kebutuhan yang cocok", False),
        ("withdrawn", "Profil Anda ditarik", False),
    ],
)
def test_the_owners_next_step(client, office, status, words, waits):
    ikm = offices.workshop(office, status=status)
    step = home(client, ikm.entered_by).context["step"]
    assert (step.title, step.waiting) == (words, waits)


def test_an_owner_is_asked_after_half_a_year_whether_all_is_so(client, office):
    ikm = offices.workshop(office, status="approved")
    Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=datetime(2026, 5, 1).date())
    step = home(client, ikm.entered_by).context["step"]
    assert (step.title, step.text) == (
        "Apakah data usaha Anda masih benar?",
        "Terakhir Anda pastikan pada 1 Mei 2026.",
    )


def test_a_returned_profile_names_the_sections(client, office, ani):
    ikm = offices.workshop(office)
    reviews.return_to_owner(
        ikm, by=ani, office=office, remarks={"products": "Terlalu besar.", "size": "Berapa?"}
    )
    page = home(client, ikm.entered_by)
    assert page.context["step"].text == "Dinas memberi catatan pada: Ukuran usaha, Produk dan kapasitas."
    assert [news.title for news in page.context["news"]] == ["Profil usaha Anda perlu dilengkapi"]


def test_the_owners_numbers(client, office, ani):
    ikm = offices.workshop(office)
    reviews.check_facts(ikm, by=ani, office=office, decisions={ikm.products.get(): ("verified", "visit")})
    assert figures(home(client, ikm.entered_by)) == {
        "produk": 1,
        "proses": 1,
        "sertifikat": 1,
        "dari 3 hal terperiksa Dinas": 1,
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_owners_home_asks_no_more_for_more_rows(client, office, django_assert_max_num_queries, rows):
    ikm = offices.workshop(office)
    for number, process in enumerate(["tekuk-pelat", "tekuk-pipa"][: rows - 1]):
        offices.add_facts(ikm, by=ikm.entered_by, process=process)
        notify(ikm.organisation, key=f"k{number}", title="Kabar", text="Isi", url="/beranda/")
    logged_in(ikm.entered_by, client)
    with django_assert_max_num_queries(12):
        client.get(HOME)


# --- The company


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("draft", "Lengkapi pendaftaran perusahaan"),
        ("submitted", "Pendaftaran Anda sedang ditinjau"),
        ("returned", "Perbaiki pendaftaran perusahaan"),
        ("reviewed", "Tulis kebutuhan pertama"),
    ],
)
def test_the_buyers_next_step(client, office, status, words):
    company = offices.company(office, status=status)
    assert home(client, company.entered_by).context["step"].title == words


def need(company: Company, number: int, status: str = "open") -> Need:
    opened = {"opened_at": timezone.now()} if status == "open" else {}
    return Need.objects.create(
        company=company,
        title=f"Kebutuhan {number}",
        category_id="rak-gudang",
        unit_id="pcs",
        quantity=10,
        start=datetime(2027, 1, 1).date(),
        end=datetime(2027, 12, 31 - number).date(),
        status=status,
        **opened,
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_buyers_home_lists_open_needs_by_their_end(client, office, django_assert_max_num_queries, rows):
    company = offices.company(office, status="reviewed")
    for number in range(rows):
        need(company, number)
    need(company, 9, status="draft")
    logged_in(company.entered_by, client)
    with django_assert_max_num_queries(12):
        page = client.get(HOME)
    assert [each.title for each, _standing in page.context["needs"]] == [
        f"Kebutuhan {n}" for n in reversed(range(rows))
    ]
    assert figures(page) == {"kebutuhan terbuka": rows, "draf": 1, "ditutup": 0}
    assert page.context["step"].title == "1 kebutuhan masih draf"


def test_read_news_is_gone(client, office):
    company = offices.company(office, status="reviewed")
    notify(company.organisation, key="k", title="Kabar", text="Isi", url="/beranda/")
    assert [news.title for news in home(client, company.entered_by).context["news"]] == ["Kabar"]
    Notification.objects.update(read_at=timezone.now())
    assert client.get(HOME).context["news"] == []


def test_both_homes_say_how_many_fit(client, office):
    ikm = offices.workshop(office, status="approved")
    company = offices.company(office, status="reviewed")
    need(company, 0)
    lists.refresh()
    page = home(client, company.entered_by)
    assert page.context["needs"] == [(Need.objects.get(), (1, 0))]
    page = home(client, ikm.entered_by)
    assert page.context["step"].title == "1 kebutuhan bisa Anda penuhi"
    assert figures(page)["kebutuhan yang Anda penuhi syaratnya"] == 1
