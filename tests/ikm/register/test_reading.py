from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm.register import reading
from ikm.register.columns import FIELDS
from ikm.register.reading import product_words
from ikm.register.remarks import KINDS, grouped, in_words, refuse

MAPPING = dict(enumerate(FIELDS))


class Words:
    """Knows one area, one product and one KBLI."""

    def area(self, stated):
        village = stated.get("village", "")
        if village in {"", "Citangkil"}:
            return "36.72.08.1007" if village else "36.72", [] if village else [["area_assumed", ""]]
        return None, [["area_unknown", village]]

    def category(self, product):
        return {"pagar": "pagar-besi", "pagar besi": "pagar-besi", "golok": "golok"}.get(
            product.casefold(), ""
        )

    def kbli(self, code):
        return {"25113": 7}.get(code)


def read(**said):
    cells = [said.get(field, "") for field in FIELDS]
    return reading.read(cells, MAPPING, Words(), this_year=2026)


def codes(**said):
    return [code for code, _detail in read(**{"name": "CV Maju", "village": "Citangkil"} | said).remarks]


def test_a_whole_row():
    row = read(
        name="  CV.  Maju\nJaya ",
        owner="Budi",
        nib="0220 0012.34567",
        npwp="01.000.013.1-092.000",
        phone="0254-391234",
        whatsapp="0812 3456 7890",
        email="Maju@Contoh.ID",
        address="Jl. Raya 1",
        village="Citangkil",
        postcode="42441",
        products="Pagar, golok dan meja lipat",
        kbli="25113",
        workers="12 orang",
        year_founded="2009",
        latitude="-6,01",
        longitude="106.05",
    )
    assert row.remarks == [["product_unknown", "meja lipat"]]
    assert row.organisation == {
        "name": "CV. Maju Jaya",
        "contact_name": "Budi",
        "nib": "0220001234567",
        "npwp": "010000131092000",
        "phone": "+62254391234",
        "whatsapp": "+6281234567890",
        "email": "maju@contoh.id",
        "address": "Jl. Raya 1",
        "area_id": "36.72.08.1007",
        "postcode": "42441",
    }
    assert row.ikm == {
        "legal_form": "CV",
        "workers": 12,
        "year_founded": 2009,
        "latitude": Decimal("-6.01000"),
        "longitude": Decimal("106.05000"),
        "about": "meja lipat",
    }
    assert row.products == [("Pagar", "pagar-besi"), ("golok", "golok")]
    assert row.kblis == [7]
    assert (row.core, row.numbers) == ("maju jaya", {"+62254391234", "+6281234567890"})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"nib": "220001234567"}, ["nib_padded"]),
        ({"nib": "12345"}, ["nib_length"]),
        ({"nib": "2.20001E+11"}, ["nib_length"]),
        ({"nib": "-"}, []),
        ({"phone": "8.52348e+010"}, ["phone_lost"]),
        ({"phone": "8,52E+10"}, ["phone_lost"]),
        ({"phone": "hubungi istri"}, ["phone_wrong"]),
        ({"phone": "0812-3456-7890 / 0813 1111 2222"}, []),
        ({"npwp": "123"}, ["npwp_wrong"]),
        ({"npwp": "123456789012345"}, ["npwp_doubtful"]),
        ({"email": "maju@"}, ["email_wrong"]),
        ({"workers": "banyak"}, ["workers_wrong"]),
        ({"workers": "-3"}, ["workers_wrong"]),
        ({"year_founded": "2031"}, ["year_wrong"]),
        ({"year_founded": "09"}, ["year_wrong"]),
        ({"latitude": "106", "longitude": "-6"}, ["place_wrong"]),
        ({"latitude": "NaN", "longitude": "x"}, ["place_wrong"]),
        ({"kbli": "9, 25113"}, ["kbli_unknown"]),
        ({"address": "a" * 300}, ["cut"]),
        ({"name": "x" * 161}, ["long_name"]),
        ({"name": ""}, ["no_name"]),
        ({"village": ""}, ["area_assumed"]),
        ({"village": "Atlantis"}, ["area_unknown"]),
    ],
)
def test_what_cannot_be_read_is_remarked(said, expected):
    assert codes(**said) == expected


def test_twelve_figures_get_their_zero_back():
    assert read(name="A", nib="220001234567").nib == "0220001234567"


def test_the_second_number_of_a_cell_is_left_and_a_mobile_number_is_for_whatsapp():
    assert read(name="A", phone="081234567890/0254391234").organisation["whatsapp"] == "+6281234567890"


def test_products_are_told_one_by_one():
    assert product_words(["Pagar, Teralis dan kanopi", "Pagar / rak serta meja"]) == [
        "Pagar",
        "Teralis",
        "kanopi",
        "rak",
        "meja",
    ]


def test_the_same_category_twice_is_one_product():
    assert read(name="A", products="pagar, pagar besi").products == [("pagar", "pagar-besi")]


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40), max_size=8))
def test_any_row_is_read(said):
    """Every remark has words, nothing is longer than its column, and a row without a name is refused."""
    row = read(**said)
    assert {code for code, _detail in row.remarks} <= set(KINDS)
    assert len(row.organisation["name"]) <= 160
    assert refuse(row.remarks) or row.organisation["name"]
    assert all(len(row.organisation.get(name, "")) <= 250 for name in ("address", "contact_name", "email"))
    assert bool(in_words(row.remarks)) == refuse(row.remarks)


def test_remarks_are_grouped_by_what_to_do():
    rows = [
        (4, [["nib_length", "12345"]]),
        (5, [["nib_length", "12345"], ["phone_lost", "8,5E+10"]]),
        (6, [["no_name", ""]]),
        (7, []),
    ]
    found = [(group.code, group.rows, group.examples, group.numbers) for group in grouped(rows)]
    assert found == [
        ("nib_length", 2, [("12345", 2)], [4, 5]),
        ("no_name", 1, [("", 1)], [6]),
        ("phone_lost", 1, [("8,5E+10", 1)], [5]),
    ]
    assert in_words(rows[1][1]) == "NIB bukan 13 angka: 12345. Periksa NIB pada OSS, atau kosongkan selnya."
