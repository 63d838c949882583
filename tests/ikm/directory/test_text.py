import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm.directory import text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Pengelasan, ngelas & dilas", ["las", "las", "las"]),
        ("Pengecoran dan pengecatan", ["cor", "dan", "cat"]),
        ("penglihatan mengejar", ["penglihatan", "mengejar"]),
        ("UNP 100", ["unp100"]),
        ("ST-37", ["st37"]),
        ("M 12 x 50", ["m12x50"]),
        ("8 × 1200", ["8x1200"]),
        ("Café «Türen»", ["cafe", "turen"]),
        ("a" * 100, ["a" * 60]),
        ("\x00 … —", []),
    ],
)
def test_words(written, words):
    assert text.words(written) == words


@pytest.mark.parametrize(
    ("mark", "asked_by"),
    [
        ("ss304", {"ss", "304"}),
        ("m12x50", {"m", "12", "x", "50", "m12", "12x", "x50", "m12x", "12x50"}),
        ("las", set()),
    ],
)
def test_a_part_number_is_asked_by_its_parts(mark, asked_by):
    assert text.inside(mark) == asked_by


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("bubut", "bubut", 0),
        ("bubud", "bubut", 1),
        ("bubtu", "bubut", 1),
        ("bubt", "bubut", 1),
        ("las", "bubut", 3),
    ],
)
def test_distance(one, other, apart):
    assert text.distance(one, other, 2) == apart


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7))
def test_distance_is_the_same_from_both_sides_and_nothing_between_equals(one, other):
    assert text.distance(one, other, 7) == text.distance(other, one, 7)
    assert (text.distance(one, other, 7) == 0) == (one == other)


@given(st.text(max_size=60))
def test_lexemes_can_stand_in_a_tsvector(written):
    lexemes = text.lexemes(text.words(written), str)
    assert all(lexeme and set(lexeme) <= set("abcdefghijklmnopqrstuvwxyz0123456789") for lexeme in lexemes)
