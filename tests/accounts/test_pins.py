import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.pins import check_pin, is_trivial

FIGURES = st.text("0123456789", min_size=6, max_size=6)


@pytest.mark.parametrize(
    "pin",
    ["111111", "123456", "654321", "890123", "121212", "123123", "112233", "123321", "000001", "909090"],
)
def test_what_others_try_first_is_refused(pin):
    with pytest.raises(ValidationError) as refusal:
        check_pin(pin)
    assert refusal.value.code == "pin_trivial"


@pytest.mark.parametrize("pin", ["480213", "739105", "204816"])
def test_others_are_taken(pin):
    check_pin(pin, phone="+6281211112222")


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12 456", "abcdef", "٤٨٠٢١٣", "48021³"])
def test_a_pin_is_six_figures(pin):
    with pytest.raises(ValidationError) as refusal:
        check_pin(pin)
    assert refusal.value.code == "pin_form"


def test_a_part_of_ones_number_is_refused():
    with pytest.raises(ValidationError) as refusal:
        check_pin("812739", phone="+6281273940512")
    assert refusal.value.code == "pin_in_phone"


@given(FIGURES)
def test_a_pin_read_backwards_is_as_easy_to_guess(pin):
    assert is_trivial(pin) == is_trivial(pin[::-1])


@given(FIGURES, st.integers(0, 9))
def test_adding_the_same_to_each_figure_changes_nothing(pin, step):
    moved = "".join(str((int(figure) + step) % 10) for figure in pin)
    assert is_trivial(pin) == is_trivial(moved)
