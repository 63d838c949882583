"""The officers' pages of imports, look-alikes and merges, as three offices' people and two officers meet them."""

import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from ikm import duplicates, merging
from ikm.models import DuplicatePair, Ikm, Merge, RegisterImport
from ikm.register import imports
from tests import offices
from tests.browsers import logged_in
from tests.ikm.register.tables import HEADER, ROWS, table
from web import tables

WRONG = ["4", "CV Pendek", "", "12345", "", "", "Jombang", "", "", ""]


@pytest.fixture
def office(db):
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Petugas Ani")


def uploaded(office, by, *rows):
    job = imports.start(table(HEADER, *rows), office=office, by=by)
    mapping = {int(index): name for index, name in job.mapping.items()}
    return imports.settle_columns(job, mapping=mapping, words={}, replaces=False, by=by)


def twins(office):
    ikms = [offices.workshop(office, name=name, status="draft") for name in ("CV Maju", "Maju, CV")]
    duplicates.refresh()
    return *ikms, DuplicatePair.objects.get()


def test_rejected_rows_come_back_with_their_reason_and_are_read_again(office, ani):
    job = uploaded(office, ani, *ROWS, WRONG)
    answer = logged_in(ani).get(reverse("ikm:import_rejected", args=[job.pk]))
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    heading, row = list(workbook.active.iter_rows(values_only=True))
    assert list(heading) == [*HEADER, "Baris pada berkas", "Alasan"]
    assert list(row)[-2:] == [5, "NIB bukan 13 angka: 12345. Periksa NIB pada OSS, atau kosongkan selnya."]
    again = tables.read(ContentFile(answer.content))
    assert again[1].cells[1] == "CV Pendek"


def test_another_officer_sees_the_preview_and_does_not_apply_it(office, ani):
    job, budi = uploaded(office, ani, *ROWS), offices.member(office, "Petugas Budi")
    browser = logged_in(budi)
    page = browser.get(reverse("ikm:import", args=[job.pk])).content.decode()
    assert "Petugas Ani yang menerapkan berkas ini." in page
    assert "Terapkan 3 baris" not in page
    answer = browser.post(reverse("ikm:import_apply", args=[job.pk]), follow=True)
    assert "Hanya Petugas Ani yang menerapkan berkas ini." in answer.content.decode()
    assert Ikm.objects.count() == 0


def test_a_preview_that_was_made_again_is_looked_at_first(office, ani):
    job = uploaded(office, ani, *ROWS)
    old = job.checked_mark
    imports.settle_columns(job, mapping={1: "name"}, words={}, replaces=False, by=ani)
    answer = logged_in(ani).post(reverse("ikm:import_apply", args=[job.pk]), {"version": old}, follow=True)
    assert "Tabel ini diperiksa lagi" in answer.content.decode()
    job.refresh_from_db()
    assert job.phase == "checked"


