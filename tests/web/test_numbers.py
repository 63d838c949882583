"""DESIGN §8 to the letter: comma is the decimal; dots group only as d{1,3}(.ddd)+ not starting with 0."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web import numbers
from web.numbers import NumberRefused, Typed, display, in_words, parse, read, typeable


def refusal(text, **options):
    with pytest.raises(NumberRefused) as caught:
        parse(text, **options)
    return caught.value.code, caught.value.params


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.250", "1250"),
        ("1.250.000", "1250000"),
        ("1.250,5", "1250.5"),
        ("1.250,125", "1250.125"),
        ("12,5", "12.5"),
        ("0,25", "0.25"),
        ("0,250", "0.25"),
        ("1250,125", "1250.125"),
        ("1,1250", "1.125"),
        ("1.5", "1.5"),
        ("0.500", "0.5"),
        ("12.50", "12.5"),
        ("1234.5", "1234.5"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("007", "7"),
        ("0", "0"),
        ("+5", "5"),
        ("  1.250 ", "1250"),
        ("1 250", "1250"),
        ("1 250 000,5", "1250000.5"),
        ("1\u00a0250", "1250"),
        ("1\u202f250", "1250"),
        ("Rp 1.250", "1250"),
        ("Rp1.250", "1250"),
        ("Rp. 1.250,-", "1250"),
        ("rp1.250.000,00", "1250000"),
        ("IDR 1.250", "1250"),
        ("１．２５０", "1250"),
        ("１２，５", "12.5"),
        ("٥", "5"),
        ("\u202a1.250\u202c", "1250"),
        ("10rb", "10000"),
        ("5 ribu", "5000"),
        ("1,5 juta", "1500000"),
        ("1.5 jt", "1500000"),
        ("999999999", "999999999"),
        ("999.999.999", "999999999"),
    ],
)
def test_reads_what_people_type(text, value):
    assert parse(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.250 kg", "1.250kg", "1.250 KG", "1.250 kg.", "1250 Kilogram"])
def test_the_fields_own_unit_may_follow(text):
    assert parse(text, units=("kg", "kilogram")) == 1250


@pytest.mark.parametrize("text", ["5 kg/bulan", "5 kg per bulan", "5 kg / bln", "5/bulan", "5 per bulan"])
def test_per_month_may_follow_where_the_field_counts_months(text):
    assert parse(text, units=("kg",), per_month=True) == 5
    assert refusal(text, units=("kg",))[0] == "unit"


@pytest.mark.parametrize(
    ("text", "given"), [("5 ton", "ton"), ("5%", "%"), ("5 kg per hari", "kg per hari"), ("5 lusin", "lusin")]
)
def test_another_unit_is_refused_by_name(text, given):
    assert refusal(text, units=("kg",), per_month=True) == ("unit", {"given": given, "expected": "kg"})


def test_square_metres_in_either_spelling():
    assert parse("5 m2", units=("m²",)) == 5
    assert parse("5 m²", units=("m2",)) == 5


def test_a_cell_with_its_unit():
    assert read("1,5 juta pcs/bulan") == Typed(Decimal("1500000"), "pcs/bulan")
    assert read("40 inch-dia") == Typed(Decimal(40), "inch-dia")
    assert read("40") == Typed(Decimal(40), "")


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [
        ("1,250", "1,25", "1.250"),
        ("12,500", "12,5", "12.500"),
        ("999,999", "999,9990", "999.999"),
        ("1,000", "1", "1.000"),
        ("1 250.000", "1.250", "1.250.000"),
        ("1,250 juta", "1,25", "1.250"),
    ],
)
def test_two_readings_are_offered_and_none_is_chosen(text, small, large):
    code, params = refusal(text)
    assert (code, params["small"], params["large"]) == ("ambiguous", small, large)
    assert parse(small) < parse(large)


@pytest.mark.parametrize(
    ("text", "reading"),
    [("1,250,000", "1.250.000"), ("1,250.5", "1.250,5"), ("12,345,678.25", "12.345.678,25")],
)
def test_english_grouping_is_refused_with_its_reading(text, reading):
    assert refusal(text) == ("commas", {"text": text, "reading": reading})
    assert parse(reading) > 0


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "Infinity", "-Infinity", "1e9", "1E9", "0x10", "1_000", "kg", "Rp", "-", "+", "++5", "5.",
        "5,", "1..5", "1.2.3", "0.500.000", "1.25.000", "12 50", "1.250.00", "1/2", "5-10", "10 x 20", "10 s.d. 20",
        "5 kg 3", "½", "1½", "5²", "(5)", "1'250", "9" * 25, "5" + " " * 5 + "k" * 80, "5 kg <b>",
    ],
)  # fmt: skip
def test_what_is_not_one_clear_number_is_refused(text):
    assert refusal(text)[0] == "unreadable"


@pytest.mark.parametrize("text", ["-5", "−5", "–5", "- 5", "Rp -5", "-Rp 5", "-0"])
def test_below_zero_is_refused(text):
    assert refusal(text) == ("negative", {})


@pytest.mark.parametrize("text", ["1\x000", "5\t5", "5\n5", "\x1b5", "5\u202e0", "5\ud8000", "1\u2028000"])
def test_control_characters_are_refused(text):
    assert refusal(text) == ("control", {})


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\n"])
def test_nothing_is_nothing(text):
    assert refusal(text) == ("empty", {})


def test_limits():
    assert refusal("1.000.000.000") == ("too_large", {"largest": "999.999.999"})
    assert refusal("999999999,5") == ("too_large", {"largest": "999.999.999"})
    assert refusal("2 miliar") == ("too_large", {"largest": "999.999.999"})
    assert parse("2 miliar", largest=Decimal(10**12)) == 2 * 10**9
    assert refusal("1,2345") == ("decimals", {"places": 3})
    assert refusal("0.0001") == ("decimals", {"places": 3})
    assert refusal("2,5", places=0) == ("whole", {})
    assert parse("2,0", places=0) == 2


def test_a_long_run_of_letters_costs_no_time():
    assert refusal("5 " + "a" * 57 + "!")[0] == "unreadable"


quantities = st.decimals(min_value=0, max_value=999_999_999, places=3)


@given(quantities)
@example(Decimal("1.125"))
@example(Decimal("999.999"))
@example(Decimal("0.001"))
def test_what_is_offered_for_typing_is_read_back(value):
    assert parse(typeable(value)) == value
    assert parse(typeable(value, grouped=False)) == value


@given(quantities)
@example(Decimal("1.125"))
def test_what_is_shown_is_read_back_or_refused_with_its_reading(value):
    shown = display(value)
    if shown == typeable(value):
        assert parse(shown) == value
    else:
        code, params = refusal(shown)
        assert (code, parse(params["small"])) == ("ambiguous", value)


@given(st.text(alphabet="0123456789.,+- \u00a0Rpkgton/½２", max_size=24) | st.text(max_size=30))
def test_any_text_is_a_number_in_range_or_a_refusal(text):
    try:
        value = parse(text, units=("kg",), per_month=True)
    except NumberRefused:
        return
    assert 0 <= value <= numbers.LARGEST_QUANTITY
    assert value == round(value, 3)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1250, "1.250"),
        (1234567, "1.234.567"),
        (Decimal("1250.500"), "1.250,5"),
        (Decimal("0.0005"), "0,001"),
        (Decimal("2.615"), "2,615"),
        (Decimal("1E+3"), "1.000"),
        (Decimal("-1.5"), "−1,5"),
        (Decimal("-0.0001"), "0"),
    ],
)
def test_shown(value, shown):
    assert display(value) == shown


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (0, "nol", "zero"),
        (11, "sebelas", "eleven"),
        (21, "dua puluh satu", "twenty-one"),
        (100, "seratus", "one hundred"),
        (110, "seratus sepuluh", "one hundred and ten"),
        (1001, "seribu satu", "one thousand and one"),
        (1250, "seribu dua ratus lima puluh", "one thousand two hundred and fifty"),
        (Decimal("20.500"), "dua puluh koma lima", "twenty point five"),
        (Decimal("0.05"), "nol koma nol lima", "zero point zero five"),
        (1_000_001, "satu juta satu", "one million and one"),
        (15 * 10**9, "lima belas miliar", "fifteen billion"),
    ],
)  # fmt: skip
def test_in_words(value, indonesian, english):
    assert in_words(value) == indonesian
    assert in_words(value, "en") == english


@given(st.integers(0, 10**15))
def test_every_number_has_its_own_words(value):
    assert in_words(value, "en") != in_words(value + 1, "en")
    assert "  " not in in_words(value, "en")
