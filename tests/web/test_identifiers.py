import pytest

from web import identifiers
from web.identifiers import IdentifierRefused


def refusal(function, text, **options):
    with pytest.raises(IdentifierRefused) as caught:
        function(text, **options)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "081234567890", "0812-3456-7890", "0812 3456 7890", "+62 812 3456 7890", "6281234567890", "81234567890",
        "+62 (0)812-3456-7890", "006281234567890", "\u202a+62 812-3456-7890\u202c", "０８１２３４５６７８９０",
    ],
)  # fmt: skip
def test_a_mobile_number_in_any_spelling_is_one_number(text):
    assert identifiers.phone(text) == "+6281234567890"
    assert identifiers.phone(text, mobile=True) == "+6281234567890"


def test_other_telephones():
    assert identifiers.phone("(0254) 391234") == "+62254391234"
    assert identifiers.phone("+65 6123 4567") == "+6561234567"
    assert refusal(identifiers.phone, "(0254) 391234", mobile=True) == "not_mobile"
    assert refusal(identifiers.phone, "+65 6123 4567", mobile=True) == "not_mobile"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("0812", "phone"),
        ("0812345678901234", "phone"),
        ("+651", "phone"),
        ("110", "phone"),
        ("0812-CONTOH", "not_digits"),
        ("nomor: 0812", "not_digits"),
        ("0812\x003456", "control"),
    ],
)
def test_no_telephone(text, code):
    assert refusal(identifiers.phone, text) == code


def test_mobile_numbers_do_not_begin_with_80():
    assert refusal(identifiers.phone, "0800 1234 5678", mobile=True) == "not_mobile"
    assert refusal(identifiers.phone, "0812", mobile=True) == "phone"


def test_nib_keeps_its_zeros():
    assert identifiers.nib("0000000000001") == "0000000000001"
    assert identifiers.nib(" 0000 0000 00001 ") == "0000000000001"
    assert refusal(identifiers.nib, "123") == "length"
    assert refusal(identifiers.nib, "12345678901234") == "length"
    assert refusal(identifiers.nib, "NIB 0000000000001") == "not_digits"
    assert refusal(identifiers.nib, "") == "empty"


def test_npwp_in_both_lengths():
    assert identifiers.npwp("01.234.567.4-901.000") == "012345674901000"
    assert identifiers.npwp("0012 3456 7490 1000") == "0012345674901000"
    assert identifiers.npwp_16("012345674901000") == "0012345674901000"
    assert refusal(identifiers.npwp, "01.234.567") == "length"
    assert refusal(identifiers.npwp, "0012345674901000000000") == "nitku"


def test_a_wrong_check_digit_is_noticed_in_both_lengths():
    assert not identifiers.npwp_looks_mistyped("012345674901000")
    assert not identifiers.npwp_looks_mistyped("0012345674901000")
    assert identifiers.npwp_looks_mistyped("012345675901000")
    assert identifiers.npwp_looks_mistyped("021345674901000")
    assert not identifiers.npwp_looks_mistyped("3672011212800001")  # a NIK
