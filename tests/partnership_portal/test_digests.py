from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.urls import reverse

from accounts import alerts
from accounts.models import DigestChoice, Membership, Notification, Organisation, SavedSearch, Told, User
from catalogue.models import Category
from ikm.directory.refreshing import refresh
from ikm.models import Ikm, Product
from industry.models import Company, Need
from partnership_portal import digests
from partnership_portal.tasks import tell_news
from tests import offices, races
from web import mail
from web.models import OutgoingMail

TODAY = date(2026, 11, 24)  # a Tuesday
# Each finds both workshops.
TEN = """q=rak kategori=rak-gudang proses=las-gmaw urut=terbaru bukti=claimed wilayah=36.72 segar=3 segar=6
q=gudang q=rak&urut=kapasitas""".split()


@pytest.fixture(autouse=True)
def clock(settings):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with time_machine.travel(offices.MORNING) as traveller:
        yield traveller


@pytest.fixture
def office(db) -> Organisation:
    return offices.office()


@pytest.fixture
def company(office) -> Company:
    return offices.company(office, status="reviewed")


@pytest.fixture
def buyer(company) -> User:
    return company.entered_by


def made(office, name: str, **fields) -> Ikm:
    ikm = offices.workshop(office, status="approved", name=name, **fields)
    refresh()
    return ikm


def saved(by: User, query: str = "q=rak", name: str = "Rak", known=(), rhythm: str = "day") -> SavedSearch:
    search = alerts.save_search(name=name, query=query, known=known, by=by)
    DigestChoice.objects.filter(user=by).update(rhythm=rhythm)
    return search


def asked(company: Company, *, title: str = "Rak baru", category: str = "rak-gudang", opened=None) -> Need:
    return Need.objects.create(
        company=company,
        office=company.organisation.reviewing_office,
        title=title,
        category_id=category,
        quantity=10,
        unit_id="pcs",
        start=TODAY,
        end=TODAY + timedelta(days=60),
        status="open",
        opened_at=opened or offices.MORNING + timedelta(hours=1),
    )


def run(day: date = TODAY) -> int:
    return digests.run(day)


def test_ten_searches_are_one_mail_and_a_second_run_is_none(office, buyer):
    for number, query in enumerate(TEN):
        saved(buyer, query, f"Rak {number}")
    made(office, "CV Rak Baja")
    made(office, "CV Rak Lain")
    assert run() == 1
    [queued] = OutgoingMail.objects.all()
    assert queued.subject == "2 IKM baru"
    assert queued.text.count("CV Rak Baja") == queued.text.count("CV Rak Lain") == 1
    assert [run(), run(TODAY + timedelta(days=1)), run(TODAY + timedelta(days=9))] == [0, 0, 0]
    assert OutgoingMail.objects.count() == 1


def test_what_matched_when_it_was_saved_is_no_news(office, buyer):
    old = made(office, "CV Rak Lama")
    saved(buyer, known=[old.pk])
    assert run() == 0
    assert DigestChoice.objects.get().looked_on == TODAY
    made(office, "CV Rak Baru")
    assert run(TODAY) == 0  # looked for today already
    assert run(TODAY + timedelta(days=1)) == 1
    text = OutgoingMail.objects.get().text
    assert "CV Rak Baru, Pulomerak: Rak gudang" in text
    assert "CV Rak Lama" not in text


def test_what_leaves_and_comes_back_is_not_told_again(office, buyer):
    saved(buyer)
    ikm = made(office, "CV Rak Baja")
    assert run() == 1
    Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=TODAY - timedelta(days=400))
    refresh()
    assert run(TODAY + timedelta(days=1)) == 0
    assert SavedSearch.objects.get().known == []
    Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=TODAY)
    refresh()
    assert run(TODAY + timedelta(days=2)) == 0
    assert SavedSearch.objects.get().known == [ikm.pk]


def test_a_narrower_search_tells_what_a_wider_one_had_known(office, buyer):
    ikm = made(office, "CV Rak Baja")
    saved(buyer, "q=rak", "Semua rak", known=[ikm.pk])
    saved(buyer, "q=rak&proses=las-gmaw", "Rak yang dilas")
    assert run() == 1
    assert "Pencarian “Rak yang dilas”" in OutgoingMail.objects.get().text


def test_weekly_mails_come_once_a_week_also_after_an_outage(office, buyer):
    saved(buyer, rhythm="week")
    assert run(TODAY) == 0  # looked for on this Tuesday, nothing there
    made(office, "CV Rak Baja")
    for day in range(1, 6):
        assert run(TODAY + timedelta(days=day)) == 0
    # On Monday the worker was down.
    assert run(TODAY + timedelta(days=7)) == 1
    made(office, "CV Rak Lain")
    assert run(TODAY + timedelta(days=8)) == 0
    assert run(date(2026, 12, 7)) == 1


