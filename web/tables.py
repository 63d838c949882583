"""Tables that people paste or upload, as rows of text (web.workbooks writes tables to download).

Cells come out as somebody would type them: numbers with a decimal comma and without grouping (web.numbers), days as
2026-11-24, leading zeros kept. A hostile file is refused before it is unpacked in memory.
"""

import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.cell import column_index_from_string
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from web.numbers import unambiguous

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 500
MOST_ELEMENTS = 1_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
# Rows times columns: the reader takes memory for every cell before the last one.
LARGEST_AREA = 2_000_000
LONGEST_CELL = 5_000
LONGEST_LINE = 200_000
# A header stands among the first lines; above it titles and notes.
HEADER_WITHIN = 30

MESSAGES = {
    "empty": _("Tabel ini kosong. Isi paling sedikit satu baris di bawah judul kolom."),
    "too_large": _("Berkas ini terlalu besar; paling besar %(limit)d MB. Bagi menjadi beberapa berkas."),
    "unknown": _("Berkas ini bukan tabel. Simpan sebagai Excel (.xlsx) atau CSV, lalu unggah lagi."),
    "old_excel": _("Format ini belum dapat dibaca. Buka berkasnya, lalu Simpan Sebagai Excel (.xlsx)."),
    "locked": _("Berkas Excel ini terkunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."),
    "broken": _("Berkas ini rusak atau terpotong. Simpan ulang, lalu unggah lagi."),
    "rows": _("Tabel ini lebih dari %(limit)d baris. Bagi menjadi beberapa berkas."),
    "columns": _("Tabel ini lebih dari %(limit)d kolom. Hapus kolom yang tidak perlu."),
    "cell": _(
        "Satu sel di baris %(row)d lebih dari %(limit)d huruf. Apakah ada tanda kutip yang tidak ditutup?"
    ),
    "quote": _("Ada tanda kutip yang tidak ditutup, di baris %(row)d atau sebelumnya."),
    "header": _("Judul kolom tidak ditemukan. Yang dicari: %(expected)s."),
}


class TableRefused(ValidationError):
    """A table that is not taken; `code` is a key of MESSAGES."""

    def __init__(self, code: str, **params: Any):
        super().__init__(MESSAGES[code], code=code, params=params)


class Line(NamedTuple):
    """A line of the file that is not blank: its number there (from 1) and its cells, none blank at the end."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Row:
    """A line under the header: `cells` by the names of the wanted columns, "" where there is none."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """`unknown` are the headings that name no wanted column, as they stand; `missing` the names not found."""

    rows: list[Row]
    missing: list[str]
    unknown: list[str]


def read(upload: File, *, most_rows: int = MOST_ROWS) -> list[Line]:
    """The first sheet that holds anything of an .xlsx, or a CSV in any usual dialect; TableRefused otherwise."""
    if upload.size > LARGEST_FILE:
        raise TableRefused("too_large", limit=LARGEST_FILE // 1024**2)
    upload.seek(0)
    data = upload.read(LARGEST_FILE + 1)
    if data.startswith(b"PK\x03\x04"):
        return _lines(_excel(data, most_rows), most_rows)
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # an .xls, or an .xlsx inside a locked container
        raise TableRefused("locked" if "EncryptedPackage".encode("utf-16-le") in data else "old_excel")
    return _lines(_csv(_decoded(data), most_rows), most_rows)


def read_pasted(text: str) -> list[Line]:
    """What was copied from a spreadsheet (columns parted by tabs), or typed with ; or , between the columns."""
    if len(text) > LARGEST_FILE:
        raise TableRefused("too_large", limit=LARGEST_FILE // 1024**2)
    text = text.strip("\ufeff\r\n")
    try:
        return _lines(_csv(text))
    except TableRefused as refused:
        # A spreadsheet copies `"A" kelas 2` without doubling the quotes.
        if refused.code not in {"quote", "cell"} or "\t" not in text:
            raise
    return _lines(line.split("\t") for line in text.splitlines())


def under_header(
    lines: Sequence[Line],
    columns: Mapping[str, Collection[str]],
    *,
    required: Collection[str] = (),
    assumed: Sequence[str] = (),
) -> Sheet:
    """The rows below the heading that names most `columns` (name → headings people use, in any case and spacing).

    Where no line names two of them (or the only one), the first line counts as a row of `assumed`, in this order;
    without that it is TableRefused("header").
    """
    if not lines:
        raise TableRefused("empty")
    wanted = {heading(word): name for name, words in columns.items() for word in (name, *words)}
    best = -1
    found: dict[str, int] = {}
    for position, line in enumerate(lines[:HEADER_WITHIN]):
        named: dict[str, int] = {}
        for index, cell in enumerate(line.cells):
            if name := wanted.get(heading(cell)):
                named.setdefault(name, index)
        if len(named) > len(found):
            best, found = position, named
    if len(found) < min(2, len(columns)):
        if not assumed:
            raise TableRefused("header", expected=", ".join(columns))
        best, found = -1, {name: index for index, name in enumerate(assumed)}
    headings = lines[best].cells if best >= 0 else []
    return Sheet(
        rows=[Row(line.number, _by_name(line.cells, found)) for line in lines[best + 1 :]],
        missing=[name for name in required if name not in found],
        unknown=[cell for index, cell in enumerate(headings) if cell and index not in found.values()],
    )


def heading(text: str) -> str:
    """The form in which headings are compared: "Kapasitas / bulan (kg) *" is "kapasitas bulan kg"."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _by_name(cells: list[str], found: dict[str, int]) -> dict[str, str]:
    return {name: cells[index] if index < len(cells) else "" for name, index in found.items()}


