"""Which column of a table says what: guessed from its heading, else from what stands in it. Pure: no Django.

A guess is only a guess: the officer sees it beside examples and may change it (ikm.forms.register).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Field -> headings that offices write over it, folded as `folded` does.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "nama usaha", "nama perusahaan", "nama ikm", "nama industri", "nama unit usaha", "nama badan usaha",
        "nama bengkel", "nama toko", "nama umkm", "perusahaan", "usaha", "ikm", "nama", "company", "company name",
        "business name", "workshop name", "workshop", "facility name", "name",
    ),
    "owner": (
        "nama pemilik", "pemilik", "nama pengusaha", "pengusaha", "penanggung jawab", "nama penanggung jawab",
        "nama pengelola", "pengelola", "pimpinan", "nama pimpinan", "kontak", "nama kontak", "kontak person",
        "contact person", "contact", "pic", "owner",
    ),
    "nib": ("nib", "no nib", "nomor nib", "nomor induk berusaha", "nib oss", "business registration number"),
    "npwp": ("npwp", "no npwp", "nomor npwp", "nomor pokok wajib pajak", "tax number"),
    "phone": (
        "telp", "tlp", "telepon", "telpon", "no telp", "no tlp", "no telepon", "nomor telepon", "nomor telp", "hp",
        "no hp", "nomor hp", "handphone", "no handphone", "telp hp", "no telp hp", "hp telp", "telepon hp", "kontak hp",
        "nomor kontak", "no kontak", "phone", "phone number", "telephone", "mobile",
    ),
    "whatsapp": ("whatsapp", "wa", "no wa", "nomor wa", "no whatsapp", "nomor whatsapp", "hp wa", "no hp wa"),
    "email": ("email", "e mail", "surel", "alamat email", "alamat e mail"),
    "address": ("alamat", "alamat usaha", "alamat lengkap", "alamat perusahaan", "jalan", "address", "street"),
    "village": ("kelurahan", "desa", "kelurahan desa", "desa kelurahan", "kel desa", "desa kel", "kel", "village"),
    "district": ("kecamatan", "kec", "district"),
    "regency": ("kabupaten", "kota", "kabupaten kota", "kab kota", "kota kabupaten", "kab", "city", "regency"),
    "postcode": ("kode pos", "kodepos", "postcode", "postal code", "zip"),
    "products": (
        "produk", "nama produk", "jenis produk", "hasil produksi", "jenis produksi", "produksi", "komoditi",
        "komoditas", "barang", "jenis barang", "produk utama", "product", "products", "jenis usaha", "bidang usaha",
        "jenis industri",
    ),
    "kbli": ("kbli", "kode kbli", "no kbli", "nomor kbli", "kbli 2020", "kbli 2025"),
    "workers": (
        "tenaga kerja", "jumlah tenaga kerja", "jml tenaga kerja", "tk", "jumlah tk", "naker", "karyawan",
        "jumlah karyawan", "pekerja", "jumlah pekerja", "jml pekerja", "workers", "employees",
    ),
    "year_founded": ("tahun berdiri", "thn berdiri", "berdiri", "tahun mulai", "mulai usaha", "year founded"),
    "legal_form": ("bentuk usaha", "badan usaha", "bentuk badan usaha", "bentuk", "badan hukum", "legal form"),
    "latitude": ("lat", "latitude", "lintang", "garis lintang"),
    "longitude": ("lng", "lon", "long", "longitude", "bujur", "garis bujur"),
}  # fmt: skip
_BY_HEADING = {heading: field for field, headings in HEADINGS.items() for heading in headings}
FIELDS = tuple(HEADINGS)
# The columns without which a table is no register.
REQUIRED = ("name",)
# Several columns may hold them; their texts are read one after the other.
REPEATABLE = frozenset(["products"])
HEADER_WITHIN = 30
SAMPLE = 200
# So much of what stands in a column must look like something, for it to be that.
MOSTLY = 0.6

# Line -> the cells of it that hold something.
Cells = Sequence[str]


@dataclass(frozen=True)
class Table:
    """`headings` may be empty texts; `rows` are (line in the file, cells) below them."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def folded(heading: str) -> str:
    """ "No. Telp / HP *" is "no telp hp"."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


def field_of(heading: str) -> str:
    """The field that a heading names; "" for none. "Nama Usaha (sesuai NIB)" is also looked at without its brackets."""
    return _BY_HEADING.get(folded(heading)) or _BY_HEADING.get(folded(re.sub(r"\(.*?\)", " ", heading)), "")


def parted(lines: Iterable[tuple[int, list[str]]]) -> Table:
    """The heading and the rows under it. Titles above, a line of column numbers and sums below are left out.

    Without any line that names two fields the table has no headings, and all lines are rows.
    """
    listed = list(lines)
    named = [len({field_of(cell) for cell in cells} - {""}) for _number, cells in listed[:HEADER_WITHIN]]
    best = max(range(len(named)), key=lambda index: (named[index], -index), default=-1)
    has_header = best >= 0 and named[best] >= 2
    headings = list(listed[best][1]) if has_header else []
    rows = [row for row in listed[best + 1 if has_header else 0 :] if not _is_no_row(row[1])]
    width = max([len(headings), *(len(cells) for _number, cells in rows)], default=0)
    return Table(headings + [""] * (width - len(headings)), rows)


def _is_no_row(cells: Cells) -> bool:
    """A line "1 2 3 4 …" under the heading, or a sum."""
    said = [cell for cell in cells if cell]
    counts = len(said) > 2 and said == [str(number) for number in range(1, len(said) + 1)]
    return counts or bool(said and folded(said[0]) in {"jumlah", "total", "jumlah total", "grand total"})


def guess(
    table: Table, *, level_of: Callable[[str], str] = lambda text: "", kbli: Collection[str] = frozenset()
) -> dict[int, str]:
    """Column → field, each field once (products may stand in several).

    `level_of` says what sort of area a text names (village, district, regency, ""); `kbli` are the known codes.
    """
    found: dict[int, str] = {}
    for index, heading in enumerate(table.headings):
        field = field_of(heading)
        if field and (field not in found.values() or field in REPEATABLE):
            found[index] = field
    for index in range(len(table.headings)):
        if index not in found and not folded(table.headings[index]):
            field = by_content(column(table, index), level_of=level_of, kbli=kbli)
            if field and field not in found.values():
                found[index] = field
    if "name" not in found.values() and (index := _named_column(table, found)) is not None:
        found[index] = "name"
    return found


def column(table: Table, index: int) -> list[str]:
    """What stands in a column, up to SAMPLE cells that hold something."""
    cells = (row[index] for _number, row in table.rows if index < len(row) and row[index])
    return [cell for cell, _count in zip(cells, range(SAMPLE), strict=False)]


def by_content(cells: Cells, *, level_of: Callable[[str], str], kbli: Collection[str]) -> str:
    """The field that most of the cells look like; "" for none."""

    def mostly(looks: Callable[[str], object]) -> bool:
        return bool(cells) and sum(bool(looks(cell)) for cell in cells) >= MOSTLY * len(cells)

    digits = [re.sub(r"[\s.\-/]", "", cell) for cell in cells]
    if mostly(lambda cell: re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", cell, re.IGNORECASE)):
        return "email"
    if _share(digits, r"[0-9]{13}") and not _share(digits, r"(?:62|0)8.*"):
        return "nib"
    if _share(digits, r"[0-9]{15,16}"):
        return "npwp"
    if _share(digits, r"(?:\+?62|0)[0-9]{7,13}"):
        return "phone"
    if _share(digits, r"[0-9]{5}"):
        return "kbli" if mostly(lambda cell: cell in kbli) else "postcode"
    levels = [level_of(cell) for cell in cells]
    return next(
        (level for level in ("village", "district", "regency") if mostly_is(levels, level)),
        "",
    )


def mostly_is(values: Sequence[str], wanted: str) -> bool:
    return bool(values) and values.count(wanted) >= MOSTLY * len(values)


def _share(texts: Sequence[str], pattern: str) -> bool:
    return bool(texts) and sum(bool(re.fullmatch(pattern, text)) for text in texts) >= MOSTLY * len(texts)


def _named_column(table: Table, taken: Mapping[int, str]) -> int | None:
    """The column whose cells begin with a legal form most often; None where hardly any does."""
    scores = {}
    for index in range(len(table.headings)):
        cells = column(table, index) if index not in taken else []
        forms = sum(bool(re.match(r"(?:cv|pt|ud|pd|kub)\b\.?", cell, re.IGNORECASE)) for cell in cells)
        if cells and forms >= 0.3 * len(cells):
            scores[index] = forms / len(cells)
    return max(scores, key=lambda index: scores[index]) if scores else None
