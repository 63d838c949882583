"""The buyer's pages in Chromium: what axe says, whether anything is too wide, and the way through the questions."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from industry import attachments, needs
from industry.models import Need
from tests.browsers import logged_in
from tests.industry import people
from tests.industry.test_attachments import picture
from tests.industry.test_many import ROW, pasted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Perusahaan Baja Selat Gunungan Perkasa Abadi Sejahtera Bersama Nusantara Raya Tbk"


@pytest.fixture
def today():
    """The browser has a clock of its own: the real day counts here."""


@pytest.fixture
def open_as(open_page):
    """open_as(user, path, …): a page in the browser of somebody who is logged in."""

    def open_as(user, path, language="id", **options):
        cookies = [{"name": "sessionid", "value": logged_in(user).cookies["sessionid"].value}]
        cookies.append({"name": "django_language", "value": language})
        state = {"cookies": [c | {"domain": "localhost", "path": "/"} for c in cookies], "origins": []}
        type(user).objects.filter(pk=user.pk).update(language=language)
        return open_page(path, storage_state=state, **options)

    return open_as


def complaints(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    said = [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]
    return said + ([("too wide", wide)] if wide else [])


def buyers_pages(cast):
    cast.company.organisation.name = LONG
    cast.company.organisation.save()
    draft = needs.draft_need(cast.company, by=cast.owner, title="Draf " + "panjang " * 15)
    shown = people.opened(
        cast.company, cast.owner, title="Kontainer " + "kantor " * 15, spec="A\nB", **people.soon()
    )
    file = SimpleUploadedFile("gambar-" + "panjang-" * 12 + ".png", picture().read(), "image/png")
    attachments.attach(shown, file, visibility="confidential", by=cast.owner)
    closed = needs.close_need(
        people.opened(cast.company, cast.owner, title="Lain", **people.soon()), reason="filled", by=cast.owner
    )
    yield from (reverse(f"industry:{name}") for name in ("needs", "need_new", "many", "company", "start"))
    yield from (reverse("industry:need", args=[need.pk]) for need in (draft, shown, closed))
    yield from (
        reverse("industry:need_topic", args=[shown.pk, slug]) for slug in ("barang", "jumlah", "tempat")
    )
    yield reverse("industry:need_topic", args=[draft.pk, "ketentuan"])
    yield reverse("industry:attachments", args=[shown.pk])
    yield from (reverse(f"industry:need_{name}", args=[shown.pk]) for name in ("close", "copy"))
    yield reverse("industry:need_discard", args=[draft.pk])
    yield reverse("industry:need_reopen", args=[closed.pk])
    yield from (
        reverse("industry:company_section", args=[slug]) for slug in ("identitas", "tempat", "kontak")
    )


@pytest.mark.full
@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1280, "id"), (320, "en")])
def test_axe_finds_nothing_and_nothing_is_too_wide(transactional_db, open_as, width, language):
    cast = people.cast()
    paths = list(buyers_pages(cast))
    page = open_as(cast.owner, "/", language, width=width)
    for path in paths:
        page.goto(path)
        assert (path, complaints(page)) == (path, [])
    for path in (paths[1], paths[9], paths[-1]):  # the same with errors
        page.goto(path)
        for field in page.locator("main input[type=text], main input[type=search], main textarea").all():
            field.fill("")
        page.locator("main form[method=post] button.btn-primary").click()
        expect(page.locator(".error-summary")).to_be_focused()
        assert (path, complaints(page)) == (path, [])
    page.goto(reverse("industry:many"))
    page.locator("#id_rows").fill(pasted(ROW, ["Salah", *ROW[1:2], "1,250", *ROW[3:]]))
    page.locator("main form button.btn-primary").click()
    assert complaints(page) == []
    workshop = open_as(cast.smith, paths[6], language, width=width)
    assert complaints(workshop) == []
    workshop.goto(reverse("industry:promise", args=[Need.objects.get(status="open").pk]))
    assert complaints(workshop) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_need_from_everyday_words_to_open(transactional_db, open_as, javascript):
    cast = people.cast()
    page = open_as(cast.owner, reverse("industry:needs"), width=360, javascript=javascript)
    page.get_by_role("link", name="Tulis kebutuhan").first.click()
    page.get_by_label("Judul kebutuhan").fill("Roller konveyor 89 mm")
    page.get_by_label("Barang atau jasa apa?").fill("roler konveyor")
    go_on = page.get_by_role("button", name="Simpan dan lanjutkan")
    if not javascript:
        go_on.click()
    page.get_by_label("Roller Konveyor").first.check()
    go_on.click()
    page.get_by_label("seluruhnya, untuk seluruh waktu").check()
    page.get_by_label("Jumlah", exact=True).fill("3")
    page.get_by_label("Satuan", exact=True).select_option("unit")
    start, end = people.soon().values()
    page.get_by_label("Mulai dibutuhkan").fill(start.isoformat())
    page.get_by_label("Sampai").fill(end.isoformat())
    if javascript:
        expect(page.locator("#terbaca")).to_contain_text("= 1 unit per bulan")
    go_on.click()
    expect(page.locator("h1")).to_have_text("Dikirim ke mana?")
    go_on.click()
    expect(page.locator("h1")).to_have_text("Apa syaratnya?")
    go_on.click()
    go_on.click()
    page.get_by_role("link", name="Lanjut: periksa jawaban").click()
    expect(page.locator(".next-step")).to_contain_text("= 1 unit per bulan")
    page.get_by_role("button", name="Buka kebutuhan").click()
    page.wait_for_url("**/kecocokan/")
    need = Need.objects.get()
    assert (need.status, need.quantity, need.quantity_per_month) == ("open", 3, 1)


def test_a_double_click_and_a_second_tab_open_once(transactional_db, open_as):
    cast = people.cast()
    need = people.draft(cast.company, cast.owner, **people.soon())
    address = reverse("industry:need", args=[need.pk])
    first, second = (open_as(cast.owner, address) for _ in range(2))
    first.get_by_role("button", name="Buka kebutuhan").dblclick()
    first.wait_for_url("**/kecocokan/")
    second.get_by_role("button", name="Buka kebutuhan").click()
    expect(second.locator(".notice").first).to_contain_text("Kebutuhan ini sudah terbuka.")
    assert Need.objects.get().status == "open"
