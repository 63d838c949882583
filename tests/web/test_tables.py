import datetime
import io
import os
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from web import tables
from web.tables import Line, Row, TableRefused, read, read_pasted, under_header

COLUMNS = {"produk": ["nama barang", "item"], "jumlah": ["qty", "volume"], "satuan": ["unit", "uom"]}


def cells(data):
    return [line.cells for line in read(ContentFile(data))]


def refusal(data):
    with pytest.raises(TableRefused) as caught:
        read(ContentFile(data))
    return caught.value.code


def xlsx(*rows, **sheets):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for title, more in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def altered(data, changes=(), *, compression=zipfile.ZIP_DEFLATED):
    """The workbook with parts replaced (name → bytes) or, where a function, rewritten."""
    changes, file = dict(changes), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", compression) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            content = changes.get(name) or old.read(name)
            new.writestr(name, content(old.read(name)) if callable(content) else content)
    return file.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
# As Excel writes it: texts stand in a part of their own.
SHARED = altered(
    xlsx(["x"]),
    {
        SHEET: b"<worksheet %s><sheetData>" % MAIN
        + b'<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'
        + b'<row r="3"><c r="B3"><v>1250.5</v></c><c r="C3" t="b"><v>1</v></c></row></sheetData></worksheet>',
        STRINGS: b"<sst %s><si><t>00123</t></si><si><r><t>Re</t></r><r><t>ng</t></r></si></sst>" % MAIN,
    },
)


def test_a_workbook_as_it_would_be_typed():
    data = xlsx(
        ["Produk", "Jumlah", "NIB", "Mulai", "Ya"],
        ["Reng", 1250, "0000000000001", datetime.date(2027, 5, 3), True],
        [" Kanal\u00a0C ", 1250.5, 1234567890123, datetime.datetime(2027, 5, 3, 13, 5), False],
        ["Poros", 1.125, 0.1 + 0.2, None, "00123"],
        ["", None, "  "],
        ["Baut", -5, 1e15, datetime.time(13, 5), "=1+1"],
    )
    assert cells(data) == [
        ["Produk", "Jumlah", "NIB", "Mulai", "Ya"],
        ["Reng", "1250", "0000000000001", "2027-05-03", "TRUE"],
        ["Kanal C", "1250,5", "1234567890123", "2027-05-03 13:05", "FALSE"],
        ["Poros", "1,1250", "0,3", "", "00123"],
        ["Baut", "-5", "1000000000000000", "13:05:00"],
    ]


def test_shared_texts():
    assert read(ContentFile(SHARED)) == [Line(1, ["Reng", "00123"]), Line(3, ["", "1250,5", "TRUE"])]


def test_rows_have_the_numbers_of_the_file():
    lines = read(ContentFile(xlsx([], ["Daftar kebutuhan"], [], ["Produk", "Qty"], ["Reng", 5])))
    assert [line.number for line in lines] == [2, 4, 5]
    assert [line.number for line in read_pasted("Produk\tQty\n\nReng\t5")] == [1, 3]


def test_the_first_sheet_that_shows_something():
    workbook = openpyxl.Workbook()
    workbook.active.sheet_state = "hidden"
    workbook.active.append(["rahasia"])
    workbook.create_sheet("Kosong")
    workbook.create_sheet("Isi").append(["Reng"])
    file = io.BytesIO()
    workbook.save(file)
    assert cells(file.getvalue()) == [["Reng"]]


def test_far_cells_that_hold_nothing_but_a_format_do_no_harm():
    def format_far_cell(sheet):
        return sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')

    assert cells(altered(xlsx(["Reng"]), {SHEET: format_far_cell})) == [["Reng"]]


@pytest.mark.parametrize(
    "data",
    [
        b"produk;jumlah\nreng;1,5\nkanal;2,5\n",
        "\ufeffproduk;jumlah\r\nreng;1,5\r\nkanal;2,5\r\n".encode(),
        b'produk,jumlah\nreng,"1,5"\nkanal,"2,5"\n',
        b"produk\tjumlah\nreng\t1,5\nkanal\t2,5\n",
        b"sep=|\r\nproduk|jumlah\r\nreng|1,5\r\nkanal|2,5",
        "produk;jumlah\nreng;1,5\nkanal;2,5\n".encode("utf-16"),
        b"produk;jumlah;;\n;;;\nreng;1,5;;\nkanal; 2,5 ;\n",
        b"Daftar kebutuhan, November 2026\n\nproduk;jumlah\nreng;1,5\nkanal;2,5\n".partition(b"\n\n")[2],
    ],
)
def test_csv_in_every_dialect(data):
    assert cells(data) == [["produk", "jumlah"], ["reng", "1,5"], ["kanal", "2,5"]]


