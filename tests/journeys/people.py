"""What people do at the portal in these stories: sign up, log in, fill in by the words on the page, follow a mail."""

import re
from datetime import date, timedelta

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.sample import PASSWORD, current_code
from tests.journeys.register import picture

SECRET = "kunci-bengkel-77"


ONLY_FAULTS = {"resultTypes": ["violations"]}

# --- A page


def fill(page: Page, label: str, value: str) -> None:
    page.get_by_label(label).first.fill(value)


def tick(page: Page, label: str) -> None:
    page.get_by_label(label).first.check()


def press(page: Page, name: str) -> None:
    """A button or a link that looks like one, by its words."""
    page.locator("main").get_by_role("button", name=name).or_(
        page.locator("main").get_by_role("link", name=name)
    ).first.click()


def title(page: Page, words: str) -> None:
    """The page is the one with this heading."""
    expect(page.locator("h1")).to_have_text(re.compile(words))


def says(page: Page, words: str) -> None:
    expect(page.locator("body")).to_contain_text(words)


def looked_at(page: Page) -> None:
    """The page can be used by everybody: axe finds nothing, nothing is too wide, there is one heading."""
    # Without scripts axe's own timers stand still, and it would never end.
    found = Axe().run(page, options=ONLY_FAULTS).response["violations"] if has_scripts(page) else []
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    complaints = [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]]
    assert (page.url, complaints, too_wide, page.locator("h1").count()) == (page.url, [], 0, 1)


# --- An account


def sign_up(page: Page, *, name: str, contact: str, secret: str = SECRET) -> None:
    """From the page that asks for it, whichever door led there."""
    title(page, "Buat akun")
    fill(page, "Nama Anda", name)
    page.get_by_label(re.compile("Nomor ponsel atau e-mail|E-mail kantor")).fill(contact)
    fill(page, "Kata sandi", secret)
    press(page, "Buat akun")


def follow_mail(page: Page, to: str, link: str) -> None:
    """Open the newest mail to the address and the link in it that has `link` in its path."""
    page.goto(f"/dev/mail?kepada={to}")
    page.locator(f"main a[href*='{link}']").first.click()


def confirm_address(page: Page, address: str) -> None:
    follow_mail(page, address, "/akun/email/")
    title(page, "Konfirmasi e-mail")
    press(page, "Ya, konfirmasi")


def log_in(page: Page, name: str, secret: str = PASSWORD) -> None:
    """With the one-time code where the person needs one."""
    page.goto("/akun/masuk/")
    fill(page, "E-mail atau nomor ponsel", name)
    fill(page, "Kata sandi atau PIN", secret)
    press(page, "Masuk")
    expect(page.locator("h1")).not_to_have_text(re.compile(r"^\s*Masuk\s*$"))
    if page.locator("h1").inner_text().strip() == "Langkah kedua":
        fill(page, "Kode dari aplikasi", current_code())
        press(page, "Masuk")
    page.wait_for_url(re.compile("/(beranda|usaha|perusahaan|kebutuhan|dinas)/"))


# --- The workshop


def choose_by_words(page: Page, label: str, words: str, option: str, *, go_on: str) -> None:
    """Typed words, then one of what they may mean: shown at once, or on the page that comes back without scripts."""
    fill(page, label, words)
    if not has_scripts(page):
        press(page, go_on)
    page.get_by_role("radio", name=option).first.check()
    press(page, go_on)


def has_scripts(page: Page) -> bool:
    return page.evaluate("!!window.htmx")


def add_product(page: Page, *, word: str, category: str, capacity: str, taken: str) -> None:
    """By an everyday word, then "if you made only this"; the page that asks for the rest comes next."""
    fill(page, "Satu barang atau jasa", word)
    press(page, "Cari")
    page.get_by_role("link", name=category, exact=True).click()
    title(page, category)
    fill(page, "sanggup berapa per bulan?", capacity)
    fill(page, "sudah terpakai", taken)
    press(page, "Simpan dan lanjutkan")


def add_certificate(page: Page, *, group: str, kind: str, number: str, until: date) -> None:
    """With a photograph as a phone takes it."""
    page.get_by_text(group, exact=True).click()
    page.get_by_role("link", name=re.compile(kind)).click()
    fill(page, "Nomor", number)
    fill(page, "Berlaku sejak", (timezone.localdate() - timedelta(days=300)).isoformat())
    fill(page, "Berlaku sampai", until.isoformat())
    page.get_by_label("Foto atau PDF").set_input_files(
        {"name": "iso.jpg", "mimeType": "image/jpeg", "buffer": picture(2000, 1500).read()}
    )
    press(page, "Simpan sertifikat")


def revise_capacity(page: Page, product: str, capacity: str) -> None:
    page.goto("/usaha/profil/bagian/products/")
    page.locator(".card", has_text=product).get_by_role("link", name="Ubah").click()
    fill(page, "sanggup berapa per bulan?", capacity)
    press(page, "Simpan")
    says(page, "Perubahan disimpan.")


# --- The match


def match_of(page: Page, name: str) -> Locator:
    """The row of a workshop in the ranked list, or of a need in the owner's."""
    return page.locator("li.match", has_text=name)


def score_of(page: Page, name: str) -> str:
    return (
        (match_of(page, name).locator(".match-score > span").text_content() or "")
        .replace("Nilai", "")
        .strip()
    )


def tenths(text: str) -> int:
    """ "93,1" as 931."""
    return int(text.strip().replace(",", ""))


def sums(table: Locator) -> tuple[list[int], list[int], int, int]:
    """Points and maxima of every line of an explanation, and the sums that stand under them, in tenths.

    Read in one go: the list around the table may renew itself at any moment.
    """
    body, foot = table.evaluate(
        """(table) => ["tbody", "tfoot"].map((part) =>
            [...table.querySelectorAll(part + " td.num")].map((cell) => cell.textContent))"""
    )
    pairs = [tuple(map(tenths, text.split(" dari "))) for text in body]
    score, maximum = map(tenths, foot[0].split(" dari "))
    return [points for points, _ in pairs], [most for _, most in pairs], score, maximum
