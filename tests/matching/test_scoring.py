"""The array form, the one-pair form and the reference give the same rows for the same bundle."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.bundle import match_lines, parse_bundle
from matching.facts import Policy, Reservation, Vocabulary
from matching.ikm_lists import IkmLists
from matching.pair import best_match, candidates
from matching.ranking import match_row
from matching.scoring import Scorer
from matching.supply import Supply
from tests.matching import reference
from tests.matching.strategies import AS_OF, bundles, letters, weights

DATA = Path(__file__).resolve().parents[2] / "catalogue" / "data"
VOCABULARY = Vocabulary.from_csv(DATA)
CATALOGUE = reference.Catalogue(DATA)
SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))

EXAMPLE = {
    "format": "ikm-partnership/1",
    "companies": [{"ref": "C1", "name": "…", "area": "36.72"}],
    "ikms": [
        {
            "ref": "I1",
            "name": "…",
            "area": "36.72.03",
            "nib": "0000000000001",
            "evidence": "verified",
            "published": True,
            "processes": [{"process": "las-gmaw", "evidence": "claimed"}],
            "certificates": [
                {
                    "kind": "iso-9001",
                    "number": "…",
                    "valid_from": "2024-01-01",
                    "valid_until": "2027-01-01",
                    "category": None,
                    "for_company": None,
                    "evidence": "verified",
                }
            ],
            "products": [
                {
                    "ref": "P1",
                    "name": "…",
                    "category": "reng-baja-ringan",
                    "capacity_per_month": "1200.5",
                    "committed_per_month": None,
                    "pool": None,
                    "unit": "kg",
                    "unit_mass_kg": "2.6",
                    "lead_time_days": 14,
                    "evidence": "claimed",
                }
            ],
        }
    ],
    "needs": [
        {
            "ref": "N1",
            "company": "C1",
            "title": "…",
            "category": "reng-baja-ringan",
            "quantity": "5000",
            "basis": "month",
            "unit": "kg",
            "unit_mass_kg": None,
            "start": "2027-01-01",
            "end": "2027-06-30",
            "area": "36.72",
            "max_lead_time_days": 21,
            "required_certificates": ["iso-9001"],
            "preferred_certificates": [],
            "required_processes": [],
            "open": True,
        }
    ],
}
LINE = (
    '{"need": "N1", "rank": 1, "ikm": "I1", "product": "P1", "standing": "qualified", "proven": false, '
    '"low": 810, "high": 810, "evidence": 312, "points": {"category": [375, 375], "certification": [250, 250], '
    '"capacity": [60, 250], "lead_time": [63, 63], "proximity": [62, 62]}, "unknown": [], "missing": [], '
    '"before_start": []}'
)


def facts(bundle, promises=(), as_of=AS_OF):
    """Supply and demand of a bundle (parsed JSON), with letters laid on its products."""
    parsed = parse_bundle(json.dumps(bundle), VOCABULARY)
    reservations = {}
    for letter in promises:
        quantity = None if letter["quantity"] is None else Decimal(letter["quantity"])
        reservations.setdefault((letter["ikm"], letter["product"]), []).append(
            Reservation(letter["starts"], letter["ends"], quantity, letter["need"])
        )
    supply = [
        replace(
            ikm,
            offers=tuple(
                replace(offer, reservations=tuple(reservations.get((ikm.ref, offer.ref), ())))
                for offer in ikm.offers
            ),
        )
        for ikm in parsed.supply()
    ]
    return supply, parsed.demand(as_of)


def array_lists(supply, demand, policy, as_of=AS_OF):
    """The kept lists of needs and of IKM by the array form."""
    scorer = Scorer(Supply.of(supply, VOCABULARY, as_of), policy)
    gathered = IkmLists(scorer.supply)
    ordered = sorted(demand, key=lambda need: need.ref)
    lists = [kept for _, kept in scorer.block(ordered, gathered)]
    return lists, list(gathered.lists(scorer, ordered))


def rows(lists):
    """As the reference writes them."""
    found = []
    for kept in sorted(lists, key=lambda one: one.ref):
        for rank, entry in enumerate(kept.shown, 1):
            free = None if entry.free is None else reference.Fraction(entry.free, 1000)
            found.append({**match_row(entry, rank), "sufficient": entry.sufficient, "free": free})
    return found


def check_all_forms(bundle, promises, chosen_weights):
    """Every candidate pair, every IKM's representative, and both sides' lists, by all three forms."""
    policy = Policy(chosen_weights)
    named = dict(zip(reference.NAMES, chosen_weights, strict=True))
    supply, demand = facts(bundle, promises)
    expected = reference.pairs(bundle, promises, CATALOGUE, AS_OF, named)

    scorer = Scorer(Supply.of(supply, VOCABULARY, AS_OF), policy)
    by_pair = [m.entry() for n in demand for i in supply for m in candidates(n, i, VOCABULARY, policy, AS_OF)]
    by_array = []
    for need in demand:
        scores = scorer.score(need)
        by_array += scores.entries_at(np.arange(len(scores)))
        best = [
            m.entry() for i in scorer.supply.ikms if (m := best_match(need, i, VOCABULARY, policy, AS_OF))
        ]
        assert scorer.entries(need) == best
    by_place = sorted(by_pair, key=lambda e: (e.need, e.ikm, e.product))
    assert sorted(by_array, key=lambda e: (e.need, e.ikm, e.product)) == by_place
    plain = [{k: v for k, v in row.items() if k != "rank"} for row in map(plain_row, by_place)]
    assert plain == sorted(expected, key=lambda row: (row["need"], row["ikm"], row["product"]))

    of_needs, of_ikms = array_lists(supply, demand, policy)
    assert rows(of_needs) == reference.ranked(expected, "need")
    assert rows(of_ikms) == reference.ranked(expected, "ikm")


def plain_row(entry):
    free = None if entry.free is None else reference.Fraction(entry.free, 1000)
    return {**match_row(entry, 0), "sufficient": entry.sufficient, "free": free}


def test_example_line_exactly():
    supply, demand = facts(EXAMPLE)
    of_needs, of_ikms = array_lists(supply, demand, Policy())
    assert list(match_lines(of_needs)) == [LINE]
    assert list(match_lines(of_ikms)) == [LINE]


def test_example_line_by_the_reference():
    row = reference.ranked(reference.pairs(EXAMPLE, [], CATALOGUE, AS_OF), "need")[0]
    expected = {**json.loads(LINE), "sufficient": False, "free": reference.Fraction("1200.5")}
    assert row == expected


@settings(SLOW, max_examples=300)
@given(st.data())
def test_three_forms_agree(data):
    bundle = data.draw(bundles())
    check_all_forms(bundle, data.draw(letters(bundle)), data.draw(weights()))


@pytest.mark.full
@settings(SLOW, max_examples=10_000)
@given(st.data())
def test_three_forms_agree_on_ten_thousand_bundles(data):
    bundle = data.draw(bundles())
    check_all_forms(bundle, data.draw(letters(bundle)), data.draw(weights()))
