"""From nothing to a sent profile on a phone, with no document at hand: few taps, few words, also without JavaScript."""

import pytest
from django.conf import settings

from ikm.models import Ikm
from tests import offices
from tests.browsers import logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Thumb:
    """What a person does on the page, counted."""

    def __init__(self, page):
        self.page, self.taps, self.words = page, 0, 0

    def tap(self, text, *, role="button"):
        self.taps += 1
        self.page.get_by_role(role, name=text).first.click()

    def choose(self, text):
        self.taps += 1
        self.page.get_by_label(text).first.check()

    def write(self, label, text):
        self.words += 1
        self.page.get_by_label(label).first.fill(text)


@pytest.mark.parametrize(
    "javascript",
    [pytest.param(True, id="javascript"), pytest.param(False, id="plain", marks=pytest.mark.full)],
)
def test_a_usable_profile_is_sent_in_a_few_minutes(open_page, live_server, javascript):
    offices.office()
    siti = offices.person("Siti Aminah", phone="+6281234567890")
    thumb = Thumb(open_page("/sehat/", width=360, javascript=javascript))
    session = logged_in(siti).cookies[settings.SESSION_COOKIE_NAME].value
    thumb.page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    thumb.page.goto("/usaha/mulai/")

    thumb.write("Nama usaha", "CV Maju Roller")
    thumb.write("Kelurahan atau desa tempat usaha", "samangraya")
    if javascript:
        thumb.page.get_by_role("radio").first.wait_for()
        thumb.choose("Samangraya")
    thumb.tap("Lanjutkan")
    if thumb.page.get_by_role("radio").count():
        thumb.choose("Samangraya")
        thumb.tap("Lanjutkan")
    thumb.tap("Lanjutkan", role="link")

    thumb.write("Berapa orang bekerja di sini?", "9")
    thumb.choose("Kurang dari Rp1 miliar")
    thumb.tap("Simpan dan lanjutkan")

    thumb.write("Satu barang atau jasa", "roler konveyor")
    if not javascript:
        thumb.tap("Cari")
    thumb.tap("Roller Konveyor", role="link")
    thumb.write("sanggup berapa per bulan?", "1.250")
    thumb.write("sudah terpakai", "300")
    thumb.tap("Simpan dan lanjutkan")
    assert thumb.page.get_by_text("seribu dua ratus lima puluh potong").is_visible()
    thumb.choose("Ya, sekitar 14")
    thumb.tap("Simpan dan lanjutkan")

    thumb.choose("Bubut Manual")
    thumb.tap("Simpan dan lanjutkan")
    thumb.tap("Belum punya? Lewati")
    thumb.choose("Saya sudah membaca dan setuju.")
    thumb.tap("Simpan dan lanjutkan")
    thumb.tap("Kirim untuk ditinjau")

    assert thumb.page.get_by_text("Profil dikirim untuk ditinjau.").is_visible()
    ikm = Ikm.objects.get()
    product = ikm.products.get()
    assert (ikm.status, ikm.workers, ikm.organisation.area_id) == ("submitted", 9, "36.72.08.1006")
    assert (product.category_id, product.capacity_per_month, product.unit_mass_kg) == (
        "roller-konveyor",
        1250,
        14,
    )
    assert list(ikm.processes.values_list("process", flat=True)) == ["bubut-manual"]
    assert (thumb.words, thumb.taps <= 17) == (6, True)
