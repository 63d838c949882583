"""What can be wrong with a bundle, in words. Pure: no Django, so both languages stand here side by side."""

from dataclasses import dataclass, field

INDONESIAN, ENGLISH = "id", "en"

WORDS: dict[str, tuple[str, str]] = {
    "not_utf8": ("berkas bukan teks UTF-8", "the file is not UTF-8 text"),
    "not_json": (
        "bukan JSON yang benar: baris {line}, kolom {column}",
        "not valid JSON: line {line}, column {column}",
    ),
    "not_a_number": ("{found} bukan angka JSON", "{found} is not a JSON number"),
    "too_deep": ("JSON bersarang terlalu dalam", "the JSON is nested too deeply"),
    "format": ('"format" harus "{expected}"', '"format" must be "{expected}"'),
    "unknown_key": ("kunci ini tidak dikenal", "this key is not known"),
    "repeated_key": ("kunci ini ditulis lebih dari sekali", "this key is written more than once"),
    "missing": ("wajib diisi", "this is compulsory"),
    "not_object": ("harus berupa objek {{…}}", "this must be an object {{…}}"),
    "not_list": ("harus berupa daftar […]", "this must be a list […]"),
    "not_text": ("harus berupa teks dalam tanda kutip", "this must be text in quotation marks"),
    "not_boolean": ("harus true atau false", "this must be true or false"),
    "blank": ("tidak boleh hanya spasi", "this must not be only spaces"),
    "too_long": (
        "paling banyak {limit} huruf, ini {length}",
        "at most {limit} characters, this has {length}",
    ),
    "control": (
        "memuat karakter kendali yang tidak boleh disimpan",
        "it holds a control character, which cannot be stored",
    ),
    "not_quantity": (
        'jumlah ditulis sebagai teks, paling banyak 9 angka sebelum dan 3 angka sesudah titik, misalnya "1200.5"',
        'a quantity is text, at most 9 digits before and 3 after the point, for example "1200.5"',
    ),
    "not_positive": ("harus lebih dari 0", "this must be more than 0"),
    "not_days": (
        "harus bilangan bulat dari 0 sampai {limit}",
        "this must be a whole number from 0 to {limit}",
    ),
    "not_day": (
        'bukan tanggal yang ada; tulis tahun-bulan-hari, misalnya "2027-01-31"',
        'not an existing day; write year-month-day, for example "2027-01-31"',
    ),
    "ends_early": ("berakhir sebelum mulai ({start})", "it ends before it starts ({start})"),
    "not_area": (
        'bukan kode wilayah Kemendagri, misalnya "36.72.03"',
        'not a Kemendagri area code, for example "36.72.03"',
    ),
    "unknown_area": ('wilayah "{value}" tidak dikenal', 'the area "{value}" is not known'),
    "not_nib": ("NIB terdiri atas 13 angka", "a NIB has 13 digits"),
    "not_one_of": ("harus salah satu dari: {choices}", "this must be one of: {choices}"),
    "unknown_category": ('kategori "{value}" tidak dikenal', 'the category "{value}" is not known'),
    "category_level": (
        '"{value}" adalah kelompok; pilih famili atau jenis di bawahnya',
        '"{value}" is a group; choose a family or an item below it',
    ),
    "unknown_process": ('proses "{value}" tidak dikenal', 'the process "{value}" is not known'),
    "process_level": (
        '"{value}" adalah kelompok proses; pilih proses di bawahnya',
        '"{value}" is a group of processes; choose one below it',
    ),
    "unknown_kind": (
        'jenis sertifikat "{value}" tidak dikenal',
        'the kind of certificate "{value}" is not known',
    ),
    "unknown_unit": ('satuan "{value}" tidak dikenal', 'the unit "{value}" is not known'),
    "unknown_company": (
        'tidak ada perusahaan dengan ref "{value}" dalam berkas ini',
        'no company in this file has the ref "{value}"',
    ),
    "company_missing": (
        '"{value}" diterbitkan oleh satu pembeli: sebut pembelinya',
        '"{value}" is issued by one buyer: name the buyer',
    ),
    "repeated": ("sudah ada di {first}", "this is already at {first}"),
    "too_many": ("dan masih ada kesalahan lain", "and there are more errors"),
}


@dataclass(frozen=True)
class Problem:
    """`path` is a JSON path ("$.ikms[0].name"), `code` a key of WORDS."""

    path: str
    code: str
    params: dict[str, object] = field(default_factory=dict)

    def text(self, language: str = INDONESIAN) -> str:
        return WORDS[self.code][language == ENGLISH].format(**self.params)

    def __str__(self) -> str:
        return f"{self.path}: {self.text()}"


class BundleRefused(Exception):
    """The bundle is refused as a whole."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
