"""Many needs from a spreadsheet: a row is cleaned by the same fields as the questions, and says what is wrong in it."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from industry import needs
from industry.forms.need import check_period, end_field, start_field
from industry.models import Company, Need
from industry.wordbook import Unclear, Wordbook
from web import tables
from web.fields import LineField, MoneyField, ParagraphField, QuantityField, WholeNumberField
from web.numbers import NumberRefused
from web.numbers import read as read_number

MOST_NEEDS = 500
# What travels hidden from the preview to saving stays well under the limit of a request.
LONGEST_TEXT = 1_500_000
# Such rows explain the template and are not read.
EXAMPLE = "contoh:"

# The first heading is the one of the template.
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("Judul", "Judul kebutuhan", "Nama barang", "Uraian", "Title"),
    "category": ("Barang atau jasa", "Kategori", "Jenis barang", "Barang", "Category"),
    "quantity": ("Jumlah", "Kuantitas", "Qty", "Quantity"),
    "unit": ("Satuan", "Unit", "UoM"),
    "basis": ("Dihitung", "Per bulan atau seluruhnya", "Basis"),
    "start": ("Mulai", "Tanggal mulai", "Start"),
    "end": ("Sampai", "Selesai", "Tanggal selesai", "End"),
    "area": ("Wilayah kirim", "Tempat kirim", "Wilayah", "Area"),
    "delivery_address": ("Alamat kirim", "Alamat", "Delivery address"),
    "spec": ("Spesifikasi", "Keterangan", "Specification"),
    "required_certificates": ("Sertifikat wajib", "Required certificates"),
    "preferred_certificates": ("Sertifikat diutamakan", "Preferred certificates"),
    "required_processes": ("Proses wajib", "Required processes"),
    "max_lead_time_days": ("Waktu pengerjaan paling lama (hari)", "Lead time", "Waktu pengerjaan"),
    "unit_mass_kg": ("Berat satu satuan (kg)", "Berat satuan", "Unit mass kg"),
    "material_terms": ("Bahan baku", "Bahan", "Material"),
    "payment_days": ("Dibayar dalam (hari)", "Pembayaran (hari)", "Payment days"),
    "value_idr": ("Perkiraan nilai (Rp)", "Nilai", "Value"),
    "allow_pooling": ("Boleh beberapa IKM", "Gabungan", "Pooling"),
}
NUMBER = "number"  # of the row in the original file, kept while it is mended
HEADINGS = {NUMBER: ("Baris",), **COLUMNS}
REQUIRED = ("title", "category", "quantity", "start", "end")
# The order in which a table without headings is read.
ASSUMED = ("title", "category", "quantity", "unit", "basis", "start", "end", "area")

BASES = {
    "month": ("per bulan", "bulan", "bulanan", "/bulan", "month", "per month", "monthly"),
    "total": ("seluruhnya", "total", "semua", "sekali"),
}
MATERIALS = {
    "buyer": ("pembeli", "pembeli menyediakan bahan", "buyer"),
    "reserved": ("dipesankan", "pembeli memesankan bahan", "reserved"),
    "market": ("pasar", "bahan dicari sendiri di pasar", "market"),
}
YES, NO = ("ya", "boleh", "yes", "y", "1", "true"), ("tidak", "no", "n", "0", "false")


class ManyForm(forms.Form):
    """A table, pasted or as a file."""

    rows = forms.CharField(
        label=gettext_lazy("Tempel dari lembar kerja"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("Salin bersama judul kolomnya, lalu tempel di sini."),
    )
    file = forms.FileField(
        label=gettext_lazy("Atau unggah berkas Excel (.xlsx) atau CSV"),
        required=False,
        help_text=gettext_lazy("Paling besar 5 MB dan 500 baris."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"empty": gettext_lazy("Berkas ini kosong.")},
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.errors:
            return said
        name = "file" if said.get("file") else "rows"
        try:
            if said.get("file"):
                said["lines"] = tables.read(said["file"])
            elif said.get("rows", "").strip():
                said["lines"] = tables.read_pasted(said["rows"])
            else:
                raise ValidationError(_("Tempel tabelnya atau pilih berkasnya."), code="required")
        except ValidationError as wrong:
            self.add_error(name, wrong)
        return said


class RowForm(forms.Form):
    """One row. Cells that name shared words are looked up in the book."""

    title = LineField(max_length=160)
    category = forms.CharField()
    quantity = QuantityField(above=0)
    unit = forms.CharField(required=False)
    basis = forms.CharField(required=False)
    start = start_field()
    end = end_field()
    area = forms.CharField(required=False)
    delivery_address = LineField(max_length=250, required=False)
    spec = ParagraphField(max_length=5000, required=False)
    required_certificates = forms.CharField(required=False)
    preferred_certificates = forms.CharField(required=False)
    required_processes = forms.CharField(required=False)
    max_lead_time_days = WholeNumberField(
        unit="hari", units=("days",), min_value=1, max_value=3650, required=False
    )
    unit_mass_kg = QuantityField(unit="kg", above=0, required=False)
    material_terms = forms.CharField(required=False)
    payment_days = WholeNumberField(unit="hari", units=("days",), max_value=3650, required=False)
    value_idr = MoneyField(required=False)
    allow_pooling = forms.CharField(required=False)

    def __init__(self, cells: dict[str, str], *, book: Wordbook, company: Company):
        cells = dict(cells)
        if not cells.get("unit"):
            cells["quantity"], cells["unit"] = parted(cells.get("quantity", ""))
        super().__init__(cells)
        self.book, self.company = book, company

    def clean_category(self) -> Any:
        return looked_up(self.book.category, self.cleaned_data["category"])

    def clean_unit(self) -> Any:
        text = self.cleaned_data["unit"]
        if not text:
            raise ValidationError(_("Tulis satuannya, misalnya pcs atau kg."), code="required")
        return looked_up(self.book.unit, text)

    def clean_area(self) -> Any:
        text = self.cleaned_data["area"]
        return looked_up(self.book.area, text) if text else self.company.organisation.area

    def clean_basis(self) -> str:
        return one_of(BASES, self.cleaned_data["basis"], _("Tulis “per bulan” atau “seluruhnya”."))

    def clean_material_terms(self) -> str:
        text = self.cleaned_data["material_terms"]
        return one_of(MATERIALS, text, _("Tulis “pembeli”, “dipesankan”, atau “pasar”.")) if text else ""

    def clean_allow_pooling(self) -> bool:
        text = self.cleaned_data["allow_pooling"] or NO[0]
        return one_of({"yes": YES, "no": NO}, text, _("Tulis “ya” atau “tidak”.")) == "yes"

    def clean_required_certificates(self) -> list[Any]:
        return self._words("required_certificates", self.book.kinds)

    def clean_preferred_certificates(self) -> list[Any]:
        return self._words("preferred_certificates", self.book.kinds)

    def clean_required_processes(self) -> list[Any]:
        return self._words("required_processes", self.book.processes)

    def clean(self) -> dict[str, Any]:
        check_period(self)
        required = self.cleaned_data.get("required_certificates") or []
        preferred = self.cleaned_data.get("preferred_certificates") or []
        self.cleaned_data["preferred_certificates"] = [kind for kind in preferred if kind not in required]
        return self.cleaned_data

    def _words(self, name: str, names: Any) -> list[Any]:
        text = self.cleaned_data[name]
        return looked_up(lambda cell: self.book.many(names, cell), text) if text else []


def parted(cell: str) -> tuple[str, str]:
    """ "10 ton" as number and unit; a cell that is no number stays whole."""
    try:
        unit = read_number(cell).unit
    except NumberRefused:
        return cell, ""
    return (cell[: cell.rindex(unit)], unit) if unit and unit in cell else (cell, "")


def looked_up(find: Any, text: str) -> Any:
    try:
        return find(text)
    except Unclear as unclear:
        said = {"text": unclear.text.strip()[:60], "choices": "; ".join(unclear.choices)}
        if unclear.choices:
            raise ValidationError(
                _("“%(text)s” bisa berarti: %(choices)s. Tulis salah satunya.") % said
            ) from None
        raise ValidationError(_("“%(text)s” tidak dikenal.") % said) from None


def one_of(meanings: dict[str, Sequence[str]], text: str, message: str | Promise) -> str:
    folded = " ".join(text.casefold().split())
    for meaning, words in meanings.items():
        if folded in words:
            return meaning
    raise ValidationError(message, code="invalid")


@dataclass
class ReadRow:
    """A row as read: either `said` (fields for `draft_many`), known already, or with errors (heading, message)."""

    number: int
    cells: dict[str, str]
    said: dict[str, Any] | None = None
    is_known: bool = False
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def need(self) -> Need:
        """What would be saved, to be read out."""
        return Need(**{name: value for name, value in (self.said or {}).items() if name in needs.REVISABLE})


@dataclass
class Reading:
    """All rows of a table. `text` says it again for the next request, `mark` names that text."""

    rows: list[ReadRow]
    unknown: list[str]
    text: str

    @property
    def fresh(self) -> list[ReadRow]:
        return [row for row in self.rows if row.said and not row.is_known]

    @property
    def known(self) -> list[ReadRow]:
        return [row for row in self.rows if row.is_known]

    @property
    def wrong(self) -> list[ReadRow]:
        return [row for row in self.rows if row.errors]

    @property
    def mark(self) -> str:
        return mark_of(self.text)


def mark_of(text: str) -> str:
    return hashlib.blake2s(text.replace("\r\n", "\n").encode(errors="replace"), digest_size=8).hexdigest()


def read_needs(lines: Sequence[tables.Line], *, company: Company) -> Reading:
    """Clean every row. Nothing is written; ValidationError where it is no table of needs."""
    sheet = tables.under_header(lines, HEADINGS, required=REQUIRED, assumed=ASSUMED)
    if sheet.missing:
        names = ", ".join(COLUMNS[name][0] for name in sheet.missing)
        raise ValidationError(_("Kolom ini belum ada: %(names)s.") % {"names": names}, code="missing")
    rows = [row for row in sheet.rows if not row.cells.get("title", "").casefold().startswith(EXAMPLE)]
    if not rows:
        raise tables.TableRefused("empty")
    if len(rows) > MOST_NEEDS:
        raise tables.TableRefused("rows", limit=MOST_NEEDS)
    book, known = Wordbook(), needs.known_identities(company)
    found = [_read_row(row, book=book, company=company, known=known) for row in rows]
    reading = Reading(found, sheet.unknown, as_text(found))
    if len(reading.text) > LONGEST_TEXT:
        raise tables.TableRefused("too_large", limit=1)
    return reading


def _read_row(row: tables.Row, *, book: Wordbook, company: Company, known: set[tuple]) -> ReadRow:
    stated = row.cells.get(NUMBER, "")
    number = int(stated) if stated.isdecimal() and len(stated) < 7 else row.number
    cells = {name: text for name, text in row.cells.items() if name != NUMBER and text}
    form = RowForm(cells, book=book, company=company)
    if not form.is_valid():
        errors = [
            (COLUMNS[name][0] if name in COLUMNS else "", str(message))
            for name, messages in form.errors.items()
            for message in messages
        ]
        return ReadRow(number, cells, errors=errors)
    found = ReadRow(number, cells, said=form.cleaned_data)
    who = needs.identity(found.need)
    found.is_known = who in known
    known.add(who)
    return found


def as_text(rows: Sequence[ReadRow]) -> str:
    """The rows with headings, as `tables.read_pasted` reads them again; columns that nobody filled are left out."""
    used = [name for name in COLUMNS if any(name in row.cells for row in rows)]
    file = io.StringIO(newline="")
    file.write("sep=;\n")
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow(["Baris", *(COLUMNS[name][0] for name in used)])
    for row in rows:
        writer.writerow([row.number, *(row.cells.get(name, "") for name in used)])
    return file.getvalue()
