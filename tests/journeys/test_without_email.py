"""An owner who has a mobile number and no e-mail address: registered at the counter, in by a card, news by WhatsApp."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import (
    add_product,
    choose_by_words,
    fill,
    log_in,
    looked_at,
    press,
    says,
    tick,
    title,
)
from tests.journeys.story import approve
from tests.plugin import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]
WORKSHOP, NUMBER, PIN = "Bengkel Las Pak Rahmat", "0813 9876 5401", "290417"


def register_for_owner(page: Page) -> str:
    """At the counter of the Dinas; the eight figures on the card that the owner takes home."""
    page.get_by_role("navigation").get_by_role("link", name="Daftarkan IKM").first.click()
    fill(page, "Nama usaha", WORKSHOP)
    fill(page, "Nama pemilik", "Rahmat")
    fill(page, "Nomor ponsel pemilik", NUMBER)
    choose_by_words(page, "Kelurahan atau desa", "gerem", "Gerem", go_on="Daftarkan")
    says(page, f"{WORKSHOP} terdaftar sebagai draf.")
    page.get_by_role("link", name="buat kartu masuknya").click()
    title(page, "Buat kartu masuk")
    expect(page.get_by_label("Nomor ponsel")).to_have_value(re.compile(NUMBER.replace(" ", r"\s")))
    press(page, "Buat dan tampilkan kartu")
    title(page, "Kartu masuk Rahmat")
    looked_at(page)
    expect(page.locator(".entry-card svg")).to_be_visible()
    return page.locator(".entry-card-code").text_content() or ""


def enter_with_card(page: Page, code: str) -> None:
    page.goto("/akun/masuk/")
    press(page, "Saya punya kartu masuk")
    fill(page, "Nomor ponsel", NUMBER)
    fill(page, "Kode di kartu", "0000 0000")
    press(page, "Lanjutkan")
    says(page, "Nomor atau kode tidak cocok")
    fill(page, "Kode di kartu", code)
    press(page, "Lanjutkan")
    title(page, "Buat PIN")
    looked_at(page)
    fill(page, "PIN baru", "123456")
    fill(page, "Ulangi PIN", "123456")
    press(page, "Simpan PIN dan masuk")
    says(page, "PIN ini mudah ditebak")
    fill(page, "PIN baru", PIN)
    fill(page, "Ulangi PIN", PIN)
    press(page, "Simpan PIN dan masuk")
    title(page, WORKSHOP)


def complete(page: Page) -> None:
    """What the officer did not ask: size, product, processes, consent. No document at hand."""
    press(page, "Lanjutkan")
    says(page, "dari 7 bagian selesai")
    heading = WORKSHOP
    while heading != "Periksa jawaban":
        ANSWERS[heading](page)
        expect(page.locator("h1")).not_to_have_text(heading)
        heading = page.locator("h1").inner_text().strip()
    press(page, "Kirim untuk ditinjau")
    says(page, "Profil dikirim untuk ditinjau.")


def go_on(page: Page) -> None:
    press(page, "Simpan dan lanjutkan")


def state_size(page: Page) -> None:
    fill(page, "Berapa orang bekerja di sini?", "3")
    tick(page, "Kurang dari Rp1 miliar")
    go_on(page)


def state_product(page: Page) -> None:
    add_product(page, word="pager", category="Pagar dan Gerbang Besi", capacity="120", taken="")
    go_on(page)


def state_processes(page: Page) -> None:
    tick(page, "Las Busur Elektroda")
    go_on(page)


def consent(page: Page) -> None:
    tick(page, "Saya sudah membaca dan setuju.")
    go_on(page)


ANSWERS = {
    WORKSHOP: lambda page: press(page, "Lanjutkan"),
    "Identitas usaha": lambda page: (tick(page, "Perorangan"), go_on(page)),
    "Tempat usaha": go_on,
    "Ukuran usaha": state_size,
    "Apa yang Anda buat?": state_product,
    "Proses dan mesin": state_processes,
    "Sertifikat": lambda page: press(page, "Belum punya? Lewati"),
    "Kontak dan persetujuan": consent,
}


def hand_over(page: Page) -> str:
    """One tap opens WhatsApp with the news to the owner; the text that it is opened with."""
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto("/beranda/")
    press(page, "Kirim lewat WhatsApp")
    with page.context.expect_page():
        page.locator("li", has_text=WORKSHOP).get_by_role("button", name="Kirim").last.click()
    address = urlsplit(wait_for(lambda: page.title() and [url for url in asked if "//wa.me/" in url])[0])
    assert address.path == "/6281398765401"
    return parse_qs(address.query)["text"][0]


def test_an_owner_without_an_address(portal, open_page):
    officer = open_page("/akun/masuk/")
    log_in(officer, "petugas.a@contoh.example")
    code = register_for_owner(officer)

    owner = open_page("/akun/masuk/", width=360)
    enter_with_card(owner, code)
    complete(owner)

    officer.goto("/dinas/antrean/")
    row = officer.locator("tr", has_text=WORKSHOP)
    expect(row).to_contain_text("petugas lain")
    row.get_by_role("link").click()
    says(officer, "Anda yang memasukkan; petugas lain harus memeriksa.")
    says(officer, "Menyetujui: tugas petugas lain")
    assert officer.get_by_role("button", name=re.compile("Setujui")).count() == 0

    colleague = open_page("/akun/masuk/")
    log_in(colleague, "petugas.b@contoh.example")
    approve(colleague, name=WORKSHOP)
    text = hand_over(colleague)
    assert text.startswith("Yth. Rahmat,")
    assert "disetujui" in text

    # Forwarded to any phone, the link tells the news and opens nothing.
    link = re.search(r"/akun/kabar/\S+", text)
    phone = open_page(link[0], width=360)
    says(phone, "disetujui")
    looked_at(phone)
    press(phone, "Masuk dan buka")
    title(phone, "Masuk")

    owner.goto("/akun/keluar/")
    press(owner, "Keluar")
    log_in(owner, "+62 813-9876-5401", PIN)
    says(owner, "disetujui")
    enter_again = open_page("/akun/kartu/", width=360)
    fill(enter_again, "Nomor ponsel", NUMBER)
    fill(enter_again, "Kode di kartu", code)
    press(enter_again, "Lanjutkan")
    says(enter_again, "kartunya sudah dipakai")
