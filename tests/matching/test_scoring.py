"""The array form, the one-pair form and the reference give the same rows for the same bundle."""

import copy
import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.bundle import match_lines, parse_bundle
from matching.facts import Policy, Reservation
from matching.ikm_lists import IkmLists
from matching.pair import best_match, candidates
from matching.ranking import KeptList, match_row
from matching.scoring import Scorer
from matching.supply import Supply
from tests.matching import reference
from tests.matching.making import DATA, VOCABULARY, certificate, ikm, match, need, offer
from tests.matching.strategies import AS_OF, bundles, letters, weights

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
    for wanted in demand:
        scores = scorer.score(wanted)
        by_array += scores.entries_at(np.arange(len(scores)))
        best = [
            m.entry() for i in scorer.supply.ikms if (m := best_match(wanted, i, VOCABULARY, policy, AS_OF))
        ]
        assert scorer.entries(wanted) == best
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


def halves():
    """A pair that earns half of every criterion but the category."""
    bundle = copy.deepcopy(EXAMPLE)
    ikm, need = bundle["ikms"][0], bundle["needs"][0]
    ikm.update(
        area="36.04", products=[{**ikm["products"][0], "capacity_per_month": "2500", "lead_time_days": 30}]
    )
    need.update(
        required_processes=["las-gmaw", "las-saw"],
        required_certificates=["iso-9001", "smk3"],
        preferred_certificates=["nib", "iso-14001"],
        max_lead_time_days=20,
    )
    return bundle


@pytest.mark.parametrize("first", range(1, 30, 2))
def test_exact_halves_are_rounded_up_by_all_forms(first):
    chosen = tuple(range(first, first + 7))
    check_all_forms(halves(), [], chosen)
    supply, demand = facts(halves())
    scores = Scorer(Supply.of(supply, VOCABULARY, AS_OF), Policy(chosen)).score(demand[0])
    maxima = scores.plan.maxima
    assert scores.points[:, 0].tolist() == [maxima[0], *((maximum + 1) // 2 for maximum in maxima[1:])]


def test_a_buyers_certificate_without_a_buyer_never_counts():
    """The exchange format refuses it; should one be handed in all the same, both forms leave it out."""
    workshop = ikm(certificates=(certificate("csms"),))
    for wanted in (need(required_certificates=("csms",)), need(preferred_certificates=("csms",))):
        scorer = Scorer(Supply.of([workshop], VOCABULARY, AS_OF), Policy())
        assert scorer.entries(wanted) == [match(wanted, workshop).entry()]
        assert scorer.score(wanted).preferred.tolist() == [[False]]


def test_equal_refs_of_two_offices_stay_apart():
    twins = [ikm(offer(key=i), key=i) for i in (7, 3)]
    wanted = [need(key=i) for i in (20, 10)]
    scorer = Scorer(Supply.of(twins, VOCABULARY, AS_OF), Policy())
    gathered = IkmLists(scorer.supply)
    of_needs = {n.key: [e.ikm_key for e in kept.entries] for n, kept in scorer.block(wanted, gathered)}
    assert of_needs == {10: [3, 7], 20: [3, 7]}
    of_ikms = list(gathered.lists(scorer, sorted(wanted, key=lambda n: n.key)))
    assert [(kept.key, [e.need_key for e in kept.entries]) for kept in of_ikms] == [
        (3, [10, 20]),
        (7, [10, 20]),
    ]


def test_needs_of_equal_refs_keep_their_order_when_parts_are_merged():
    scorer = Scorer(Supply.of([ikm()], VOCABULARY, AS_OF), Policy())
    wanted = [need(key=10), need(key=20)]
    later, earlier = IkmLists(scorer.supply), IkmLists(scorer.supply)
    later.add(1, scorer.score(wanted[1]).best())
    earlier.add(0, scorer.score(wanted[0]).best())
    later.merge(earlier.state())
    assert [e.need_key for kept in later.lists(scorer, wanted) for e in kept.entries] == [10, 20]


def test_nobody_offers_and_nobody_needs():
    scorer = Scorer(Supply.of([], VOCABULARY, AS_OF), Policy())
    assert scorer.kept_list(need()).entries == ()
    assert list(IkmLists(scorer.supply).lists(scorer, [])) == []
    idle = Supply.of([ikm(offer(evidence="rejected"))], VOCABULARY, AS_OF)
    assert Scorer(idle, Policy()).entries(need(required_processes=("las-gmaw",))) == []
    assert [kept.entries for kept in IkmLists(idle).lists(Scorer(idle, Policy()), [])] == [()]


def many(count):
    """Workshops that differ in what is free, with many equal ones."""
    return [ikm(offer(capacity_per_month=Decimal(i % 37)), ref=f"I{i}", nib="0" * 13) for i in range(count)]


def test_more_rows_than_are_kept():
    """Fifty are kept exactly, the floor tells what is left out, counts are of all."""
    scorer = Scorer(Supply.of(many(200), VOCABULARY, AS_OF), Policy())
    kept = scorer.kept_list(need())
    whole = KeptList.of("need", "N1", "N1", scorer.entries(need()))
    assert kept == whole
    assert (len(kept.shown), len(kept.entries), kept.counts) == (50, 80, (200, 0, 0, 0))


def test_ikm_lists_gathered_in_parts_equal_those_gathered_at_once():
    wanted = [need(ref=f"N{i:03}", quantity=Decimal(i % 13 + 1)) for i in range(90)]
    scorer = Scorer(Supply.of(many(12), VOCABULARY, AS_OF), Policy())
    parts = [IkmLists(scorer.supply, keep=5, reserve=2) for _ in range(3)]
    for i, part in enumerate(parts):
        for _ in scorer.block(wanted[i * 30 : i * 30 + 30], part, i * 30):
            part.settle()
    for part in parts[1:]:
        parts[0].merge(part.state())
    whole = [
        KeptList.of(
            "ikm",
            one.ref,
            one.ref,
            [e for n in wanted for e in scorer.entries(n) if e.ikm == one.ref],
            keep=5,
            reserve=2,
        )
        for one in scorer.supply.ikms
    ]
    assert list(parts[0].lists(scorer, wanted)) == whole


def test_a_patched_need_list_equals_one_scored_afresh():
    """One workshop changes: a supply of that one patches the list of the need."""
    workshops = many(70)
    kept = Scorer(Supply.of(workshops, VOCABULARY, AS_OF), Policy()).kept_list(need())
    workshops[30] = replace(workshops[30], offers=(offer(capacity_per_month=Decimal(99)),))
    entry = Scorer(Supply.of([workshops[30]], VOCABULARY, AS_OF), Policy()).entries(need())[0]
    fresh = Scorer(Supply.of(workshops, VOCABULARY, AS_OF), Policy()).kept_list(need())
    assert kept.patch("I30", entry) == fresh
    assert (
        kept.patch("I30", None).shown
        == Scorer(Supply.of(workshops[:30] + workshops[31:], VOCABULARY, AS_OF), Policy())
        .kept_list(need())
        .shown
    )


@settings(SLOW, max_examples=120)
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