def test_off_is_off(office, buyer):
    saved(buyer, rhythm="off")
    made(office, "CV Rak Baja")
    assert run() == 0
    assert Told.objects.count() == 0


def test_a_switched_off_search_stays_silent(office, buyer):
    quiet = saved(buyer, "q=rak", "Diam")
    saved(buyer, "q=rak&ukuran=small", "Lain", known=[1])
    alerts.choose(rhythm="day", searches_on=[], by=buyer)
    made(office, "CV Rak Baja")
    assert run() == 0
    alerts.choose(rhythm="day", searches_on=[quiet.pk], by=buyer)
    assert run(TODAY + timedelta(days=1)) == 1


def test_followed_categories_and_searches_come_together(office, company, buyer):
    ikm = made(office, "CV Rak Baja")
    owner = ikm.entered_by
    asked(company, title="Rak dari dulu", opened=offices.MORNING - timedelta(days=3))
    alerts.follow(Category.objects.get(slug="rak-gudang").parent, by=owner)
    alerts.follow(Category.objects.get(slug="rak-gudang"), by=owner)
    saved(owner, known=[ikm.pk])
    asked(company)
    asked(company, title="Cangkul", category="cangkul")
    made(office, "CV Rak Lain")
    assert run(TODAY) == 1
    [queued] = OutgoingMail.objects.all()
    assert queued.subject == "1 IKM baru, 1 kebutuhan baru"
    assert queued.text.count("- Rak baru (PT Baja Samudra)") == 1
    assert "Rak dari dulu" not in queued.text
    assert "Cangkul" not in queued.text
    assert sorted(Told.objects.values_list("kind", flat=True)) == ["ikm", "need"]


def test_needs_are_told_to_the_market_alone(company, buyer):
    """Another buyer sees nothing of a need, whatever is followed."""
    other = offices.company(company.organisation.reviewing_office, status="reviewed", name="PT Lain")
    for person in (other.entered_by, offices.person("Orang Luar")):
        alerts.follow(Category.objects.get(slug="rak-gudang"), by=person)
    DigestChoice.objects.update(rhythm="day")
    asked(company)
    assert run() == 0


def test_many_are_counted(office, buyer):
    saved(buyer)
    for number in range(digests.NAMED + 2):
        offices.workshop(office, status="approved", name=f"CV Rak {number}")
    refresh()
    assert run() == 1
    text = OutgoingMail.objects.get().text
    assert text.count("- CV Rak") == digests.NAMED
    assert "dan 2 lainnya" in text
    assert Told.objects.count() == digests.NAMED + 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_mail_is_in_the_persons_language(office, company, language):
    owner = offices.workshop(office, status="approved").entered_by
    owner.language = language
    owner.save()
    category = Category.objects.get(slug="rak-gudang")
    alerts.follow(category, by=owner)
    DigestChoice.objects.update(rhythm="day")
    asked(company)
    run()
    words = {"id": category.name_id, "en": category.name_en}
    text = OutgoingMail.objects.get().text
    assert {each: word in text for each, word in words.items()} == {each: each == language for each in words}


def test_the_mail_can_be_ended_with_one_tap(office, buyer, client):
    search = saved(buyer)
    made(office, "CV Rak Baja")
    run()
    mail.send_due()
    [sent] = outbox.outbox
    assert reverse("ikm:saved_search", args=[search.pk]) in sent.body
    headers = sent.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address in sent.body
    assert client.post("/" + address.split("/", 3)[3]).status_code == 200
    assert DigestChoice.objects.get().rhythm == "off"


def test_the_mail_names_no_contact(office, buyer):
    saved(buyer)
    ikm = made(office, "CV Rak Baja")
    Organisation.objects.filter(pk=ikm.organisation_id).update(
        email="rak@contoh.example", contact_name="Ibu Sari", address="Gang 9"
    )
    run()
    text = OutgoingMail.objects.get().text
    assert not [word for word in ("rak@", "Ibu Sari", "Gang 9", "812") if word in text]


def test_who_has_no_address_finds_it_in_the_portal(office, company):
    owner = offices.person("Rahmat", email=None, phone="+6281398765401")
    offices.workshop(office, status="approved", owner=owner)
    alerts.follow(Category.objects.get(slug="rak-gudang"), by=owner)
    DigestChoice.objects.update(rhythm="day")
    asked(company)
    assert (run(), run()) == (1, 0)
    news = Notification.objects.get()
    assert (news.user, news.title, OutgoingMail.objects.count()) == (owner, "1 kebutuhan baru", 0)
    assert "Rak baru (PT Baja Samudra)" in news.text


def test_who_left_hears_nothing(office, buyer):
    saved(buyer)
    buyer.is_active = False
    buyer.save()
    made(office, "CV Rak Baja")
    assert run() == 0