def _lines(rows: Iterable[Sequence[Any]], most_rows: int = MOST_ROWS) -> list[Line]:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [as_typed(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise TableRefused("columns", limit=MOST_COLUMNS)
        if max(map(len, cells)) > LONGEST_CELL:
            raise TableRefused("cell", row=number, limit=LONGEST_CELL)
        lines.append(Line(number, cells))
        if len(lines) > most_rows:
            raise TableRefused("rows", limit=most_rows)
    if not lines:
        raise TableRefused("empty")
    return lines


def as_typed(value: Any) -> str:
    """A cell as somebody would type it."""
    if isinstance(value, str):
        text = value.replace("\u00a0", " ").replace("\r\n", "\n").strip()
        # The apostrophe that keeps a spreadsheet from running it, ours or the user's.
        return text[1:] if re.match(r"'[=+\-@\t\r]", text) else text
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float | Decimal):
        # Fifteen figures, as a spreadsheet shows them: 0.1 + 0.2 is 0,3.
        exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        whole, _dot, fraction = f"{exact:f}".partition(".")
        return unambiguous(f"{whole},{fraction.rstrip('0')}".rstrip(","))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


# --- Excel


def _excel(data: bytes, most_rows: int) -> list[list[Any]]:
    try:
        workbook = CalamineWorkbook.from_filelike(_unpacked(data, most_rows))
        for sheet in workbook.sheets_metadata:
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                if rows:
                    return rows
    except TableRefused:
        raise
    except Exception:  # a damaged workbook fails in many ways: zip, XML, numbers, the reader's own errors
        raise TableRefused("broken") from None
    raise TableRefused("empty")


def _unpacked(data: bytes, most_rows: int) -> io.BytesIO:
    """The same workbook with nothing but its XML parts, checked and stored plainly.

    The reader then sees exactly what was checked here, whatever the original says about sizes and names.
    """
    clean, left = io.BytesIO(), LARGEST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(clean, "w") as plain:
        parts = packed.infolist()
        if "xl/workbook.xml" not in packed.namelist():
            raise TableRefused("old_excel")  # .ods, .xlsb, .numbers, or no spreadsheet at all
        if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
            raise TableRefused("broken")
        for part in parts:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            left -= part.file_size
            if left < 0:
                raise TableRefused("too_large", limit=LARGEST_FILE // 1024**2)
            content = _read_part(packed, part)
            _check_part(content, most_rows)
            plain.writestr(part.filename, content)
    clean.seek(0)
    return clean


def _read_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The part, unpacked no further than its stated size; if that was a lie, its checksum is wrong."""
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise TableRefused("broken")
    with packed.open(part) as file:  # not packed.read(), which unpacks everything before it looks at the size
        content = file.read(part.file_size)
    if len(content) != part.file_size:
        raise TableRefused("broken")
    return content


def _check_part(content: bytes, most_rows: int) -> None:
    """TableRefused for a cell beyond the limits: the reader would take memory for all cells before it."""
    parser = expat.ParserCreate(namespace_separator=" ")
    is_sheet, row, column, elements = None, 0, 0, 0
    lowest, widest = 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_sheet, row, column, elements, lowest, widest
        elements += 1
        if elements > MOST_ELEMENTS:
            raise TableRefused("rows", limit=most_rows)
        tag = name.rpartition(" ")[2]
        if is_sheet is None:
            is_sheet = tag == "worksheet"
        elif is_sheet and tag == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif is_sheet and tag == "c":
            row, column = _place(attributes["r"]) if "r" in attributes else (row, column + 1)
        elif is_sheet and tag in {
            "v",
            "is",
            "t",
        }:  # a cell that holds something; mere formats may stand anywhere
            if row > 2 * most_rows:
                raise TableRefused("rows", limit=most_rows)
            if column > 2 * MOST_COLUMNS:
                raise TableRefused("columns", limit=MOST_COLUMNS)
            lowest, widest = max(lowest, row), max(widest, column)
            if lowest * widest > LARGEST_AREA:
                raise TableRefused("rows", limit=most_rows)

    def refuse(*_: Any) -> None:
        raise TableRefused("broken")  # no spreadsheet writes a DOCTYPE; entities could expand without end

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)


def _place(reference: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if not found:
        raise TableRefused("broken")
    return int(found[2]), column_index_from_string(found[1])


# --- CSV


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _in(data, encoding)
    if b"\0" in data or data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<")):
        raise TableRefused("unknown")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _in(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise TableRefused("broken") from None


def _csv(text: str, most_rows: int = MOST_ROWS) -> Iterator[list[str]]:
    if re.search(rf"[^\n]{{{LONGEST_LINE}}}", text):  # before a list is made of all its cells
        raise TableRefused("columns", limit=MOST_COLUMNS)
    stated = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    delimiter = stated[1] if stated else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if number > 4 * most_rows:
                raise TableRefused("rows", limit=most_rows)
            yield [] if stated and number == 1 else row
    except csv.Error:
        raise TableRefused("quote", row=reader.line_num) from None


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the same number of cells: in "reng;1,5" the semicolon."""
    sample = [line for line in text[:100_000].splitlines()[:60] if line.strip()]
    scores = {}
    for sign in "\t;,|":
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=sign) if len(row) > 1)
        scores[sign] = max((width * lines for width, lines in widths.items()), default=0)
    return max(scores, key=lambda sign: scores[sign])
