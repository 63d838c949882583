"""Weights, words and who takes part."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm.free import free_in_pool
from matching.capacity import from_milli, milli, months, quantity_per_month
from matching.facts import (
    Demands,
    Policy,
    Vocabulary,
    ikm_takes_part,
    need_takes_part,
    proximity_share,
)
from tests.matching.making import VOCABULARY, need

ALL = (True,) * 7


def test_maxima_of_the_example():
    asked = (True, False, True, False, True, True, True)
    assert Policy().maxima(asked) == (375, 0, 250, 0, 250, 63, 62)


@given(
    weights=st.tuples(*[st.integers(1, 1000)] * 7),
    asked=st.tuples(st.just(True), *[st.booleans()] * 3, st.just(True), st.booleans(), st.just(True)),
)
def test_maxima_add_up_to_a_thousand_and_stay_near_their_weight(weights, asked):
    maxima = Policy(weights).maxima(asked)
    total = sum(w for w, a in zip(weights, asked, strict=True) if a)
    assert sum(maxima) == 1000
    for maximum, weight, one in zip(maxima, weights, asked, strict=True):
        assert abs(maximum - Fraction(weight * 1000 * one, total)) < 1


@pytest.mark.parametrize("weights", [(0, 1, 1, 1, 1, 1, 1), (1001, 1, 1, 1, 1, 1, 1), (1,) * 6, (True,) * 7])
def test_a_policy_with_other_weights_is_refused(weights):
    with pytest.raises(ValueError):
        Policy(weights)


def test_closures_go_one_way():
    fulfils = VOCABULARY.kind_fulfils
    assert fulfils["juru-las-kelas-1"] == {"juru-las-kelas-1", "juru-las-kelas-2", "juru-las-kelas-3"}
    assert fulfils["juru-las-kelas-3"] == {"juru-las-kelas-3"}
    assert VOCABULARY.process_fulfils["bubut-cnc"] == {"bubut-cnc", "bubut-manual"}


def test_a_closure_with_a_circle_ends():
    vocabulary = Vocabulary.from_rows(
        categories=[],
        processes=[("a", 2), ("b", 2), ("c", 2)],
        process_links=[("a", "b"), ("b", "a"), ("b", "c")],
        kinds=[],
        kind_links=[],
        units=[],
    )
    assert vocabulary.process_fulfils == {"a": {"a", "b", "c"}, "b": {"a", "b", "c"}, "c": {"c"}}


@pytest.mark.parametrize(
    ("asked", "offered", "share"),
    [
        ("reng-baja-ringan", "reng-baja-ringan", Fraction(1)),
        ("rangka-atap", "reng-baja-ringan", Fraction(1)),
        ("rangka-atap", "rangka-atap", Fraction(1)),
        ("reng-baja-ringan", "rangka-atap", Fraction(4, 5)),
        ("reng-baja-ringan", "kanal-c-baja-ringan", Fraction(3, 5)),
        ("reng-baja-ringan", "spandek", None),
        ("rangka-atap", "cangkul", None),
        ("reng-baja-ringan", "baja-ringan", None),
        ("baja-ringan", "baja-ringan", None),
    ],
)
def test_category_shares(asked, offered, share):
    assert VOCABULARY.category_share(asked, offered) == share


def test_what_is_required_and_preferred_counts_once_and_csms_never_gates():
    demands = Demands.of(
        need(
            required_certificates=("iso-9001", "csms", "iso-9001"),
            preferred_certificates=("iso-9001", "iso-14001", "csms"),
            required_processes=("las-gmaw", "las-gmaw"),
        ),
        VOCABULARY,
    )
    assert demands.gating == ("iso-9001",)
    assert demands.preferred == ("csms", "iso-14001")
    assert demands.before_start == {"csms"}
    assert demands.processes == ("las-gmaw",)
    assert demands.asked == (True, True, True, True, True, False, True)


def test_a_preference_that_is_all_required_is_not_asked_for():
    demands = Demands.of(
        need(required_certificates=("iso-9001",), preferred_certificates=("iso-9001",)), VOCABULARY
    )
    assert demands.asked == (True, False, True, False, True, False, True)


def test_a_lead_time_of_no_days_is_not_asked_for():
    assert Demands.of(need(max_lead_time_days=0), VOCABULARY).asked[5] is False
    assert Demands.of(need(max_lead_time_days=1), VOCABULARY).asked[5] is True


@pytest.mark.parametrize(
    ("asked", "offered", "share"),
    [
        ("36.72", "36.72.03", 1),
        ("36.72.03", "36.72.05.1001", 1),
        ("36.72.03", "36.72", 1),
        ("36", "36.04", 1),
        ("36.72", "36", Fraction(1, 2)),
        ("36.72", "36.04.01", Fraction(1, 2)),
        ("36.72", "32.72", 0),
        (None, "36", None),
        ("36", None, None),
    ],
)
def test_proximity_shares(asked, offered, share):
    assert proximity_share(asked, offered) == share


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2027, 3, 31), date(2027, 3, 31), 1),
        (date(2027, 1, 31), date(2027, 2, 1), 2),
        (date(2026, 12, 1), date(2027, 11, 30), 12),
    ],
)
def test_calendar_months_are_counted_at_both_ends(start, end, count):
    assert months(start, end) == count


def test_a_total_is_spread_over_the_months_and_rounded_up():
    wanted = need(quantity=Decimal(10), basis="total", start=date(2027, 1, 15), end=date(2027, 3, 1))
    assert from_milli(quantity_per_month(wanted)) == Decimal("3.334")
    assert quantity_per_month(need(quantity=Decimal("3.5"))) == 3500


@pytest.mark.parametrize("value", [Decimal("0.0001"), Decimal(-1), Decimal(10**12)])
def test_what_is_no_quantity_is_refused(value):
    with pytest.raises(ValueError):
        milli(value)


def test_free_in_a_pool():
    assert free_in_pool([(1000, 300)]) == [700]
    assert free_in_pool([(1000, 1300)]) == [0]
    assert free_in_pool([(1000, 500), (3000, 1000)]) == [166, 500]
    assert free_in_pool([(1000, 500), (None, 700), (0, 900)]) == [500, None, 0]
    assert free_in_pool([(1000, 0), (2000, None)]) == [None, None]
    assert free_in_pool([(None, 5)]) == [None]
    assert free_in_pool([(0, 5)]) == [0]


def test_needs_that_take_part():
    day = date(2026, 11, 24)
    assert need_takes_part(is_open=True, company_reviewed=True, end=day, as_of=day)
    assert not need_takes_part(is_open=True, company_reviewed=True, end=date(2026, 11, 23), as_of=day)
    assert not need_takes_part(is_open=False, company_reviewed=True, end=day, as_of=day)
    assert not need_takes_part(is_open=True, company_reviewed=False, end=day, as_of=day)


@pytest.mark.parametrize(
    ("confirmed", "as_of", "takes_part"),
    [
        (date(2025, 11, 24), date(2026, 11, 24), True),
        (date(2025, 11, 23), date(2026, 11, 24), False),
        (date(2027, 1, 1), date(2026, 11, 24), True),
        (date(2027, 2, 28), date(2028, 2, 29), True),
        (date(2027, 2, 27), date(2028, 2, 29), False),
        (None, date(2026, 11, 24), False),
    ],
)
def test_ikm_that_take_part(confirmed, as_of, takes_part):
    state = {"approved": True, "withdrawn": False, "confirmed_on": confirmed, "as_of": as_of}
    assert ikm_takes_part(**state) is takes_part
    assert not ikm_takes_part(**{**state, "approved": False})
    assert not ikm_takes_part(**{**state, "withdrawn": True})
