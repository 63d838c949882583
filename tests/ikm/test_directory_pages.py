"""The directory's page: question, filters, chips, advice, the part for htmx, and the table to download."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from ikm.directory.refreshing import refresh
from ikm.models import Ikm, Product
from ikm.views import directory
from tests import offices
from tests.browsers import logged_in
from tests.ikm.suppliers import leaks, market

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def cast():
    cast = market()
    make(cast.other, "Pagar lipat", "pagar-besi", "m2", 900)
    refresh()
    return cast


def make(ikm, name, category, unit, capacity):
    return Product.objects.create(
        ikm=ikm, name=name, category_id=category, unit_id=unit, capacity_per_month=Decimal(capacity)
    )


def asked(client, query="", **options):
    return client.get(reverse("ikm:directory") + query, **options)


def names(response):
    return [shown.row.name for shown in response.context["rows"]]


def chips(response):
    return {chip.label: chip.url for chip in response.context["chips"]}


RAK, LAS = "CV Rak Baja Citangkil", "UD Las Merak"


# --- Question and answer


def test_everybody_finds_who_takes_part_with_public_facts_only(client, cast):
    page = asked(client)
    assert set(names(page)) == {RAK, LAS}
    for shown in (
        "Rak gudang",
        "bebas 160\xa0pcs per bulan",
        "ISO 9001",
        "dipastikan 10 November 2026",
        "2 pemasok",
    ):
        assertContains(page, shown)
    assert leaks(page.content.decode()) == []


def test_matched_products_stand_in_the_row(client, cast):
    page = asked(client, "?q=pagar")
    assert names(page) == [LAS]
    (row,) = page.context["rows"]
    assert [offer.name for offer, _free in row.offers] == ["Pagar lipat"]
    assertContains(page, "dan 1 produk lain")


def test_what_is_asked_is_listed_and_each_can_be_dropped(client, cast):
    page = asked(
        client,
        "?q=rak&sertifikat=iso-9001&terperiksa=1&berlaku=2027-01-01&wilayah=36.72&bebas=10&satuan=pcs&banding=7",
    )
    found = chips(page)
    assert set(found) == {
        "“rak”",
        "Sertifikat: ISO 9001 Sistem Manajemen Mutu",
        "Wilayah: Kota Cilegon",
        "Sertifikat terperiksa",
        "Sertifikat berlaku pada 1 Januari 2027",
        "Bebas paling sedikit 10\xa0pcs per bulan",
    }
    assert "terperiksa" not in found["Sertifikat terperiksa"]
    assert all(url.endswith("banding=7") for url in found.values())
    for label, url in found.items():
        assert label not in chips(client.get(url))


def test_choices_without_anybody_are_shown_and_cannot_be_made(client, cast):
    html = asked(client).content.decode()
    boxes = dict(re.findall(r'name="kategori"\s+id="f-kategori-([\w-]+)"[^>]*?(checked|disabled|)>', html))
    assert boxes["rak-furnitur"] == ""
    assert boxes["baja-ringan"] == "disabled"


def test_a_choice_and_one_under_it_mean_the_one_under_it(client, cast):
    both = "?kategori=rak-furnitur&kategori=rak-gudang&wilayah=36&wilayah=36.72.03"
    assertRedirects(asked(client, both), reverse("ikm:directory") + "?kategori=rak-gudang&wilayah=36.72.03")


def test_what_leads_somewhere_is_listed_first():
    from ikm.directory.facets import Choice, Facet

    def choice(value, count, parent="", chosen=False):
        return Choice(value, value, count, chosen, 1 if parent else 0, parent)

    listed = directory.arranged(
        Facet(
            "kategori",
            "",
            (
                choice("a", 0),
                choice("a1", 0, "a"),
                choice("b", 2),
                choice("b1", 0, "b"),
                choice("b2", 2, "b"),
                choice("c", 0),
                choice("c1", 0, "c", chosen=True),
            ),
        )
    )
    assert [each.value for each in listed] == ["b", "b2", "b1", "c", "c1", "a"]


def test_where_nothing_is_found_the_page_says_what_to_drop(client, cast):
    page = asked(client, "?q=pagar&sertifikat=iso-45001")
    assert names(page) == []
    (drop,) = [each for each in page.context["suggestions"] if each.count]
    assert (drop.label, drop.count) == ("Tanpa saringan Sertifikat", 1)
    assertContains(page, "Tidak ada pemasok yang cocok dengan semua itu")
    assert names(client.get(drop.url)) == [LAS]


def test_words_that_do_not_exist_are_said_and_what_was_meant_is_shown(client, cast):
    page = asked(client, "?kategori=tidak-ada&wilayah=99&urut=harga&q=pagr")
    assertContains(page, "Kategori “tidak-ada”")
    assertContains(page, "Wilayah “99”")
    assertContains(page, "urutan “harga”")
    assertContains(page, "“pagr” dibaca sebagai <strong>pagar")
    assertNotContains(page, "error-summary")
    assert names(page) == [LAS]


def test_a_number_that_can_be_read_two_ways_is_refused_at_its_field_and_kept(client, cast):
    page = asked(client, "?bebas=1,250&satuan=pcs")
    assertContains(page, "bisa berarti")
    assertContains(page, 'value="1,250"')
    assert set(names(page)) == {RAK, LAS}


def test_this_city_first(client, cast):
    far = offices.workshop(
        offices.office("36.73", name="Dinas Serang"), status="approved", name="CV Serang", area="36.73"
    )
    refresh()
    assert names(asked(client, "?dekat=36.73"))[0] == "CV Serang"
    assert names(asked(client, "?dekat=36.72"))[-1] == "CV Serang"
    assertContains(asked(client), "Kota Cilegon dulu")
    logged_in(far.organisation.memberships.get().user, client)
    assertContains(asked(client), "Kota Serang dulu")


def test_sorts_keep_the_question(client, cast):
    page = asked(client, "?q=rak&banding=3")
    assert [(url, current) for _word, url, current in page.context["sorts"]] == [
        ("/pemasok/?q=rak&banding=3", True),
        ("/pemasok/?q=rak&urut=kapasitas&banding=3", False),
        ("/pemasok/?q=rak&urut=terbaru&banding=3", False),
    ]


def test_pages_go_on_and_a_page_beyond_is_the_last(client, cast):
    for number in range(20):
        offices.workshop(cast.office, status="approved", name=f"CV Bengkel {number:02}")
    refresh()
    first, last = asked(client), asked(client, "?page=2")
    assert (len(names(first)), len(names(last))) == (20, 2)
    assert set(names(first)).isdisjoint(names(last))
    assert names(asked(client, "?page=99")) == names(last)
    for odd in ("0", "-1", "x", "9" * 30):
        assert names(asked(client, f"?page={odd}")) == names(first)


def test_htmx_gets_the_part_that_the_page_itself_includes(client, cast):
    part = asked(client, "?q=rak&kategori=rak-gudang&x=1", headers={"HX-Request": "true"})
    whole = asked(client, "?q=rak&kategori=rak-gudang&x=1")
    body = part.content.decode().strip()
    assert body.startswith('<div id="direktori"')
    assert body in whole.content.decode()
    assert part["HX-Push-Url"] == "/pemasok/?q=rak&kategori=rak-gudang"
    assert "HX-Request" in part["Vary"]


def test_a_certificate_that_does_not_count_is_not_in_the_row(client, cast):
    rows = {shown.row.name: [proof.kind for proof in shown.proofs] for shown in asked(client).context["rows"]}
    assert rows == {RAK: ["iso-9001"], LAS: []}  # the last one names no day on which it ends


# --- Ticks, stars


def test_chosen_suppliers_travel_and_stay_ticked(client, cast):
    page = asked(client, f"?q=pagar&banding={cast.ikm.pk}&banding={cast.other.pk}")
    (row,) = page.context["rows"]
    assert (row.is_ticked, [ikm.pk for ikm in page.context["elsewhere"]]) == (True, [cast.ikm.pk])
    assertContains(page, f'<input type="hidden" name="ikm" value="{cast.ikm.pk}">', html=True)
    assertContains(page, f"Juga dipilih: {RAK}")


def test_stars_are_for_buyers(client, cast):
    assertNotContains(asked(client), "aria-pressed")
    logged_in(cast.buyer, client)
    client.post(reverse("ikm:favourite", args=[cast.ikm.pk]), {"favorit": "ya"})
    assert {shown.row.name: shown.is_favourite for shown in asked(client).context["rows"]} == {
        RAK: True,
        LAS: False,
    }


# --- What it costs


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_as_much_for_many_rows_as_for_few(client, cast, more, django_assert_max_num_queries):
    for number in range(more):
        offices.workshop(cast.office, status="approved", name=f"CV {number}")
    refresh()
    logged_in(cast.buyer, client)
    query = f"?q=rak&kategori=rak-furnitur&bebas=1&satuan=pcs&dekat=36.72&banding={cast.other.pk}"
    asked(client, query)  # the words of the catalogue are read once a process
    with django_assert_max_num_queries(12):
        asked(client, query)


# --- Downloads


def download(client, extension, query=""):
    return client.get(reverse("ikm:directory_export", args=[extension]) + query)


def lines_of(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_table_says_what_was_asked_and_when_and_holds_a_line_a_product(client, cast):
    logged_in(cast.buyer, client)
    table = lines_of(download(client, "csv", "?q=pagar"))
    told = dict(row for row in table if len(row) == 2)
    assert (told["Pertanyaan"], told["Tanggal"], told["Ditemukan"]) == (
        "“pagar”",
        "24 November 2026",
        "1 pemasok",
    )
    assert told["Alamat"].endswith("/pemasok/?q=pagar")
    header = next(index for index, row in enumerate(table) if row[:1] == ["Pemasok"] and len(row) > 2)
    rows = [dict(zip(table[header], row, strict=True)) for row in table[header + 1 :]]
    assert [(row["Pemasok"], row["Produk"], row["Bebas per bulan"], row["Satuan"]) for row in rows] == [
        (LAS, "Pagar lipat", "900", "m²"),
        (LAS, "Rak gudang", "160", "pcs"),
    ]
    assert rows[0]["Halaman"].endswith(f"/pemasok/{cast.other.organisation.ref}/?no={cast.other.pk}")


def test_a_workbook_holds_numbers_as_numbers_and_runs_nothing(client, cast):
    Product.objects.filter(ikm=cast.other).update(name="=1+1")
    refresh()
    logged_in(cast.officer, client)
    answer = download(client, "xlsx")
    assert "pemasok-2026-11-24.xlsx" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert (cells["=1+1"], cells[160]) == ("s", "n")


def test_contacts_are_in_no_file_whoever_asks(client, cast):
    cast.introduce()
    for user in (cast.buyer, cast.officer):
        logged_in(user, client)
        assert leaks(download(client, "csv").content.decode()) == []
        workbook = openpyxl.load_workbook(io.BytesIO(download(client, "xlsx").content))
        said = " ".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row)
        assert (leaks(said), "Tersembunyi" in said, RAK in said) == ([], False, True)


def test_downloads_are_for_buyers_and_offices(client, cast):
    assert download(client, "csv")["Location"].startswith(reverse("account_login"))
    logged_in(cast.owner, client)
    assert download(client, "csv").status_code == 404
    logged_in(cast.buyer, client)
    assert [download(client, kind).status_code for kind in ("csv", "xlsx", "pdf")] == [200, 200, 404]


def test_a_table_that_is_cut_off_says_so(client, cast, monkeypatch):
    monkeypatch.setattr(directory, "MOST_EXPORTED", 1)
    logged_in(cast.buyer, client)
    table = lines_of(download(client, "csv"))
    assert ["Batas", "Hanya 1 pemasok pertama. Persempit pencarian untuk yang lain."] in table


# --- In step


def test_what_an_owner_hides_leaves_the_directory_too(client, cast):
    assert names(asked(client, "?ukuran=small")) != []
    Ikm.objects.update(hidden_fields=["workers", "machines"])
    refresh()
    assert names(asked(client, "?ukuran=small")) == []
