from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.answers import Stale, changed, fingerprint

VALUES = st.one_of(st.none(), st.text(max_size=5), st.integers(0, 9), st.decimals(0, 9, places=1))
ANSWERS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)


def test_what_differs_is_what_is_saved():
    assert changed({"a": "1", "b": None}, {"a": "2", "b": ""}, seen=None) == {"a": "2"}


def test_a_number_is_the_same_with_and_without_idle_zeros():
    assert changed({"a": Decimal("5.000")}, {"a": Decimal(5)}, seen=None) == {}
    assert fingerprint({"a": Decimal("0.000")}) == fingerprint({"a": Decimal(0)})


def test_objects_count_by_their_key():
    unit = SimpleNamespace(pk="kg")
    assert fingerprint({"a": unit}) == fingerprint({"a": SimpleNamespace(pk="kg")})
    assert fingerprint({"a": unit}) != fingerprint({"a": SimpleNamespace(pk="ton")})


def test_an_answer_changed_elsewhere_is_stale_and_says_what_is_stored():
    seen = fingerprint({"a": 1})
    with pytest.raises(Stale) as stale:
        changed({"a": 2, "other": 9}, {"a": 3}, seen=seen)
    assert stale.value.stored == {"a": 2}


def test_saving_what_is_stored_already_is_never_stale():
    assert changed({"a": 2}, {"a": 2}, seen=fingerprint({"a": 1})) == {}


def test_only_the_answers_of_the_form_count():
    seen = fingerprint({"a": 1})
    assert changed({"a": 1, "b": "changed meanwhile"}, {"a": 5}, seen=seen) == {"a": 5}


@given(ANSWERS, ANSWERS)
def test_what_was_seen_can_always_be_changed(stored, given):
    given = {name: given.get(name) for name in stored}
    differing = changed(stored, given, seen=fingerprint(stored))
    assert fingerprint(stored | differing) == fingerprint(given)