def test_csv_from_an_old_windows():
    assert cells("produk;catatan\nreng;2 m² – Café\n".encode("cp1252"))[1] == ["reng", "2 m² – Café"]


def test_inches_are_no_quotes():
    assert cells(b'pipa 2" x 6 m;5\npipa 3";6\n') == [['pipa 2" x 6 m', "5"], ['pipa 3"', "6"]]


def test_pasted_from_a_spreadsheet():
    text = 'Produk\tQty\r\n"Reng\r\nbaja"\t00123\r\nPipa 2"\t1.250\r\n'
    assert read_pasted(text) == [
        Line(1, ["Produk", "Qty"]),
        Line(2, ["Reng\nbaja", "00123"]),
        Line(3, ['Pipa 2"', "1.250"]),
    ]
    assert read_pasted('"A" kelas 2\t5\nReng\t6')[0].cells == ['"A" kelas 2', "5"]
    assert read_pasted("Reng; 5\nKanal; 6")[1].cells == ["Kanal", "6"]


def test_the_heading_is_found_under_titles():
    lines = read_pasted(
        "Daftar kebutuhan 2027\n\nNo\tNama Barang\tQTY (volume)\tQty\tCatatan\n1\tReng\t-\t1.250\tsegera\n2\tKanal"
    )
    sheet = under_header(lines, COLUMNS, required=["produk", "jumlah", "satuan"])
    assert sheet.rows == [
        Row(4, {"produk": "Reng", "jumlah": "1.250"}),
        Row(5, {"produk": "Kanal", "jumlah": ""}),
    ]
    assert sheet.missing == ["satuan"]
    assert sheet.unknown == ["No", "QTY (volume)", "Catatan"]


