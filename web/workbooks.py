"""Tables to download that no spreadsheet runs as formulas: .xlsx and CSV, with what they are and how they came about.

`title` names the table; `notes` are pairs of label and text (question asked, day, by whom), `header` the names of the
columns. In a row a str stays text ("=1+1", "00123"), int, float and Decimal are numbers, a date is a day, an aware
moment is told in local time, None is an empty cell. The same arguments give the same bytes.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from web.tables import as_typed

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
LONGEST_TEXT = 32_767  # of a cell, by the format
NARROWEST, WIDEST, MEASURED_ROWS = 10, 60, 200
# What a spreadsheet runs where a cell begins with it.
RUNS = frozenset("=+-@\t\r")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOMENTS = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")

Notes = Sequence[tuple[str, str]]
Rows = Iterable[Sequence[Any]]


def write_csv(title: str, notes: Notes, header: Sequence[str], rows: Rows) -> bytes:
    """For Excel set to Indonesian: UTF-8 with its mark, semicolons, decimal comma.

    Title and notes stand above the header, with an empty line between; without notes the header is the first line.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    above: list[Sequence[Any]] = [[title], *notes, []] if notes else []
    for row in chain(above, [header], rows):
        writer.writerow([_typed(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(
    title: str,
    notes: Notes,
    header: Sequence[str],
    rows: Rows,
    *,
    more: Iterable[tuple[str, Sequence[str], Rows]] = (),
) -> bytes:
    """The table on the first sheet, its header bold and always in sight; then `more` tables (title, header, rows) with
    a sheet each; the notes on the last one."""
    workbook = openpyxl.Workbook(write_only=True)
    for name, columns, cells in [(title, header, rows), *more]:
        _fill(workbook.create_sheet(_sheet_name(name)), columns, cells)
    if notes:
        _tell(workbook.create_sheet(_("Keterangan")), title, notes)
    file = io.BytesIO()
    workbook.save(file)
    return _without_clock(file.getvalue())


def _fill(sheet: Any, header: Sequence[str], rows: Rows) -> None:
    rows = iter(rows)
    first = list(islice(rows, MEASURED_ROWS))
    sheet.freeze_panes = "A2"
    for index, name in enumerate(header):
        longest = max((len(_typed(row[index])) for row in first if index < len(row)), default=0)
        width = max(NARROWEST, min(WIDEST, max(len(str(name)), longest) + 2))
        sheet.column_dimensions[get_column_letter(index + 1)].width = width
    sheet.append([_cell(sheet, str(name), bold=True) for name in header])
    last = 1
    for row in chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])
        last += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{last}"


def _tell(sheet: Any, title: str, notes: Notes) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 90
    sheet.append([_cell(sheet, title, bold=True)])
    for label, text in notes:
        sheet.append([_cell(sheet, label, bold=True), _cell(sheet, text, wrap=True)])


def _cell(sheet: Any, value: Any, *, bold: bool = False, wrap: bool = False) -> WriteOnlyCell:
    if value is None:
        return WriteOnlyCell(sheet, None)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "#,##0" if value == int(value) else "#,##0.###"
    elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
    else:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", _said(value))[:LONGEST_TEXT])
        cell.data_type = "s"  # else openpyxl takes "=1+1" for a formula
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _typed(value: Any) -> str:
    """A cell of a CSV; with an apostrophe before what would be run (web.tables.read takes it off again)."""
    if isinstance(value, int | float | Decimal | datetime.date) or value is None:
        return _said(value)
    text = _said(value)
    return f"'{text}" if text[:1] in RUNS else text


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, int | float | Decimal | datetime.date):
        return as_typed(value)
    return str(value)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", " ", title)[:31].strip("' ") or "Data"


def _without_clock(data: bytes) -> bytes:
    """The same workbook without the moment it was written, so that equal content is an equal file."""
    clean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(clean, "w") as still:
        for name in packed.namelist():
            content = packed.read(name)
            if name == "docProps/core.xml":
                content = _MOMENTS.sub(b"", content)
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            still.writestr(part, content)
    return clean.getvalue()
