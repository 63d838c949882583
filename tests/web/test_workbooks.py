import datetime
import io
from decimal import Decimal

import openpyxl
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from web import numbers, workbooks
from web.tables import read

MOMENT = datetime.datetime(2027, 5, 3, 6, 5, tzinfo=datetime.UTC)  # 13.05 in Cilegon
HEADER = ["Nama", "=NIB", "Jumlah", "Hari", "Mulai", "Catatan", "Ya"]
ROWS = [
    ["=1+1", "0000000000001", Decimal("1250.500"), 5, datetime.date(2027, 5, 3), None, True],
    ["+62812", "a\x07b; \"c\"\nd", Decimal("1.125"), -5, MOMENT, "", False],
    ["@cmd", "-2", 0, 1250, None, "\t=x", 2.5],
]  # fmt: skip
NOTES = [("Dicari", "=las; bubut"), ("Hari", "24 November 2026")]


def xlsx(title="Data", notes=(), header=HEADER, rows=ROWS):
    return workbooks.write_xlsx(title, notes, header, rows)


def csv(title="Data", notes=(), header=HEADER, rows=ROWS):
    return workbooks.write_csv(title, notes, header, rows)


def cells(data):
    return [line.cells for line in read(ContentFile(data))]


def sheet_of(data, index=0):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(index).to_python()


def test_csv_for_a_spreadsheet_set_to_indonesian():
    assert csv().decode("utf-8-sig").split("\r\n") == [
        "Nama;'=NIB;Jumlah;Hari;Mulai;Catatan;Ya",
        "'=1+1;0000000000001;1250,5;5;2027-05-03;;ya",
        '\'+62812;"a\x07b; ""c""\nd";1,1250;-5;2027-05-03 13:05;;tidak',
        "'@cmd;'-2;0;1250;;'\t=x;2,5",
        "",
    ]


def test_csv_says_above_the_header_what_it_is():
    data = csv("=Pemasok", NOTES, ["a", "b"], [["x", 1]])
    assert data.startswith(b"\xef\xbb\xbf'=Pemasok\r\n")
    assert cells(data) == [
        ["=Pemasok"],
        ["Dicari", "=las; bubut"],
        ["Hari", NOTES[1][1]],
        ["a", "b"],
        ["x", "1"],
    ]


def test_a_text_to_be_translated_runs_nothing_either():
    """A lazy text is no str, yet it is one when it is written."""
    assert csv(rows=[[gettext_lazy("=1+1")]]).decode("utf-8-sig").splitlines()[1] == "'=1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(rows=[[gettext_lazy("=1+1")]]))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


def test_xlsx_is_read_as_it_was_given():
    assert sheet_of(xlsx()) == [
        HEADER,
        ["=1+1", "0000000000001", 1250.5, 5.0, datetime.date(2027, 5, 3), "", "ya"],
        ["+62812", 'ab; "c"\nd', 1.125, -5.0, "2027-05-03 13:05", "", "tidak"],
        ["@cmd", "-2", 0.0, 1250.0, "", "\t=x", 2.5],
    ]
    assert sheet_of(xlsx(notes=NOTES, title="Pemasok"), 1) == [
        ["Pemasok", ""],
        ["Dicari", "=las; bubut"],
        ["Hari", "24 November 2026"],
    ]


def test_xlsx_runs_nothing():
    book = openpyxl.load_workbook(io.BytesIO(xlsx("Data [2027]", NOTES)))
    assert [sheet.title for sheet in book] == ["Data  2027", "Keterangan"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds == {"inlineStr", "s", "n", "d"}  # no "f"
    assert {cell.number_format for cell in book.worksheets[0][2]} >= {"@", "#,##0.###", "#,##0", "yyyy-mm-dd"}


def test_the_header_is_bold_and_stays_in_sight():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx())).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G4"
    assert {cell.font.bold for cell in sheet[1]} == {True}
    assert {cell.font.bold for cell in sheet[2]} == {False}
    assert sheet.column_dimensions["B"].width == len("0000000000001") + 2


def test_an_empty_table_is_a_table():
    assert sheet_of(xlsx(rows=[])) == [HEADER]
    assert cells(csv(rows=[])) == [HEADER]


def test_equal_content_is_an_equal_file(time_machine):
    first = xlsx(notes=NOTES), csv(notes=NOTES)
    time_machine.move_to("2031-07-01 10:00")
    assert (xlsx(notes=NOTES), csv(notes=NOTES)) == first
    assert xlsx(rows=ROWS[1:]) != xlsx()


def test_words_of_the_writer_are_in_the_language_of_the_reader():
    with translation.override("id"):
        assert "ya" in sheet_of(xlsx())[1]


texts = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("=+-@' ;,\t\""), max_size=12)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_what_is_downloaded_can_be_uploaded_again(pairs):
    rows = [(f"x{first}", f"x{second}") for first, second in pairs] + [("=1", "-2")]
    expected = [[cell.strip() for cell in row] for row in [("a", "b"), *rows]]
    assert cells(csv(header=["a", "b"], rows=rows)) == expected
    assert cells(xlsx(header=["a", "b"], rows=rows)) == expected


@given(st.decimals(min_value=0, max_value=999_999_999, places=3))
def test_numbers_survive_the_way_out_and_in(value):
    for write in (csv, xlsx):
        assert numbers.parse(cells(write(header=["a", "b"], rows=[[value, "x"]]))[1][0]) == value
