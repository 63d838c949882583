"""Selection records in Chromium: the whole way with scripts and without, axe, and whether anything is too wide."""

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from matching import selections
from matching.models import Selection, SelectionFile
from tests.matching.test_browser import LONG, complaints, open_as, stored  # noqa: F401
from tests.matching.test_selections import decided

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def way(page):
    """From the ranking to the seal; leaves the page of the final record."""
    page.get_by_role("link", name="Berita acara pemilihan").click()
    page.get_by_role("button", name="Buat berita acara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Siapa yang dipertimbangkan?")
    page.get_by_label("CV Pasti").check()
    page.get_by_label("UD Hampir").check()
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    for name, verdict, reason, words in (
        ("CV Pasti", "dipilih", "best", ""),
        ("UD Hampir", "tidak dipilih", "condition", "ISO 9001 baru tahun depan"),
    ):
        card = page.get_by_role("region", name=name)
        card.get_by_label(verdict, exact=True).check()
        card.get_by_label("Alasan").select_option(reason)
        card.get_by_label("Keterangan").fill(words)
    page.get_by_role("button", name="Simpan dan periksa").click()
    expect(page.get_by_text("ISO 9001 baru tahun depan")).to_be_visible()
    page.get_by_role("button", name="Sahkan berita acara").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1/BAP/")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_from_the_ranking_to_the_paper_and_back(stored, open_as, tmp_path, javascript):  # noqa: F811
    page = open_as(
        stored.buyer,
        reverse("matching:need_ranking", args=[stored.need.pk]),
        javascript=javascript,
        width=360,
    )
    way(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF", exact=True).click()
    paper = tmp_path / download.value.suggested_filename
    download.value.save_as(paper)
    issued = SelectionFile.objects.get(kind="pdf", language="id")
    assert hashlib.sha256(paper.read_bytes()).hexdigest() == issued.sha256
    page.get_by_label("Berkas PDF atau Excel").set_input_files(paper)
    page.get_by_role("button", name="Bandingkan dengan yang asli").click()
    expect(page.get_by_text("sama persis dengan berkas yang dikeluarkan portal")).to_be_visible()
    Path(paper).write_bytes(paper.read_bytes() + b"%")
    page.get_by_label("Berkas PDF atau Excel").set_input_files(paper)
    page.get_by_role("button", name="Bandingkan dengan yang asli").click()
    expect(page.get_by_text("bukan berkas yang dikeluarkan portal")).to_be_visible()
    assert Selection.objects.get().is_final


@pytest.mark.full
@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1280, "id"), (360, "en")])
def test_axe_finds_nothing_and_nothing_is_too_wide(stored, open_as, width, language):  # noqa: F811
    stored.proven.organisation.name = LONG
    stored.proven.organisation.save()
    final = selections.finish(
        decided(stored, selections.start(stored.need, by=stored.buyer)), by=stored.buyer
    )
    draft = decided(stored, selections.start(stored.need, by=stored.buyer))
    steps = ("selection_shortlist", "selection_decisions", "selection", "selection_discard")
    paths = [
        reverse("matching:need_selections", args=[stored.need.pk]),
        reverse("matching:selection", args=[final.pk]),
        *(reverse(f"matching:{name}", args=[draft.pk]) for name in steps),
    ]
    found = {}
    for path in paths:
        page = open_as(stored.buyer, path, language, width=width)
        for summary in page.locator("main summary:visible").all():
            summary.click()
        page.wait_for_load_state("networkidle")
        if wrong := complaints(page):
            found[path] = wrong
        page.context.close()
    assert found == {}