def test_one_that_fails_does_not_keep_the_others(office, buyer, monkeypatch, caplog):
    other = offices.person("Siti")
    saved(buyer)
    saved(other)
    made(office, "CV Rak Baja")
    write = digests.write

    def broken(key: int, today: date) -> bool:
        if key == DigestChoice.objects.get(user=buyer).pk:
            raise ValueError("away")
        return write(key, today)

    monkeypatch.setattr(digests, "write", broken)
    assert run() == 1
    assert "not written" in caplog.text
    monkeypatch.undo()
    assert run() == 1
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_one_mail_each():
    place = offices.office()
    for number in range(3):
        saved(offices.person(f"Pembeli {number}"))
    made(place, "CV Rak Baja")
    assert races.both(lambda number: tell_news()) == ["done", "done"]
    assert (OutgoingMail.objects.count(), Told.objects.count()) == (3, 3)


def test_without_the_lock_two_runs_would_meet(office, buyer):
    """The control: what the lock and the day on the row prevent, the unique rows refuse."""
    saved(buyer)
    ikm = made(office, "CV Rak Baja")
    Told.objects.create(user=buyer, kind="ikm", item=ikm.pk)
    assert run() == 0


# --- Pages


@pytest.fixture
def signed_in(client, buyer):
    client.force_login(buyer)
    return client


def test_a_search_is_saved_from_the_directory(signed_in, office, buyer):
    ikm = made(office, "CV Rak Baja")
    url = reverse("ikm:search_save") + "?q=rak&urut=relevansi&lain=1"
    assert signed_in.get(url).status_code == 200
    assert signed_in.post(url, {"name": "Rak gudang"}).url == reverse("ikm:alerts")
    search = SavedSearch.objects.get()
    assert (search.user, search.query, search.known) == (buyer, "q=rak", [ikm.pk])
    opened = signed_in.get(reverse("ikm:saved_search", args=[search.pk]))
    assert opened.url == reverse("ikm:directory") + "?q=rak"
    assert signed_in.get(reverse("ikm:search_save")).url == reverse("ikm:directory")
    assert signed_in.post(url, {"name": ""}).status_code == 200
    assert signed_in.post(reverse("ikm:search_forget", args=[search.pk])).status_code == 302
    assert SavedSearch.objects.count() == 0


def test_the_choices_are_kept(signed_in, buyer):
    one, two = saved(buyer, "q=a", "A"), saved(buyer, "q=b", "B")
    url = reverse("ikm:alerts")
    assert signed_in.get(url).status_code == 200
    signed_in.post(url, {"rhythm": "day", "searches_on": [str(two.pk)]})
    assert DigestChoice.objects.get().rhythm == "day"
    assert list(SavedSearch.objects.filter(is_on=True)) == [two]
    refused = signed_in.post(url, {"rhythm": "hourly", "searches_on": [str(one.pk)]})
    assert "Kesalahan:" in refused.content.decode()


def test_categories_are_followed_by_words_or_by_what_one_makes(client, office):
    ikm = offices.workshop(office, status="approved")
    client.force_login(ikm.entered_by)
    page = client.get(reverse("ikm:alerts")).content.decode()
    assert 'value="rak-gudang"' in page
    client.post(reverse("ikm:follow"), {"category": "rak-gudang"})
    assert "rak-gudang" in alerts.CategoryFollow.objects.values_list("category", flat=True)
    unclear = client.post(reverse("ikm:follow"), {"category_kata": "zzzz"})
    assert unclear.status_code == 422
    client.post(reverse("ikm:unfollow", args=["rak-gudang"]))
    assert alerts.CategoryFollow.objects.count() == 0
    assert client.post(reverse("ikm:unfollow", args=["rak-gudang"])).status_code == 404


def test_anothers_search_is_not_there(signed_in, db):
    other = saved(offices.person("Siti"))
    for name in ("ikm:saved_search", "ikm:search_forget"):
        assert signed_in.get(reverse(name, args=[other.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(signed_in, buyer, count, django_assert_max_num_queries):
    for number in range(count):
        saved(buyer, f"q={number}", f"Cari {number}")
        alerts.follow(Category.objects.filter(level=3).order_by("slug")[number], by=buyer)
    with django_assert_max_num_queries(12):
        signed_in.get(reverse("ikm:alerts"))


def test_a_product_that_is_gone_is_not_named(office, buyer):
    saved(buyer)
    ikm = made(office, "CV Rak Baja")
    Product.objects.create(
        ikm=ikm, name="Tua", category_id="cangkul", unit_id="pcs", retired_at=offices.MORNING
    )
    assert Membership.objects.filter(user=buyer).count() == 1
    run()
    assert "Tua" not in OutgoingMail.objects.get().text
