"""What is said about a row of an imported table, grouped by what is to be done. Codes are stored, words are not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Kind(NamedTuple):
    """`what` is wrong or doubtful, `do` what helps. `refuses`: such a row is not taken."""

    what: Promise
    do: Promise
    refuses: bool = True


KINDS: dict[str, Kind] = {
    "no_name": Kind(_("Nama usaha kosong"), _("Isi nama usahanya.")),
    "long_name": Kind(_("Nama usaha lebih dari 160 huruf"), _("Pendekkan namanya; mungkin kolomnya keliru.")),
    "nib_length": Kind(_("NIB bukan 13 angka"), _("Periksa NIB pada OSS, atau kosongkan selnya.")),
    "area_unknown": Kind(
        _("Wilayah tidak dikenal"), _("Tulis kelurahan dan kecamatan seperti pada peta wilayah Anda.")
    ),
    "area_foreign": Kind(
        _("Wilayah ini ditangani Dinas lain"), _("Serahkan baris ini kepada Dinas di sana.")
    ),
    "twin": Kind(_("Sama dengan baris lain pada berkas ini"), _("Hapus salah satu barisnya.")),
    "elsewhere": Kind(
        _("NIB ini sudah terdaftar pada Dinas lain"), _("Tanyakan kepada Dinas itu; satu usaha satu profil.")
    ),
    "nib_padded": Kind(
        _("NIB 12 angka: nol di depan mungkin hilang di lembar kerja, kami tambahkan"),
        _("Cocokkan dengan NIB aslinya."),
        refuses=False,
    ),
    "phone_lost": Kind(
        _("Nomor telepon rusak oleh lembar kerja (8,52E+10), tidak diambil"),
        _("Jadikan kolomnya teks, lalu ketik ulang nomornya."),
        refuses=False,
    ),
    "phone_wrong": Kind(
        _("Nomor telepon tidak terbaca, tidak diambil"), _("Tulis satu nomor per sel."), refuses=False
    ),
    "npwp_wrong": Kind(
        _("NPWP bukan 15 atau 16 angka, tidak diambil"), _("Periksa kartu NPWP-nya."), refuses=False
    ),
    "npwp_doubtful": Kind(
        _("Angka NPWP tampak salah ketik, tetap diambil"), _("Periksa kartu NPWP-nya."), refuses=False
    ),
    "email_wrong": Kind(
        _("Alamat e-mail tidak lengkap, tidak diambil"), _("Tulis seperti nama@contoh.id."), refuses=False
    ),
    "workers_wrong": Kind(
        _("Jumlah pekerja tidak terbaca, tidak diambil"), _("Tulis bilangan bulat."), refuses=False
    ),
    "year_wrong": Kind(
        _("Tahun berdiri tidak terbaca, tidak diambil"), _("Tulis empat angka."), refuses=False
    ),
    "place_wrong": Kind(
        _("Titik koordinat di luar Indonesia, tidak diambil"),
        _("Periksa lintang dan bujurnya."),
        refuses=False,
    ),
    "kbli_unknown": Kind(_("KBLI tidak dikenal, tidak diambil"), _("Tulis lima angka."), refuses=False),
    "cut": Kind(_("Teks terlalu panjang, dipotong"), _("Pendekkan isinya."), refuses=False),
    "area_assumed": Kind(
        _("Tanpa wilayah: dianggap di wilayah Dinas Anda"), _("Isi kelurahannya."), refuses=False
    ),
    "village_unknown": Kind(
        _("Kelurahan tidak dikenal: dicatat pada kecamatannya"),
        _("Periksa ejaan kelurahannya."),
        refuses=False,
    ),
    "product_unknown": Kind(
        _("Produk belum dikenali: ditulis pada keterangan usaha"),
        _("Pilih kategorinya pada halaman kolom, atau lengkapi nanti."),
        refuses=False,
    ),
    "differs": Kind(
        _("Isi berbeda dari yang tersimpan, dibiarkan"),
        _("Bandingkan, lalu ubah pada profilnya bila perlu."),
        refuses=False,
    ),
}

# As stored: [code, what the row says there].
Remark = Sequence[str]
SHOWN = 5


class Group(NamedTuple):
    """All rows of one kind of remark. `examples` are what stands there, with how many rows have it."""

    code: str
    rows: int
    examples: list[tuple[str, int]]
    numbers: list[int]

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]


def refuse(remarks: Iterable[Remark]) -> bool:
    return any(KINDS[code].refuses for code, _detail in remarks)


def grouped(rows: Iterable[tuple[int, Sequence[Remark]]]) -> list[Group]:
    """By kind, those that refuse first, then by how many rows they concern. `rows` are (line, remarks)."""
    numbers: dict[str, list[int]] = defaultdict(list)
    details: dict[str, Counter[str]] = defaultdict(Counter)
    for number, remarks in rows:
        for code, detail in remarks:
            if code in KINDS:  # a kind that a later version has dropped
                numbers[code].append(number)
                details[code][detail] += 1
    groups = [
        Group(code, len(found), details[code].most_common(SHOWN), found[:SHOWN])
        for code, found in numbers.items()
    ]
    return sorted(groups, key=lambda group: (not group.kind.refuses, -group.rows, group.code))


def in_words(remarks: Iterable[Remark]) -> str:
    """The reasons of one rejected row, for the file that goes back to be mended."""
    said = [
        str(format_lazy("{what}: {detail}. {do}", what=kind.what, detail=detail, do=kind.do))
        if detail
        else f"{kind.what}. {kind.do}"
        for code, detail in remarks
        if (kind := KINDS.get(code)) and kind.refuses
    ]
    return " ".join(said)
