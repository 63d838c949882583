"""The bench of components, the start page and the error pages, as a browser meets them."""

import gzip
import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from tests.plugin import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ERRORS = [400, 403, 404, 409, 413, 429, 500, 503]


def complaints(page):
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


# Every page is shown by tests/journeys/test_sights.py; this one has its errors at once.
def test_axe_finds_nothing_where_everything_is_wrong(open_page):
    page = open_page("/dev/gaya/?salah=1", width=320)
    assert complaints(page) == []
    assert too_wide(page) == 0


def test_error_pages(open_page):
    page = open_page("/", width=320)
    for code in ERRORS:
        answer = page.goto(f"/dev/gaya/{code}/")
        assert (answer.status, complaints(page), too_wide(page)) == (code, [], 0)
        assert page.locator("h1").count() == 1


def test_a_first_visit_is_light(open_page):
    page = open_page("/dev/gaya/404/")
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert len(answers) <= 6
    assert sum(len(gzip.compress(answer.body())) for answer in answers) <= 48 * 1024


def test_nothing_breaks_the_strict_policy(open_page):
    page = open_page("/")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/dev/gaya/?salah=1")
    page.wait_for_load_state("networkidle")
    assert said == []


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


@pytest.mark.parametrize("javascript", [True, False])
def test_errors_take_the_focus_and_lead_to_their_fields(open_page, javascript):
    page = open_page("/dev/gaya/?salah=1", javascript=javascript)
    assert page.title().split() == [
        "Kesalahan:",
        "Gaya",
        "portal",
        "·",
        "Portal",
        "Kemitraan",
        "IKM",
        "Logam",
    ]
    wait_for(lambda: focused(page) == "error-summary")
    page.get_by_role("link", name="Kapasitas, bila hanya ini yang dibuat:").press("Enter")
    assert page.locator("#id_capacity:focus").count() == 1
    page.get_by_role("link", name="Bentuk usaha:").press("Enter")
    assert page.locator("#id_legal_0:focus").count() == 1


def test_the_keyboard_reaches_everything_in_order(open_page):
    page = open_page("/dev/gaya/")
    page.keyboard.press("Tab")
    assert focused(page) == "skip-link"
    page.keyboard.press("Enter")
    assert focused(page) == "isi"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Beranda"


def test_a_form_is_sent_once_and_again_after_coming_back(open_page):
    page = open_page("/dev/gaya/")
    sent = []
    page.route("**/dev/gaya/", lambda route: (sent.append(1), route.fulfill(status=204)))
    button = page.get_by_role("button", name="Simpan dan lanjutkan")
    page.evaluate(
        "const form = document.querySelector('form[enctype]'); form.requestSubmit(); form.requestSubmit()"
    )
    expect(button).to_be_disabled()
    assert button.is_disabled()
    assert sent == [1]
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert button.is_enabled()
    button.click()
    expect(button).to_be_disabled()
    assert sent == [1, 1]


def picture(width, height, form):
    file = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(file, form)
    return file.getvalue()


def chosen(page):
    """Name, type and size in pixels of the file that would be sent."""
    return page.evaluate(
        """async () => {
            const file = document.querySelector("#id_proof").files[0];
            const drawn = file.type.startsWith("image/") ? await createImageBitmap(file) : {};
            return [file.name, file.type, drawn.width, drawn.height];
        }"""
    )


def test_a_large_picture_is_made_small_before_it_travels(open_page):
    page = open_page("/dev/gaya/")
    page.set_input_files(
        "#id_proof", {"name": "iso.png", "mimeType": "image/png", "buffer": picture(2400, 1200, "PNG")}
    )
    wait_for(lambda: page.evaluate("document.querySelector('#id_proof').files[0].type === 'image/jpeg'"))
    assert chosen(page) == ["iso.jpg", "image/jpeg", 1600, 800]
    assert page.get_by_role("button", name="Simpan dan lanjutkan").is_enabled()


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [("a.pdf", "application/pdf", b"%PDF-1.7"), ("b.jpg", "image/jpeg", b"no picture at all")],
)
def test_what_is_no_picture_travels_as_it_is(open_page, name, kind, content):
    page = open_page("/dev/gaya/")
    page.set_input_files("#id_proof", {"name": name, "mimeType": kind, "buffer": content})
    expect(page.get_by_role("button", name="Simpan dan lanjutkan")).to_be_enabled()
    size = page.evaluate("document.querySelector('#id_proof').files[0].size")
    assert size == len(content)


def test_a_row_follows_its_main_link_but_not_when_text_is_marked(open_page):
    page = open_page("/dev/gaya/")
    cell = page.locator("tr.is-linked td").first
    cell.dblclick()
    cell.evaluate("cell => getSelection().selectAllChildren(cell)")
    page.evaluate("location.hash = ''")
    cell.dispatch_event("click")
    assert page.evaluate("location.hash") == ""
    page.evaluate("getSelection().removeAllRanges()")
    cell.dispatch_event("click")
    assert page.evaluate("location.hash") == "#baris"


def test_a_part_that_does_not_come_says_so_and_falls_silent_when_it_does(open_page):
    page = open_page("/dev/gaya/")
    page.evaluate(
        """() => {
            const part = '<div id="bagian" hx-get="/tidak-ada/">lama</div>';
            document.querySelector("h1").insertAdjacentHTML("afterend", part);
            htmx.process(document.querySelector("#bagian"));
        }"""
    )
    part = page.locator("#bagian")
    part.click()
    notice = page.get_by_text("Bagian ini belum termuat.")
    notice.wait_for()
    part.click()
    page.wait_for_timeout(200)
    assert notice.count() == 1
    page.route("**/tidak-ada/", lambda route: route.fulfill(body="baru"))
    part.click()
    page.get_by_text("baru", exact=True).wait_for()
    assert notice.count() == 0


def test_the_language_is_changed_and_stays(open_page):
    page = open_page("/")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/dev/gaya/")
    assert page.locator("html").get_attribute("lang") == "en"