def test_a_running_job_is_a_part_that_asks_again_and_then_shows_the_page_anew(office, ani):
    job = imports.apply(uploaded(office, ani, *ROWS), by=ani)
    browser, url = logged_in(ani), reverse("ikm:import", args=[job.pk])
    whole = browser.get(url).content.decode()
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "<noscript>" in whole
    assert part.split("<form")[0].split("Sudah")[0] in whole
    imports.run(job.pk)
    done = browser.get(url, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")


def test_columns_are_asked_for_once_each(office, ani):
    job = imports.start(table(HEADER, *ROWS), office=office, by=ani)
    browser, url = logged_in(ani), reverse("ikm:import_columns", args=[job.pk])
    twice = {f"kolom_{index}": "name" if index in {1, 2} else "-" for index in range(len(HEADER))}
    answer = browser.post(url, twice)
    assert (answer.status_code, "sudah dipakai untuk kolom lain" in answer.content.decode()) == (422, True)
    none = {f"kolom_{index}": "-" for index in range(len(HEADER))}
    answer = browser.post(url, none)
    assert (answer.status_code, "Pilih kolom yang berisi nama usaha." in answer.content.decode()) == (
        422,
        True,
    )


def test_a_late_decision_is_a_conflict(office, ani):
    first, _second, pair = twins(office)
    browser, url = logged_in(ani), reverse("ikm:duplicate", args=[pair.pk])
    seen = merging.versions_of(pair.first, pair.second)
    first.organisation.address = "Jl. Baru 9"
    first.organisation.save()
    answer = browser.post(
        url, {"survivor": "first", "isi_name": "first", "isi_address": "first", "version": seen}
    )
    assert answer.status_code == 409
    budi = offices.member(office, "Petugas Budi")
    duplicates.tell_apart(pair, by=budi)
    answer = browser.post(reverse("ikm:duplicate_apart", args=[pair.pk]))
    assert (answer.status_code, "Petugas Budi" in answer.content.decode()) == (409, True)
    assert not Merge.objects.exists()


def test_the_pages_of_an_office_are_not_there_for_another(office, ani):
    job = uploaded(office, ani, *ROWS)
    first, second, pair = twins(office)
    merge = merging.merge(second, into=first, by=ani, office=office)
    far = offices.member(offices.office("36.04", name="Dinas Serang"), "Petugas Jauh")
    urls = [
        reverse(f"ikm:{name}", args=[key])
        for name, key in (
            ("import", job.pk),
            ("import_columns", job.pk),
            ("import_undo", job.pk),
            ("import_rejected", job.pk),
            ("import_file", job.pk),
            ("duplicate", pair.pk),
            ("merge_undo", merge.pk),
        )
    ]
    for person in (far, offices.person("Bukan Petugas"), first.entered_by):
        assert {logged_in(person).get(url).status_code for url in urls} == {404}


def test_a_merged_profile_leads_officers_to_its_survivor(office, ani):
    first, second, _pair = twins(office)
    merging.merge(second, into=first, by=ani, office=office)
    answer = logged_in(ani).get(reverse("ikm:review", args=[second.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("ikm:review", args=[first.pk]))


# --- In Chromium


@pytest.fixture
def as_ani(transactional_db, open_page):
    def as_ani(path, *, by, **options):
        cookie = {"name": "sessionid", "value": logged_in(by).cookies["sessionid"].value}
        state = {"cookies": [cookie | {"domain": "localhost", "path": "/"}], "origins": []}
        return open_page(path, storage_state=state, **options)

    return as_ani


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_a_list_with_errors_is_mended_applied_and_undone(as_ani, tmp_path, javascript):
    office = offices.office()
    by = offices.member(office, "Petugas Ani")
    file = tmp_path / "daftar.csv"
    file.write_bytes(table(HEADER, *ROWS, WRONG).read())
    page = as_ani(reverse("ikm:imports"), by=by, javascript=javascript, width=360)

    def bring(path):
        page.get_by_label("Berkas Excel").set_input_files(path)
        page.get_by_role("button", name="Lihat kolomnya").click()
        page.get_by_role("button", name="Periksa baris").click()

    bring(file)
    expect(page.get_by_text("1 baris: NIB bukan 13 angka")).to_be_visible()
    assert Ikm.objects.count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh baris yang ditolak (Excel)").click()
    mended = tmp_path / "diperbaiki.xlsx"
    download.value.save_as(mended)
    workbook = openpyxl.load_workbook(mended)
    workbook.active["D2"] = "1234567890123"
    workbook.save(mended)
    page.get_by_role("button", name="Terapkan 3 baris").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    imports.run_unfinished()
    if not javascript:
        page.reload()
    expect(page.get_by_text("diterapkan", exact=True)).to_be_visible()
    assert Ikm.objects.count() == 3
    page.goto(reverse("ikm:imports"))
    bring(mended)
    expect(page.get_by_role("button", name="Terapkan 1 baris")).to_be_visible()
    first = RegisterImport.objects.get(phase="applied")
    page.goto(reverse("ikm:import", args=[first.pk]))
    page.get_by_role("link", name="Urungkan impor ini").click()
    page.get_by_role("button", name="Urungkan impor ini").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    imports.run_unfinished()
    if not javascript:
        page.reload()
    expect(page.get_by_text("diurungkan", exact=True).first).to_be_visible()
    assert Ikm.objects.count() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_profiles_become_one_and_two_again(as_ani):
    office = offices.office()
    by = offices.member(office, "Petugas Ani")
    first, second, _pair = twins(office)
    page = as_ani(reverse("ikm:duplicates"), by=by, javascript=False)
    page.get_by_role("link", name="CV Maju").click()
    expect(page.get_by_role("heading", name="Apakah ini satu usaha?")).to_be_visible()
    page.get_by_role("button", name="Gabungkan menjadi satu profil").click()
    expect(page.get_by_text("kini satu profil dengan")).to_be_visible()
    assert Ikm.objects.exclude(merged_into=None).count() == 1
    page.get_by_role("link", name="Urungkan").click()
    page.get_by_role("button", name="Pisahkan lagi").click()
    expect(page.get_by_text("Kembali menjadi dua profil.")).to_be_visible()
    assert Ikm.objects.exclude(merged_into=None).count() == 0
    page.get_by_role("link", name="CV Maju").click()
    page.get_by_role("button", name="Bukan usaha yang sama").click()
    expect(page.get_by_text("Tidak ada pasangan yang menunggu")).to_be_visible()
