"""Many needs from a table: a preview that writes nothing, valid rows in one go, wrong rows said in words."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from industry import needs
from industry.forms.many import COLUMNS, ReadRow, as_text, mark_of, parted, read_needs
from industry.models import Need
from industry.wordbook import MOST_SEARCHES, Unclear, Wordbook
from tests.browsers import logged_in
from tests.industry import people
from web import tables, workbooks

pytestmark = pytest.mark.django_db
MANY = "/kebutuhan/banyak/"
HEAD = ["Judul", "Barang atau jasa", "Jumlah", "Satuan", "Dihitung", "Mulai", "Sampai"]
ROW = ["Cangkul A", "Cangkul", "1.200", "pcs", "seluruhnya", "1 Januari 2027", "28 Februari 2027"]


def pasted(*rows, head=HEAD):
    return "\n".join("\t".join(row) for row in [head, *rows])


def with_cells(**cells):
    """ROW with other cells, by the name of the column; more columns are added behind."""
    named = dict(zip(HEAD, ROW, strict=True)) | {COLUMNS[name][0]: text for name, text in cells.items()}
    return pasted(list(named.values()), head=list(named))


def reading(company, text):
    return read_needs(tables.read_pasted(text), company=company)


# --- Reading


def test_a_row_says_all_that_the_questions_ask(cast):
    text = with_cells(
        spec="Tebal 2 mm",
        area="Kota Cilegon",
        delivery_address="Gudang 2",
        required_certificates="ISO 9001; SMK3",
        preferred_certificates="iso-9001\u00a0; CSMS",
        required_processes="perlakuan-panas",
        max_lead_time_days="21",
        unit_mass_kg="1,5",
        material_terms="Pembeli",
        payment_days="30 hari",
        value_idr="Rp 102.000.000",
        allow_pooling="Ya",
    )
    (row,) = reading(cast.company, text).fresh
    (need,) = needs.draft_many(cast.company, [row.said], by=cast.owner)
    need.refresh_from_db()
    assert (need.title, need.category_id, need.quantity, need.unit_id) == (
        "Cangkul A",
        "cangkul",
        1200,
        "pcs",
    )
    assert (need.basis, need.start, need.end) == ("total", date(2027, 1, 1), date(2027, 2, 28))
    assert (need.area_id, need.delivery_address, need.spec) == ("36.72", "Gudang 2", "Tebal 2 mm")
    assert (need.max_lead_time_days, need.unit_mass_kg, need.payment_days) == (21, Decimal("1.5"), 30)
    assert (need.value_idr, need.material_terms, need.allow_pooling) == (102_000_000, "buyer", True)
    assert needs.stored_answers(need, needs.LINKS) == {
        "required_certificates": ["iso-9001", "smk3"],
        "preferred_certificates": ["csms"],
        "required_processes": ["perlakuan-panas"],
    }


def test_what_is_not_said_is_left_open_and_the_place_is_the_companys(cast):
    (row,) = reading(cast.company, pasted(ROW)).fresh
    assert row.said["area"] == cast.company.organisation.area
    assert row.said["allow_pooling"] is False
    assert row.said["required_certificates"] == []


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ({"title": ""}, ("Judul", "Bagian ini belum diisi.")),
        ({"quantity": "1,250"}, ("Jumlah", "“1,250” bisa berarti 1.250 atau 1,25. Tulis salah satunya.")),
        ({"quantity": "0"}, ("Jumlah", "Harus lebih dari 0.")),
        ({"unit": "parsec"}, ("Satuan", "“parsec” tidak dikenal.")),
        ({"unit": ""}, ("Satuan", "Tulis satuannya, misalnya pcs atau kg.")),
        ({"basis": "tahunan"}, ("Dihitung", "Tulis “per bulan” atau “seluruhnya”.")),
        ({"basis": ""}, ("Dihitung", "Tulis “per bulan” atau “seluruhnya”.")),
        (
            {"start": "kapan-kapan"},
            ("Mulai", "“kapan-kapan” tidak terbaca sebagai tanggal. Contoh: 24 November 2026."),
        ),
        ({"end": "31/12/2026"}, ("Sampai", "Sampai harus sama dengan atau sesudah mulai.")),
        ({"category": "qqqqzzzz"}, ("Barang atau jasa", "“qqqqzzzz” tidak dikenal.")),
        ({"area": "qqqqzzzz"}, ("Wilayah kirim", "“qqqqzzzz” tidak dikenal.")),
        ({"required_certificates": "ISO 9001; ISO 1"}, ("Sertifikat wajib", "“ISO 1” tidak dikenal.")),
        ({"material_terms": "emas"}, ("Bahan baku", "Tulis “pembeli”, “dipesankan”, atau “pasar”.")),
        ({"allow_pooling": "mungkin"}, ("Boleh beberapa IKM", "Tulis “ya” atau “tidak”.")),
        ({"max_lead_time_days": "0"}, ("Waktu pengerjaan paling lama (hari)", "Paling kecil 1\u00a0hari.")),
    ],
)
def test_a_wrong_cell_is_named_in_words(cast, cells, error):
    found = reading(cast.company, with_cells(**cells))
    assert [row.errors for row in found.wrong] == [[error]]
    assert found.fresh == []


def test_a_misspelt_category_and_an_ambiguous_place_offer_names(cast):
    (row,) = reading(cast.company, with_cells(category="roler konveyor", area="cilegon")).wrong
    (_, category), (_, area) = row.errors
    assert category.startswith("“roler konveyor” bisa berarti: Roller Konveyor; ")
    assert "Kecamatan Cilegon, Kota Cilegon, Banten; " in area


def test_the_unit_may_stand_behind_the_number(cast):
    (row,) = reading(cast.company, with_cells(quantity="10 ton", unit="")).fresh
    assert (row.said["quantity"], row.said["unit"].pk) == (10, "ton")


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("10 ton", ("10 ", "ton")),
        ("5", ("5", "")),
        ("1.250,5 kg", ("1.250,5 ", "kg")),
        ("x y", ("x y", "")),
        ("", ("", "")),
    ],
)
def test_a_cell_is_parted_into_number_and_unit(cell, parts):
    assert parted(cell) == parts


def test_rows_that_are_there_already_or_twice_are_known(cast):
    people.draft(cast.company, cast.owner)
    there = ["kontainer  KANTOR", "Kontainer Kantor", "3", "unit", "seluruhnya", "1/1/2027", "31/3/2027"]
    found = reading(cast.company, pasted(there, ROW, ROW))
    assert [row.number for row in found.known] == [2, 4]
    assert [row.number for row in found.fresh] == [3]


def test_examples_and_unknown_columns_are_passed_over(cast):
    example = ["Contoh: Roller", *ROW[1:]]
    found = reading(cast.company, pasted([*example, "x"], [*ROW, "y"], head=[*HEAD, "Warna"]))
    assert [row.number for row in found.rows] == [3]
    assert found.unknown == ["Warna"]


def test_a_table_without_headings_is_read_in_the_usual_order(cast):
    (row,) = reading(cast.company, "\t".join(ROW)).fresh
    assert row.said["title"] == "Cangkul A"


def test_missing_columns_are_named(cast):
    with pytest.raises(ValidationError) as refused:
        reading(cast.company, "Judul\tJumlah\nCangkul\t5")
    assert refused.value.messages == ["Kolom ini belum ada: Barang atau jasa, Mulai, Sampai."]


def test_more_rows_than_may_come_at_once_are_refused(cast):
    with pytest.raises(tables.TableRefused):
        reading(cast.company, pasted(*[[f"Cangkul {n}", *ROW[1:]] for n in range(501)]))


def test_the_number_of_queries_does_not_grow_with_rows(cast, django_assert_num_queries):
    assert cast.company.organisation.area is not None  # read with the company, as the page does
    one = tables.read_pasted(pasted(ROW))
    three = tables.read_pasted(pasted(*[[f"Cangkul {n}", *ROW[1:]] for n in range(3)]))
    with django_assert_num_queries(5):
        read_needs(one, company=cast.company)
    with django_assert_num_queries(5):
        assert len(read_needs(three, company=cast.company).fresh) == 3


def test_a_table_of_misspelt_words_is_searched_so_often_and_no_more(cast):
    book = Wordbook()
    for n in range(MOST_SEARCHES + 5):
        with pytest.raises(Unclear):
            book.category(f"roler{n}")
    assert book.searches_left == 0
    with pytest.raises(Unclear) as unclear:
        book.area("Kota Cilegon")
    assert unclear.value.choices == []


CELLS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" ;\"\n,'="), max_size=30)


@given(
    st.lists(st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS.map(str.strip), min_size=2), max_size=4)
)
def test_the_text_between_preview_and_saving_loses_nothing(rows):
    said = [
        ReadRow(n + 2, {name: text for name, text in cells.items() if text}) for n, cells in enumerate(rows)
    ]
    text = as_text(said)
    lines = list(csv.reader(io.StringIO(text.split("\n", 1)[1]), delimiter=";"))
    header, body = lines[0], lines[1:]
    names = {headings[0]: name for name, headings in COLUMNS.items()}
    again = [
        {names[heading]: cell for heading, cell in zip(header[1:], row[1:], strict=True) if cell}
        for row in body
    ]
    assert again == [row.cells for row in said]
    assert mark_of(text) == mark_of(text.replace("\n", "\r\n"))


# --- The pages


@pytest.fixture
def tab(cast):
    return logged_in(cast.owner)


def shown(answer):
    return answer.context["reading"]


def test_the_preview_writes_nothing_and_saving_writes_the_valid_rows_once(cast, tab):
    wrong = ["Salah", "Cangkul", "1,250", *ROW[3:]]
    answer = tab.post(MANY, {"rows": pasted(ROW, wrong)})
    assert answer.status_code == 200
    assert not Need.objects.exists()
    page = answer.content.decode()
    assert "1 baris siap disimpan" in page
    assert "Baris 3 · Salah" in page
    assert "Seribu dua ratus potong. 1.200\u00a0pcs sampai 28 Februari 2027 = 600\u00a0pcs per bulan" in page
    data = {"rows": shown(answer).text, "mark": shown(answer).mark, "simpan": "ya"}
    saved = tab.post(MANY, data)
    assert [need.title for need in Need.objects.all()] == ["Cangkul A"]
    assert "1 kebutuhan tersimpan sebagai draf." in saved.content.decode()
    assert [row.cells["title"] for row in shown(saved).wrong] == ["Salah"]
    assert shown(saved).rows == shown(saved).wrong
    assert [row.number for row in shown(saved).wrong] == [3]
    tab.post(MANY, data)
    assert Need.objects.count() == 1


def test_all_saved_leads_to_the_drafts_and_a_second_submit_says_so(cast, tab):
    answer = tab.post(MANY, {"rows": pasted(ROW)})
    data = {"rows": shown(answer).text, "mark": shown(answer).mark, "simpan": "ya"}
    first, second = tab.post(MANY, data), tab.post(MANY, data, follow=True)
    assert first.url == "/kebutuhan/?status=draft"
    assert "Semua baris ini sudah tersimpan" in second.content.decode()
    assert Need.objects.count() == 1


def test_a_text_that_was_mended_is_shown_before_it_is_saved(cast, tab):
    answer = tab.post(MANY, {"rows": pasted(ROW)})
    mended = shown(answer).text.replace("1.200", "1.300")
    again = tab.post(MANY, {"rows": mended, "mark": shown(answer).mark, "simpan": "ya"})
    assert not Need.objects.exists()
    assert shown(again).fresh[0].said["quantity"] == 1300
    tab.post(MANY, {"rows": shown(again).text, "mark": shown(again).mark, "simpan": "ya"})
    assert Need.objects.get().quantity == 1300


def test_browsers_send_line_ends_of_their_own(cast, tab):
    answer = tab.post(MANY, {"rows": pasted(ROW)})
    text = shown(answer).text.replace("\n", "\r\n")
    tab.post(MANY, {"rows": text, "mark": shown(answer).mark, "simpan": "ya"})
    assert Need.objects.count() == 1


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_template_is_read_when_it_comes_back(cast, tab, extension):
    answer = tab.get(reverse("industry:many_template", args=[extension]))
    assert answer["Content-Disposition"] == f'attachment; filename="kebutuhan.{extension}"'
    empty = tab.post(MANY, {"file": SimpleUploadedFile(f"a.{extension}", answer.content)})
    assert empty.status_code == 422
    assert "Tabel ini kosong" in empty.content.decode()
    write = workbooks.write_xlsx if extension == "xlsx" else workbooks.write_csv
    filled = write(
        "Kebutuhan",
        (),
        HEAD,
        [["Cangkul A", "Cangkul", 1200, "pcs", "seluruhnya", date(2027, 1, 1), date(2027, 2, 28)]],
    )
    found = shown(tab.post(MANY, {"file": SimpleUploadedFile(f"a.{extension}", filled)}))
    assert [row.said["quantity"] for row in found.fresh] == [1200]


def test_the_examples_of_the_template_are_themselves_right(cast):
    from industry.views.many import EXAMPLES

    rows = [[example.get(name, "").replace("Contoh: ", "") for name in COLUMNS] for example in EXAMPLES]
    found = reading(cast.company, pasted(*rows, head=[headings[0] for headings in COLUMNS.values()]))
    assert [row.errors for row in found.wrong] == []
    assert len(found.fresh) == len(EXAMPLES)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "rows"),
        ({"rows": "   "}, "rows"),
        ({"rows": "Judul\tJumlah\nCangkul\t5"}, "rows"),
        ({"rows": "x" * 100_000}, "rows"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken")}, "file"),
        ({"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.4")}, "file"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "file"),
    ],
)
def test_what_is_no_table_is_refused_at_its_place(tab, data, field):
    answer = tab.post(MANY, data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_only_buyers_bring_tables(cast):
    for person in (cast.smith, cast.officer):
        assert logged_in(person).get(MANY).status_code == 404
        assert logged_in(person).post(MANY, {"rows": pasted(ROW)}).status_code == 404
        assert logged_in(person).get(reverse("industry:many_template", args=["xlsx"])).status_code == 404
    assert logged_in(cast.owner).get(reverse("industry:many_template", args=["exe"])).status_code == 404
