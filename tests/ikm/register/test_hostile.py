"""Files that are made to cost: refused before they take memory or time, also with the rows that an import may have."""

import csv
import io
import os
import subprocess
import sys

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from ikm.register import columns, imports
from tests import offices
from tests.ikm.register.tables import HEADER
from tests.web import test_tables as tables

READ = """
import re, sys, time, django
django.setup()
from django.core.files.base import ContentFile
from ikm.register import columns, imports
from web import tables

def peak():  # of this program alone; getrusage would count its parent too
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", open("/proc/self/status").read())[1]) // 1024

tables.read(ContentFile(b"a;b"))
start = peak()
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    begin = time.process_time()
    try:
        lines = tables.read(ContentFile(data), most_rows=imports.MOST_ROWS)
        columns.guess(columns.parted((line.number, line.cells) for line in lines))
        code = "taken"
    except tables.TableRefused as refused:
        code = refused.code
    print(code, peak() - start, time.process_time() - begin)
"""


def far_cell(row, column):
    workbook = openpyxl.Workbook()
    workbook.active.cell(row, column, "jauh")
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def rows_of(count):
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(
        [
            HEADER,
            *(
                [n, f"CV Nomor {n}", "Budi", f"{n:013d}", "", "", "Jombang", "", "pagar", 3]
                for n in range(count)
            ),
        ]
    )
    return file.getvalue().encode()


def hostile():
    """The furthest cells that are still read, and what lies behind them."""
    return {
        "last row, few columns": (far_cell(20_000, 60), "taken"),
        "last row, twice the columns": (far_cell(40_000, 120), "rows"),
        "a cell at the end of the sheet": (far_cell(1_048_576, 1), "rows"),
        "a false dimension": (
            tables.altered(
                tables.xlsx(["Nama usaha"], ["CV A"]),
                {tables.SHEET: lambda part: part.replace(b'ref="A1:A2"', b'ref="A1:ZZ999999"')},
            ),
            "taken",
        ),
        "more rows than an import has": (rows_of(imports.MOST_ROWS + 5), "rows"),
    }


def more_hostile():
    """All that tests.web.test_tables has, with the rows of an import."""
    files = {name: each for name, each in tables.hostile().items() if "far cell" not in name}
    unpacked = b"<worksheet>" + b" " * 381_000_000
    return files | {
        "381 MB in 384 KB": (tables.altered(tables.xlsx(["a"]), {tables.SHEET: unpacked}), "too_large"),
        "as many rows as an import has": (rows_of(imports.MOST_ROWS - 1), "taken"),
    }


@pytest.mark.parametrize("make", [hostile, pytest.param(more_hostile, marks=pytest.mark.full)])
def test_hostile_files_cost_neither_memory_nor_time(tmp_path, make):
    files = make()
    for name, (data, _code) in files.items():
        (tmp_path / name).write_bytes(data)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "partnership_portal.settings"}
    command = [sys.executable, "-c", READ, *(str(tmp_path / name) for name in files)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    for (name, (_data, code)), line in zip(files.items(), answer.splitlines(), strict=True):
        found, megabytes, seconds = line.split()
        assert (name, found) == (name, code)
        assert int(megabytes) < 150, name  # the peak so far
        assert float(seconds) < 5, name


@pytest.mark.parametrize("name", ["a;b\n", "Nama usaha;NIB\nCV A;\x00\n", "Nama usaha\nCV A\n"])
def test_small_oddities(db, name):
    """One column, a NUL, no heading: refused or taken, never an error."""
    office = offices.office()
    by = offices.member(office, "Petugas Ani")
    try:
        job = imports.start(SimpleUploadedFile("x.csv", name.encode()), office=office, by=by)
    except ValidationError:
        return
    assert set(job.mapping.values()) <= set(columns.FIELDS)
