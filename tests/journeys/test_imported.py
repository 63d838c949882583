"""What one officer imported rests on that officer's word: another one checks it."""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import consent
from accounts.models import User
from ikm.models import Ikm
from industry.models import Need
from tests.journeys.people import log_in, match_of, press, says
from tests.journeys.story import approve, verify_all

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]
OFFICE = "dinas-cilegon-contoh"


def product(ref: str) -> dict[str, str]:
    return {
        "ref": ref,
        "name": "Roller 114 mm",
        "category": "roller-konveyor",
        "capacity_per_month": "500",
        "unit": "pcs",
    }


BUNDLE = {
    "format": "ikm-partnership/1",
    "companies": [{"ref": "C1", "name": "PT Baja Impor (CONTOH)", "area": "36.72"}],
    "ikms": [
        {
            "ref": "I1",
            "name": "CV Impor Tampil (CONTOH)",
            "area": "36.72.03",
            "published": True,
            "processes": [{"process": "bubut-manual"}],
            "products": [product("P1")],
        },
    ],
    "needs": [
        {
            "ref": "N1",
            "company": "C1",
            "title": "Roller impor",
            "category": "roller-konveyor",
            "quantity": "200",
            "basis": "month",
            "unit": "pcs",
            "start": "2099-01-01",
            "end": "2099-06-30",
            "area": "36.72",
            "required_processes": ["bubut-manual"],
            "open": True,
        }
    ],
}


def review(page: Page, ikm: Ikm) -> None:
    page.goto(reverse("ikm:review", args=[ikm.pk]))


def test_what_an_officer_imported_another_one_checks(portal, open_page, tmp_path):
    file, told = tmp_path / "register.json", io.StringIO()
    file.write_text(json.dumps(BUNDLE))
    call_command(
        "import_bundle", str(file), "--office", OFFICE, "--by", "petugas.a@contoh.example", stdout=told
    )
    ikm, need = Ikm.objects.get(organisation__ref="I1"), Need.objects.get(ref="N1")

    importer = open_page("/akun/masuk/")
    log_in(importer, "petugas.a@contoh.example")
    review(importer, ikm)
    expect(importer.get_by_text(re.compile("petugas lain harus memeriksa"))).to_have_count(3)
    assert importer.get_by_role("radio").count() == 0
    importer.goto(reverse("matching:need_ranking", args=[need.pk]))
    expect(match_of(importer, ikm.organisation.name)).to_contain_text("Memenuhi syarat")
    expect(match_of(importer, ikm.organisation.name)).to_contain_text("Bukti 0 %")

    colleague = open_page("/akun/masuk/")
    log_in(colleague, "petugas.b@contoh.example")
    review(colleague, ikm)
    verify_all(colleague)
    press(colleague, "Simpan")
    says(colleague, "3 hal diperiksa.")
    expect(match_of(importer, ikm.organisation.name)).to_contain_text(
        "Memenuhi syarat · terperiksa", timeout=15_000
    )
    expect(match_of(importer, ikm.organisation.name)).to_contain_text("Bukti 100 %")


def test_what_an_officer_entered_another_one_approves(portal, open_page):
    ikm = Ikm.objects.get(organisation__ref="bengkel-bubut-ciwaduk")
    owner_agrees(ikm)
    entered_it = open_page("/akun/masuk/", width=360)
    log_in(entered_it, "petugas.a@contoh.example")
    review(entered_it, ikm)
    says(entered_it, "Menyetujui: tugas petugas lain, karena 3 hal berasal dari Anda.")
    assert entered_it.get_by_role("button", name=re.compile("Setujui")).count() == 0
    # The button that is not there, pressed all the same.
    entered_it.locator("button[value=check]").evaluate("button => { button.value = 'approve' }")
    press(entered_it, "Simpan")
    says(entered_it, "Perlu petugas lain")
    ikm.refresh_from_db()
    assert ikm.status == "submitted"

    colleague = open_page("/akun/masuk/", width=360)
    log_in(colleague, "petugas.b@contoh.example")
    approve(colleague, name=ikm.organisation.name)
    ikm.refresh_from_db()
    assert ikm.status == "approved"


def owner_agrees(ikm: Ikm) -> None:
    """On paper, at the counter."""
    officer = User.objects.get(email="petugas.a@contoh.example")
    consent.give(ikm.organisation, by=officer)
