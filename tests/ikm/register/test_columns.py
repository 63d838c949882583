import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm.register.columns import FIELDS, REPEATABLE, Table, field_of, guess, parted
from tests.ikm.register.tables import HEADER, ROWS

LEVELS = {"citangkil": "village", "jombang": "district"}


def level_of(text):
    return LEVELS.get(text.casefold(), "")


def numbered(*rows):
    return [(number, [str(cell) for cell in row]) for number, row in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("NAMA USAHA", "name"),
        ("Nama Usaha (sesuai NIB) *", "name"),
        ("PERUSAHAAN", "name"),
        ("Nama Pemilik", "owner"),
        ("KONTAK", "owner"),
        ("No. Telp / HP", "phone"),
        ("JALAN", "address"),
        ("Desa/Kelurahan", "village"),
        ("Kab./Kota", "regency"),
        ("Jml. Tenaga Kerja", "workers"),
        ("Komoditi", "products"),
        ("marker", ""),
        ("", ""),
    ],
)
def test_headings_as_offices_write_them(heading, field):
    assert field_of(heading) == field


def test_titles_above_numbers_below_and_sums_are_no_rows():
    lines = numbered(
        ["DATA IKM LOGAM KOTA CILEGON"],
        ["Tahun 2026"],
        HEADER,
        range(1, 11),
        *ROWS,
        ["JUMLAH", "", "", "", "", "", "", "", "", "8"],
    )
    table = parted(lines)
    assert table.headings == HEADER
    assert [number for number, _cells in table.rows] == [5, 6, 7]
    assert guess(table) == {
        1: "name",
        2: "owner",
        3: "nib",
        4: "address",
        5: "village",
        6: "district",
        7: "phone",
        8: "products",
        9: "workers",
    }


def test_without_headings_the_contents_say_what_a_column_is():
    rows = [
        ["CV Maju", "0220001234567", "081234567890", "a@contoh.id", "Citangkil", "25113", "42435", "Jombang"],
        ["UD Jaya", "0220001234568", "0254 391234", "b@contoh.id", "Citangkil", "25920", "42436", "Jombang"],
        ["Pak Budi", "", "08123456789", "", "Citangkil", "25113", "42437", "Jombang"],
    ]
    table = parted(numbered(*rows))
    assert len(table.rows) == 3
    assert guess(table, level_of=level_of, kbli={"25113", "25920"}) == {
        0: "name",
        1: "nib",
        2: "phone",
        3: "email",
        4: "village",
        5: "kbli",
        6: "postcode",
        7: "district",
    }


def test_telephones_of_thirteen_figures_are_no_nib():
    table = Table([""], [(1, ["0812345678901"]), (2, ["0812345678902"])])
    assert guess(table) == {0: "phone"}


def test_an_empty_table_is_nothing():
    assert parted([]) == Table([], [])
    assert guess(parted([])) == {}


@given(
    st.lists(st.sampled_from([*HEADER, "x", "", "Produk Utama", "Jenis Usaha", "NIB"]), max_size=8),
    st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6),
)
def test_whatever_the_table_each_field_is_guessed_once(headings, rows):
    table = parted(numbered(headings, *rows))
    found = guess(table, level_of=level_of)
    once = [field for field in found.values() if field not in REPEATABLE]
    assert len(once) == len(set(once))
    assert set(found.values()) <= set(FIELDS)
    assert set(found) <= set(range(len(table.headings)))
    assert all(len(cells) <= len(table.headings) for _number, cells in table.rows)
