"""The steps of the main story, which is told with scripts and without."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import (
    add_certificate,
    add_product,
    choose_by_words,
    confirm_address,
    fill,
    looked_at,
    press,
    says,
    sign_up,
    tick,
    title,
)

WORKSHOP = "Bengkel Roller Bu Siti"
# Nine of the sample's workshops have a name or a place near to it.
AS_TYPED = "CV Roler Samangraya"
NEED = "Roller konveyor untuk jalur bijih baru"


def register(page: Page) -> None:
    """From the start page to the task list: sign-up, the confirmed address, and "Ini usaha Anda?"."""
    page.goto("/")
    press(page, "Daftarkan bengkel")
    sign_up(page, name="Siti Aminah", contact="siti@contoh.example")
    title(page, "Daftarkan usaha")
    confirm_address(page, "siti@contoh.example")
    page.goto("/usaha/mulai/")
    fill(page, "Nama usaha", AS_TYPED)
    choose_by_words(page, "Kelurahan atau desa", "samangraya", "Samangraya", go_on="Lanjutkan")
    title(page, "Ini usaha Anda?")
    says(page, "CV Roller Samangraya (CONTOH)")
    looked_at(page)
    press(page, "Bukan, daftarkan usaha baru")
    says(page, "dari 7 bagian selesai")


def describe(page: Page, *, in_short: bool = False) -> None:
    """The sections that are left, in the order in which the task list offers them."""
    page.get_by_role("link", name="Identitas usaha").click()
    fill(page, "Nama usaha", WORKSHOP)
    press(page, "Simpan dan lanjutkan")
    title(page, "Ukuran usaha")
    fill(page, "Berapa orang bekerja di sini?", "9")
    tick(page, "Kurang dari Rp1 miliar")
    press(page, "Simpan dan lanjutkan")
    title(page, "Apa yang Anda buat?")
    if not in_short:
        add_product(page, word="pacul", category="Cangkul", capacity="300", taken="0")
        press(page, "Simpan, tambah produk lain")
    add_product(page, word="roler konveyer", category="Roller Konveyor", capacity="1.250", taken="250")
    says(page, "seribu dua ratus lima puluh potong")
    tick(page, "Ya, sekitar")
    press(page, "Simpan dan lanjutkan")
    title(page, "Proses dan mesin")
    tick(page, "Bubut Manual")
    tick(page, "Las MIG/MAG")
    press(page, "Simpan dan lanjutkan")
    title(page, "Sertifikat")
    if in_short:
        press(page, "Belum punya? Lewati")
    else:
        show_certificate(page)
    tick(page, "Saya sudah membaca dan setuju.")
    press(page, "Simpan dan lanjutkan")


def show_certificate(page: Page) -> None:
    until = timezone.localdate() + timedelta(days=800)
    add_certificate(page, group="Mutu dan uji", kind="ISO 9001", number="ISO/2025/77", until=until)
    says(page, "ISO/2025/77")
    press(page, "Lanjut: Kontak dan persetujuan")


def send(page: Page) -> None:
    """The answers once more, numbers in words; then to the Dinas."""
    title(page, "Periksa jawaban")
    for answer in ("1.250 pcs per bulan", "seribu dua ratus lima puluh potong", "bebas 1.000 pcs"):
        says(page, answer)
    press(page, "Kirim untuk ditinjau")
    says(page, "Profil dikirim untuk ditinjau.")
    says(page, "menunggu tinjauan")


def approve(page: Page, *, name: str = WORKSHOP) -> None:
    page.goto("/dinas/antrean/")
    page.get_by_role("link", name=name).click()
    title(page, re.escape(name))
    verify_all(page)
    press(page, "Setujui")
    says(page, f"{name} disetujui dan tampil bagi industri besar.")


def verify_all(page: Page) -> None:
    """All that was stated was seen on a visit; a product and its capacity, each expressly."""
    fill(page, "Tanggal kunjungan", timezone.localdate().isoformat())
    page.get_by_label("Cara memeriksa").first.select_option("visit")
    for found in page.get_by_role("radio", name="Terperiksa", exact=True).all():
        found.check()
    for seen in page.get_by_label(re.compile("^(Produk dilihat|Kapasitas diperiksa)")).all():
        seen.check()


def state_need(page: Page) -> None:
    """In the wizard; the counts move with the conditions before anything is open."""
    start = timezone.localdate() + timedelta(days=30)
    page.goto("/kebutuhan/")
    press(page, "Tulis kebutuhan")
    fill(page, "Judul kebutuhan", NEED)
    choose_by_words(page, "Barang atau jasa apa?", "roller", "Roller Konveyor", go_on="Simpan dan lanjutkan")
    title(page, "Berapa dan kapan?")
    tick(page, "per bulan")
    fill(page, "Jumlah", "800")
    page.get_by_label("Satuan", exact=True).select_option("pcs")
    fill(page, "Mulai dibutuhkan", start.isoformat())
    fill(page, "Sampai", (start + timedelta(days=150)).isoformat())
    press(page, "Simpan dan lanjutkan")
    title(page, "Dikirim ke mana?")
    press(page, "Simpan dan lanjutkan")
    title(page, "Apa syaratnya?")


def counts(page: Page) -> Locator:
    return page.locator("#hitungan .counts-main strong")


def count(page: Page) -> int:
    return int(counts(page).text_content() or "")


def set_conditions(page: Page) -> None:
    """ISO 9001 is compulsory, TKDN for small industry preferred: fewer workshops qualify, and the page says so."""
    expect(counts(page)).not_to_have_text("0")
    before = count(page)
    page.get_by_role("checkbox", name=re.compile("Wajib.*ISO 9001")).check()
    expect(counts(page)).not_to_have_text(str(before))
    assert 0 < count(page) < before
    says(page, "Tanpa ISO 9001")
    page.locator("summary", has_text="Kandungan dalam negeri").click()
    page.get_by_role("checkbox", name=re.compile("Diutamakan.*TKDN-IK")).check()
    press(page, "Simpan dan lanjutkan")


def open_need(page: Page) -> None:
    title(page, "Bahan dan pembayaran")
    press(page, "Simpan dan lanjutkan")
    press(page, "Lanjut: periksa jawaban")
    says(page, "Delapan ratus potong per bulan")
    press(page, "Buka kebutuhan")
    title(page, "IKM yang cocok")
