"""The main journey, told once with a real worker: from nothing to a match that follows the workshop's facts."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Notification, User
from accounts.sample import current_code
from ikm.models import Ikm
from industry.models import Need
from matching.models import NeedRanking
from partnership_portal.seeding import seed
from tests.plugin import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "kunci-bengkel-77"


@pytest.fixture
def portal(transactional_db, celery_worker_process):
    """The sample register, and a worker that sees what people do."""
    seed()
    return celery_worker_process


def go_on(page: Page, name: str = "Simpan dan lanjutkan") -> None:
    page.get_by_role("button", name=name).first.click()


def log_in(page: Page, name: str, secret: str) -> None:
    page.goto("/akun/masuk/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(secret)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()
    if page.locator("[name=code]").count():
        page.locator("[name=code]").fill(current_code())
        page.locator("[name=code]").press("Enter")
    page.wait_for_url(re.compile(r"/(beranda|usaha|kebutuhan)/"))


def sign_up(page: Page, name: str, email: str) -> None:
    """By e-mail: the address is confirmed by the link that was mailed."""
    page.goto("/akun/daftar/?untuk=usaha")
    page.get_by_label("Nama Anda").fill(name)
    page.get_by_label("Nomor ponsel atau e-mail").fill(email)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("input[type=password]").last.press("Enter")
    sent = wait_for(lambda: [message for message in mail.outbox if email in message.to], patience=30)
    link = re.search(r"https?://[^/\s]+(/\S+)", str(sent[-1].body))
    assert link is not None
    page.goto(link[1])
    if page.locator("main form button").count():
        page.locator("main form button").first.click()


def describe_workshop(page: Page, javascript: bool) -> None:
    """What an owner says of a workshop, without a document at hand."""
    page.goto("/usaha/mulai/")
    page.get_by_label("Nama usaha").fill("CV Pacul Ibu Siti (CONTOH)")
    page.get_by_label("Kelurahan atau desa tempat usaha").fill("samangraya")
    if javascript:
        page.get_by_role("radio").first.wait_for()
        page.get_by_label("Samangraya").first.check()
    go_on(page, "Lanjutkan")
    if page.get_by_role("radio").count():
        page.get_by_label("Samangraya").first.check()
        go_on(page, "Lanjutkan")
    page.get_by_role("link", name="Lanjutkan").first.click()
    page.get_by_label("Berapa orang bekerja di sini?").fill("9")
    page.get_by_label("Kurang dari Rp1 miliar").check()
    go_on(page)
    page.get_by_label("Satu barang atau jasa").fill("sprocket")
    if not javascript:
        go_on(page, "Cari")
    page.get_by_role("link", name="Sprocket").first.click()
    page.get_by_label("sanggup berapa per bulan?").fill("1.250")
    page.get_by_label("sudah terpakai").fill("250")
    go_on(page)
    expect(page.get_by_text("seribu dua ratus lima puluh potong")).to_be_visible()
    page.get_by_label("Ya, sekitar").first.check()
    go_on(page)
    page.get_by_label("Bubut Manual").check()
    go_on(page)
    go_on(page, "Belum punya? Lewati")
    page.get_by_label("Saya sudah membaca dan setuju.").check()
    go_on(page)
    go_on(page, "Kirim untuk ditinjau")
    expect(page.get_by_text("Profil dikirim untuk ditinjau.")).to_be_visible()


def approve(page: Page, ikm: Ikm) -> None:
    """The officer has seen the product and its capacity on a visit, then approves."""
    page.goto(reverse("ikm:review", args=[ikm.pk]))
    row = f"product-{ikm.products.get().pk}"
    page.locator("[name=method]").select_option("visit")
    page.locator("[name=visited_on]").fill(timezone.localdate().isoformat())
    page.locator(f"[name={row}-found][value=verified]").check()
    for tick in ("thing", "capacity"):
        page.locator(f"[name={row}-{tick}]").check()
    page.locator("button[name=action][value=approve]").click()
    wait_for(lambda: Ikm.objects.get(pk=ikm.pk).status == "approved")


def state_need(page: Page, javascript: bool) -> Need:
    """1,000 sprockets a month, from next month on, in the wizard."""
    start = timezone.localdate() + timedelta(days=30)
    page.goto(reverse("industry:need_new"))
    page.get_by_label("Judul kebutuhan").fill("Sprocket konveyor")
    page.get_by_label("Barang atau jasa apa?").fill("sprocket")
    if javascript:
        page.get_by_label("Sprocket").first.check()
    go_on(page)
    if page.get_by_role(
        "radio", name="Sprocket"
    ).count():  # without scripts the choice comes on the next page
        page.get_by_role("radio", name="Sprocket").first.check()
        go_on(page)
    page.get_by_label("Jumlah", exact=True).fill("1.000")
    page.get_by_label("Satuan", exact=True).select_option("pcs")
    page.get_by_label("Mulai dibutuhkan").fill(start.isoformat())
    page.get_by_label("Sampai").fill((start + timedelta(days=120)).isoformat())
    go_on(page)
    expect(page.locator("h1")).to_have_text("Dikirim ke mana?")
    go_on(page)
    expect(page.locator("h1")).to_have_text("Apa syaratnya?")
    if not javascript:
        go_on(page, "Hitung")
    expect(page.locator("#hitungan .counts")).to_contain_text("1 memenuhi syarat")
    go_on(page)
    go_on(page)
    page.get_by_role("link", name="Lanjut: periksa jawaban").click()
    go_on(page, "Buka kebutuhan")
    page.wait_for_url("**/kecocokan/")
    return Need.objects.get(title="Sprocket konveyor")


def score_of(page: Page, name: str):
    return page.locator(".match", has_text=name).locator(".match-score")


def change_capacity(page: Page, ikm: Ikm, capacity: str) -> None:
    page.goto(reverse("ikm:product", args=[ikm.pk, ikm.products.get().pk]))
    page.get_by_label("sanggup berapa per bulan?").fill(capacity)
    go_on(page, "Simpan")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_a_workshop_registers_and_its_match_follows_its_facts(portal, open_page, javascript):
    owner = open_page("/", width=360, javascript=javascript)
    # Each time another address: mails to one address are rationed, and the ration outlives a test.
    email = f"siti.{'dengan' if javascript else 'tanpa'}.skrip@contoh.example"
    sign_up(owner, "Siti Aminah", email)
    describe_workshop(owner, javascript)
    ikm = Ikm.objects.get(organisation__name="CV Pacul Ibu Siti (CONTOH)")
    assert (ikm.status, ikm.organisation.reviewing_office.ref) == ("submitted", "dinas-cilegon-contoh")

    officer = open_page("/", javascript=javascript)
    log_in(officer, "petugas.a@contoh.example", "contoh-portal-2026")
    approve(officer, ikm)
    product = ikm.products.get()
    assert (product.evidence, product.method) == ("verified", "visit")
    assert Notification.objects.filter(organisation=ikm.organisation).exists()

    buyer = open_page("/", javascript=javascript)
    log_in(buyer, "pengadaan1@contoh.example", "contoh-portal-2026")
    need = state_need(buyer, javascript)
    wait_for(lambda: NeedRanking.objects.filter(need=need, version__isnull=False).exists())
    if not javascript:
        buyer.reload()
    expect(score_of(buyer, "Ibu Siti")).to_contain_text("100,0")
    buyer.goto(reverse("matching:explain", args=[need.pk, ikm.pk]))
    expect(buyer.locator("tfoot")).to_contain_text("100,0 dari 100,0")
    buyer.goto(reverse("matching:need_ranking", args=[need.pk]))

    owner.goto("/usaha/kebutuhan-cocok/")
    expect(owner.get_by_role("link", name="Sprocket konveyor").first).to_be_visible()
    change_capacity(owner, ikm, "625")
    assert ikm.products.get().evidence == "verified"  # less is claimed than was verified
    if not javascript:
        wait_for(lambda: NeedRanking.objects.get(need=need).rows[0][7] < 1000)
        buyer.reload()
    # Free is 375 of 1,000: 0.375 of the capacity's 363 points instead of all of them.
    expect(score_of(buyer, "Ibu Siti")).not_to_contain_text("100,0", timeout=15_000)
    kept = NeedRanking.objects.get(need=need).entries[0]
    expect(score_of(buyer, "Ibu Siti")).to_contain_text(f"{kept.low // 10},{kept.low % 10}")

    change_capacity(owner, ikm, "2.000")
    assert ikm.products.get().evidence == "claimed"
    owner.goto("/usaha/profil/")
    expect(owner.get_by_text("menurut pengakuan").first).to_be_visible()
    assert User.objects.get(email=email).memberships.count() == 1
