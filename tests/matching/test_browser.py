"""The pages of matches in Chromium: what axe says, whether anything is too wide, and what happens without a reload."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from ikm.models import Product
from industry import needs
from industry.models import Need
from matching.lists import refresh
from tests.browsers import logged_in
from tests.matching import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "CV Bengkel Konstruksi dan Perlengkapan Gudang Sumber Rejeki Makmur Sentosa Bersama Nusantara"


@pytest.fixture
def stored(transactional_db):
    """The cast, committed, at the real clock: the browser has a clock of its own."""
    cast = people.cast()
    today = timezone.localdate()
    Need.objects.update(start=today + timezone.timedelta(days=40), end=today + timezone.timedelta(days=200))
    type(cast.proven).objects.update(confirmed_on=today)
    cast.proven.certificates.update(valid_until=today + timezone.timedelta(days=60))
    cast.claimed.certificates.update(valid_until=today + timezone.timedelta(days=900))
    cast.need.refresh_from_db()
    refresh()
    return cast


@pytest.fixture
def open_as(open_page):
    """open_as(user, path, …): a page in the browser of somebody who is logged in."""

    def open_as(user, path, language="id", **options):
        cookies = [{"name": "sessionid", "value": logged_in(user).cookies["sessionid"].value}]
        state = {"cookies": [c | {"domain": "localhost", "path": "/"} for c in cookies], "origins": []}
        type(user).objects.filter(pk=user.pk).update(language=language)
        return open_page(path, storage_state=state, **options)

    return open_as


def complaints(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    said = [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]
    return said + ([("too wide", wide)] if wide else [])


def everybodys_pages(cast):
    cast.proven.organisation.name = LONG
    cast.proven.organisation.save()
    draft = needs.copy_need(cast.need, start=cast.need.start, end=cast.need.end, by=cast.buyer)
    bare = needs.draft_need(cast.company, by=cast.buyer, title="Rak " + "panjang " * 15)
    ranking, explain = "matching:need_ranking", "matching:explain"
    yield cast.buyer, reverse(ranking, args=[cast.need.pk])
    yield cast.buyer, reverse(explain, args=[cast.need.pk, cast.proven.pk])
    yield cast.officer, reverse(explain, args=[cast.need.pk, cast.route.pk])
    yield from ((cast.buyer, reverse(ranking, args=[need.pk])) for need in (draft, bare))
    yield from ((cast.buyer, reverse("matching:need_conditions", args=[n.pk])) for n in (draft, bare))
    for ikm in (cast.near, cast.route):
        owner = people.owner(ikm)
        yield owner, reverse("matching:owner_matches")
        yield owner, reverse("matching:owner_explain", args=[cast.need.pk])
        yield owner, reverse("matching:preview", args=[ikm.pk])
    yield cast.buyer, reverse("matching:method")


@pytest.mark.full
@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1280, "id"), (360, "en")])
def test_axe_finds_nothing_and_nothing_is_too_wide(stored, open_as, width, language):
    found = {}
    for user, path in everybodys_pages(stored):
        page = open_as(user, path, language, width=width)
        for summary in page.locator("main summary:visible").all():
            summary.click()
        page.wait_for_load_state("networkidle")
        if wrong := complaints(page):
            found[path] = wrong
        page.context.close()
    assert found == {}


def test_why_opens_in_place_and_adds_up(stored, open_as):
    page = open_as(stored.buyer, reverse("matching:need_ranking", args=[stored.need.pk]))
    page.get_by_text("Kenapa 95,0?").click()
    expect(page.locator(".explained tfoot .num")).to_have_text("95,0 dari 100,0")
    expect(page.get_by_role("link", name="Buka penjelasan").first).to_be_hidden()


def test_without_javascript_why_is_a_page_of_its_own(stored, open_as):
    page = open_as(stored.buyer, reverse("matching:need_ranking", args=[stored.need.pk]), javascript=False)
    page.get_by_text("Kenapa 95,0?").click()
    page.get_by_role("link", name="Buka penjelasan").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CV Pasti")


def test_a_new_score_comes_without_a_reload(stored, open_as):
    Product.objects.filter(ikm=stored.proven).update(capacity_per_month=Decimal(100))
    page = open_as(stored.buyer, reverse("matching:need_ranking", args=[stored.need.pk]))
    notice = page.locator("#urutan .notice")
    expect(notice).to_contain_text("Sedang dihitung ulang.")
    expect(page.locator(".match-score").first).to_contain_text("95,0")
    refresh()
    expect(notice).to_be_hidden()
    expect(page.locator(".match", has_text="CV Pasti").locator(".match-score")).to_contain_text("85,0")
    assert page.locator("#urutan").get_attribute("hx-trigger") == "every 5s"


def test_a_page_that_is_up_to_date_shows_a_change_without_a_touch(stored, open_as):
    page = open_as(stored.buyer, reverse("matching:need_ranking", args=[stored.need.pk]))
    score = page.locator(".match", has_text="CV Pasti").locator(".match-score")
    expect(score).to_contain_text("95,0")
    Product.objects.filter(ikm=stored.proven).update(capacity_per_month=Decimal(100))
    refresh()
    expect(score).to_contain_text("85,0", timeout=10_000)


def test_counts_move_while_one_ticks(stored, open_as):
    page = open_as(stored.buyer, reverse("matching:need_conditions", args=[stored.need.pk]))
    counts = page.locator("#hitungan .counts")
    expect(counts).to_contain_text("2 memenuhi syarat")
    page.get_by_label("Wajib: ISO 9001 Sistem Manajemen Mutu").uncheck()
    expect(counts).to_contain_text("3 memenuhi syarat")
    page.get_by_label("Las MIG/MAG (GMAW)").uncheck()
    expect(counts).to_contain_text("0 lainnya")
    assert stored.need.required_certificates.filter(pk="iso-9001").exists()


def test_no_is_remembered_and_yes_leads_to_the_product(stored, open_as):
    page = open_as(people.owner(stored.route), reverse("matching:owner_matches"), width=360)
    question = page.get_by_role("heading", name="Apakah Anda juga mengerjakan rak gudang palet?")
    expect(question).to_be_visible()
    page.get_by_role("button", name="Tidak").click()
    expect(question).to_be_hidden()
    page.get_by_text("Yang Anda jawab Tidak (1)").click()
    page.get_by_role("button", name="Tanyakan lagi").click()
    page.locator(".questions .btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rak Gudang Palet")