def test_without_a_heading_the_assumed_order_counts():
    lines = read_pasted("Reng\t1.250\tkg\nKanal\t5\tbatang")
    sheet = under_header(lines, COLUMNS, assumed=["produk", "jumlah", "satuan"])
    assert sheet.rows[0] == Row(1, {"produk": "Reng", "jumlah": "1.250", "satuan": "kg"})
    assert (len(sheet.rows), sheet.missing, sheet.unknown) == (2, [], [])
    with pytest.raises(TableRefused) as caught:
        under_header(lines, COLUMNS)
    assert caught.value.messages == ["Judul kolom tidak ditemukan. Yang dicari: produk, jumlah, satuan."]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n ; ;\n", "empty"),
        (xlsx(), "empty"),
        (b"MZ\x90\0\0\0", "unknown"),
        (b"%PDF-1.7", "unknown"),
        (b"<html><table>", "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"\xff\xfe\x00", "broken"),
        (b"PK\x03\x04" + b"\0" * 100, "broken"),
        (xlsx(["a"])[:-500], "broken"),
        (altered(xlsx(["a"]), {SHEET: b"<worksheet><sheetData><row>"}), "broken"),
        (altered(xlsx(["a"]), {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'}), "broken"),
        (altered(xlsx(["a"]), {"xl/workbook.xml": b"<workbook/>"}), "empty"),
        (altered(xlsx(["a"]), compression=zipfile.ZIP_BZIP2), "broken"),
        (b'a;"b\nc;d\n', "quote"),
        (b"a;" + b"x" * 5001, "cell"),
        (b"a;" * 70 + b"b", "columns"),
        (b"a;b\n" * 5001, "rows"),
        (b"\n" * 30_000, "rows"),
        (b"a" * (tables.LARGEST_FILE + 1), "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_table_or_too_much(data, code):
    assert refusal(data) == code


def test_a_refusal_is_a_validation_error_in_words():
    with pytest.raises(ValidationError) as caught:
        read(ContentFile(b"a;b\n" * 5001))
    assert caught.value.messages == ["Tabel ini lebih dari 5000 baris. Bagi menjadi beberapa berkas."]


def test_another_zip_is_no_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert refusal(file.getvalue()) == "old_excel"


# --- Hostile workbooks: refused within 150 MB and 5 seconds

FAR_CELL = (
    b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
HIDDEN_FAR_CELL = FAR_CELL.replace(b'r="XFD1048576"', b'r="&#88;FD1048576"')
PREFIXED_FAR_CELL = (
    b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
    b'<x:row r="1048576"><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
)


def lying(data, name):
    """The stated size of one part becomes 100 bytes, in both places where a zip states it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(name).file_size
    return data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def hostile():
    plain = xlsx(["a"])
    wide = b"".join(b"<c><v>1</v></c>" for _ in range(100_000))
    many = b"<worksheet><sheetData>" + b"<row><c/></row>" * 600_000 + b"</sheetData></worksheet>"
    strings = b"<sst>" + b"<si><t/></si>" * 1_400_000 + b"</sst>"
    flood = b"<worksheet>" + b" " * 100_000_000
    return {
        "far cell": (altered(plain, {SHEET: FAR_CELL}), "rows"),
        "far cell behind an entity": (altered(plain, {SHEET: HIDDEN_FAR_CELL}), "rows"),
        "far cell behind a prefix": (altered(plain, {SHEET: PREFIXED_FAR_CELL}), "rows"),
        "one long row": (
            altered(
                plain, {SHEET: b"<worksheet><sheetData><row>" + wide + b"</row></sheetData></worksheet>"}
            ),
            "columns",
        ),
        "a million elements": (altered(plain, {SHEET: many}), "rows"),
        "a million strings": (altered(plain, {"xl/sharedStrings.xml": strings}), "rows"),
        "100 MB in 100 KB": (altered(plain, {SHEET: flood}), "too_large"),
        "100 MB that say they are 100 bytes": (lying(altered(plain, {SHEET: flood}), SHEET), "broken"),
        "one line of five million cells": (b";" * tables.LARGEST_FILE, "columns"),
        "one line of two million texts": (b"a;" * (tables.LARGEST_FILE // 2), "columns"),
        "five million lines": (b"\n" * tables.LARGEST_FILE, "rows"),
    }


READ = """
import re, sys, time, django
django.setup()
from django.core.files.base import ContentFile
from web import tables

def peak():  # of this program alone; getrusage would count its parent too
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", open("/proc/self/status").read())[1]) // 1024

tables.read(ContentFile(b"a;b"))
start = peak()
for path in sys.argv[1:]:
    data = open(path, "rb").read()
    begin = time.process_time()
    try:
        tables.read(ContentFile(data))
        code = "taken"
    except tables.TableRefused as refused:
        code = refused.code
    print(code, peak() - start, time.process_time() - begin)
"""


def test_hostile_files_cost_neither_memory_nor_time(tmp_path):
    files = hostile()
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "partnership_portal.settings"}
    command = [sys.executable, "-c", READ, *(str(tmp_path / name) for name in files)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    for (name, (_, code)), line in zip(files.items(), answer.splitlines(), strict=True):
        found, megabytes, seconds = line.split()
        assert (name, found) == (name, code)
        assert int(megabytes) < 150, name  # the peak so far
        assert float(seconds) < 5, name


def test_a_full_table_is_read():
    rows = [[f"Produk {n}", n, n + 0.5, "0000000000001", "kg", "catatan panjang " * 5] for n in range(5000)]
    assert cells(xlsx(*rows))[4999][:3] == ["Produk 4999", "4999", "4999,5"]


@given(st.data())
def test_a_damaged_workbook_is_refused_or_read(data):
    content = bytearray(xlsx(["Produk", 5, 2.5], ["Reng", datetime.date(2027, 1, 1), True]))
    for _ in range(data.draw(st.integers(1, 4))):
        # The writer's time of day changes the length by a byte or two.
        place = 4 + data.draw(st.integers(0, 100_000)) % (len(content) - 4)
        content[place] = data.draw(st.integers(0, 255))
    try:
        read(ContentFile(bytes(content)))
    except TableRefused:
        pass


@given(st.data())
def test_a_damaged_part_is_refused_or_read(data):
    def damage(part):
        part = bytearray(part)
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(part) - 1))
            part[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        return bytes(part)

    part = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", STRINGS]))
    try:
        read(ContentFile(altered(SHARED, {part: damage}, compression=zipfile.ZIP_STORED)))
    except TableRefused:
        pass


@given(st.text(max_size=200))
def test_any_pasted_text_is_a_table_or_refused(text):
    try:
        lines = read_pasted(text)
    except TableRefused:
        return
    assert all(line.cells[-1] for line in lines)
