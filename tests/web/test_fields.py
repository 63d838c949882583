import datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from web import fields

DAY = datetime.date(2027, 5, 3)


def message(field, text):
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return caught.value.messages[0]


class Offer(forms.Form):
    capacity = fields.QuantityField(unit="kg", units=["kilogram"], per_month=True, above=0)
    pieces = fields.WholeNumberField(min_value=2, max_value=500, required=False)
    price = fields.MoneyField(required=False)
    start = fields.DateField(required=False)
    phone = fields.PhoneField(required=False, mobile=True)
    nib = fields.NibField(required=False)
    name = fields.LineField(max_length=10, required=False)
    note = fields.ParagraphField(max_length=30, required=False)


def test_a_form_full_of_what_people_type():
    form = Offer(
        {
            "capacity": "1.250 kg/bulan",
            "pieces": "1 lusin".replace(" lusin", "2"),
            "price": "Rp 1,5 juta",
            "start": "3 Mei 2027",
            "phone": "0812-3456-7890",
            "nib": "0000 0000 00001",
            "name": "  CV   Las ",
            "note": "Satu \r\nDua\t tiga",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "capacity": Decimal("1250"),
        "pieces": 12,
        "price": Decimal("1500000"),
        "start": DAY,
        "phone": "+6281234567890",
        "nib": "0000000000001",
        "name": "CV Las",
        "note": "Satu\nDua tiga",
    }
    assert isinstance(form.cleaned_data["pieces"], int)


def test_nothing_typed():
    form = Offer({"capacity": "1"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "capacity": 1, "pieces": None, "price": None, "start": None, "phone": "", "nib": "", "name": "", "note": "",
    }  # fmt: skip
    assert Offer({"capacity": " \u200b "}).errors["capacity"] == ["Isi angkanya."]


def test_what_is_refused_stays_in_the_input():
    form = Offer({"capacity": "1,250"})
    assert not form.is_valid()
    assert 'value="1,250"' in str(form["capacity"])
    assert form.errors["capacity"] == ["“1,250” bisa berarti 1.250 atau 1,25. Tulis salah satunya."]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1250.500", "1.250,5"), ("0.250", "0,25"), ("1.125", "1,1250"), ("1000.000", "1.000")],
)
def test_a_stored_quantity_survives_an_unchanged_form(value, shown):
    form = Offer(initial={"capacity": Decimal(value)})
    assert f'value="{shown}"' in str(form["capacity"])
    again = Offer({"capacity": shown}, initial={"capacity": Decimal(value)})
    assert again.is_valid(), again.errors
    assert again.cleaned_data["capacity"] == Decimal(value)
    assert "capacity" not in again.changed_data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,250,000", "Koma dipakai untuk desimal. Apakah maksud Anda 1.250.000? Tulislah begitu."),
        ("5 ton", "Isian ini dalam kg, bukan ton. Hitung ulang angkanya."),
        ("-5", "Angka tidak boleh kurang dari 0."),
        ("0", "Harus lebih dari 0\u00a0kg."),
        ("1,2345", "Paling banyak 3 angka di belakang koma."),
        ("9999999999", "Paling besar 999.999.999."),
        ("NaN", "“NaN” tidak terbaca sebagai satu angka. Contoh: 1.250 atau 12,5."),
        ("5\x00", "Ada tanda yang tidak terlihat di sini. Hapus isinya, lalu ketik ulang."),
    ],
)
def test_each_refusal_says_what_would_be_taken(text, said):
    assert message(fields.QuantityField(unit="kg", above=0), text) == said


def test_a_unit_that_is_chosen_elsewhere_is_not_typed():
    assert (
        message(fields.QuantityField(), "5 ton")
        == "Tulis angkanya saja, tanpa “ton”. Satuannya diisi tersendiri."
    )


def test_whole_numbers_and_their_limits():
    field = fields.WholeNumberField(min_value=2, max_value=1500)
    assert field.clean("1.500") == 1500
    assert message(field, "2,5") == "Tulis bilangan bulat, tanpa koma."
    assert message(field, "1") == "Paling kecil 2."
    assert message(field, "1501") == "Paling besar 1.500."


def test_money():
    field = fields.MoneyField()
    assert field.clean("Rp15.000.000.000,-") == 15_000_000_000
    assert field.clean("500 ribu rupiah") == 500_000
    assert message(field, "Rp1.250,50") == "Tulis dalam rupiah penuh, tanpa sen."
    assert message(field, "mahal") == "“mahal” tidak terbaca sebagai jumlah uang. Contoh: Rp1.500.000."


def test_dates():
    field = fields.DateField(earliest=lambda: DAY, latest=datetime.date(2027, 12, 31))
    assert field.clean("2027-05-03") == DAY
    assert field.clean(DAY) == DAY
    assert message(field, "2/5/2027") == "Paling awal 3 Mei 2027."
    assert message(field, "1 Januari 2028") == "Paling akhir 31 Desember 2027."
    assert message(field, "31/2/2027") == "Tanggal “31/2/2027” tidak ada dalam kalender."
    assert (
        message(field, "12/31/2027")
        == "Tulis hari dulu, lalu bulan. “12/31/2027” tidak punya bulan yang benar."
    )
    assert message(field, "3/5/27") == "Tulis tahunnya dengan empat angka, misalnya 2027."
    html = str(Offer(initial={"start": DAY})["start"])
    assert 'type="date"' in html
    assert 'value="2027-05-03"' in html


def test_phone_nib_npwp():
    assert message(fields.PhoneField(mobile=True), "0254 391234").startswith("Tulis nomor ponsel Indonesia")
    assert message(fields.NibField(), "123") == "NIB terdiri dari 13 angka; Anda menulis 3."
    assert fields.NpwpField().clean("01.234.567.4-901.000") == "012345674901000"
    assert message(fields.NpwpField(), "01") == "NPWP terdiri dari 15 atau 16 angka; Anda menulis 2."
    assert message(fields.NpwpField(), "") == "Isi nomornya."


def test_text_that_is_too_long_is_kept_and_counted():
    form = Offer({"capacity": "1", "name": "x" * 10_000})
    assert form.errors["name"] == ["Terlalu panjang: 10000 huruf. Paling banyak 10 huruf."]
    assert "maxlength" not in str(form["name"])
    assert "x" * 10_000 in str(form["name"])


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x07", "\x9f", "a\ud800b"])
def test_control_characters_in_text(text):
    assert message(fields.LineField(max_length=9), text).startswith("Ada tanda yang tidak dapat dicetak")
    assert message(fields.ParagraphField(max_length=9), text).startswith("Ada tanda yang tidak dapat dicetak")


def test_invisible_marks_are_dropped_and_letters_kept():
    field = fields.LineField(max_length=30)
    assert field.clean("\ufeffCV\u200b Las\u202e Jaya\uf0b7\n") == "CV Las Jaya"
    assert field.clean("Cafe\u0301 👩\u200d🔧") == "Café 👩\u200d🔧"
    assert message(field, "\u200b") == "Bagian ini belum diisi."
