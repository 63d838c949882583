"""The single step that would lift a match most, found by scoring again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.pair import candidates
from matching.steps import best_step, place, steps
from tests.matching.making import POLICY, VOCABULARY, certificate, ikm, match, need, offer, process
from tests.matching.strategies import AS_OF, bundles, letters
from tests.matching.test_scoring import facts


def named(found):
    return {step.action: step for step in steps(found, VOCABULARY)}


def test_nothing_lifts_a_proven_full_match():
    assert best_step(match(), VOCABULARY) is None


def test_a_gate_comes_before_points():
    found = match(need(required_certificates=("iso-9001",)), ikm(offer(capacity_per_month=Decimal(1))))
    step = best_step(found, VOCABULARY)
    assert (step.action, step.who, step.params) == ("obtain_certificate", "ikm", {"kind": "iso-9001"})
    assert (step.match.standing, step.low_gain) == ("qualified", step.match.low - found.low)
    assert named(found)["raise_capacity"].match.standing == "near"


@pytest.mark.parametrize(
    ("record", "action"),
    [
        (certificate(valid_until=date(2026, 12, 15)), "renew_certificate"),
        (certificate(valid_until=date(2026, 1, 1)), "renew_certificate"),
        (certificate(valid_until=None), "state_valid_until"),
        (certificate(evidence="rejected"), "obtain_certificate"),
    ],
)
def test_a_certificate_is_renewed_completed_or_obtained(record, action):
    found = match(need(required_certificates=("iso-9001",)), ikm(certificates=(record,)))
    assert best_step(found, VOCABULARY).action == action


def test_csms_is_the_buyers_step():
    step = named(match(need(required_certificates=("csms",))))["obtain_certificate"]
    assert (step.who, step.match.before_start) == ("buyer", ())


def test_recording_a_process():
    found = match(need(required_processes=("las-gmaw",)), ikm())
    step = best_step(found, VOCABULARY)
    assert (step.action, step.params, step.match.missing) == ("record_process", {"process": "las-gmaw"}, ())


def test_the_least_capacity_that_suffices():
    workshop = ikm(
        offer(capacity_per_month=Decimal(50), committed_per_month=Decimal(10), pool="A"),
        offer(ref="P2", capacity_per_month=Decimal(90), committed_per_month=Decimal(30), pool="A"),
    )
    found = match(workshop=workshop)
    step = named(found)["raise_capacity"]
    assert (step.params, step.up_to) == ({"capacity": Decimal(165), "unit": "batang"}, False)
    assert step.match.sufficient
    almost = replace(workshop.offers[0], capacity_per_month=Decimal("164.999"))
    assert not match(workshop=replace(workshop, offers=(almost, workshop.offers[1]))).sufficient


def test_no_capacity_is_enough_where_the_pool_is_full():
    full = offer(ref="P2", committed_per_month=Decimal(200), pool="A")
    assert "raise_capacity" not in named(match(workshop=ikm(offer(pool="A"), full)))


def test_stating_what_is_missing_counts_up_to():
    found = match(need(max_lead_time_days=7), ikm(offer(capacity_per_month=None), area=None))
    found_steps = named(found)
    assert {a for a, s in found_steps.items() if s.up_to} == {
        "state_capacity",
        "state_lead_time",
        "state_area",
    }
    assert found_steps["state_capacity"].params == {"capacity": Decimal(100), "unit": "batang"}


def test_stating_the_unit_mass_makes_tons_comparable():
    found = match(need(unit="ton"))
    step = best_step(found, VOCABULARY)
    assert (step.action, step.match.unknown) == ("state_unit_mass", ())
    assert "state_unit_mass" not in named(match(need(unit="lembar")))


def test_shortening_the_lead_time():
    step = named(match(need(max_lead_time_days=7), ikm(offer(lead_time_days=8))))["shorten_lead_time"]
    assert (step.params, step.low_gain) == ({"days": 7}, 12)


def test_offering_the_product_where_only_the_processes_fit():
    found = match(
        need(required_processes=("las-gmaw",)), ikm(offer(category="cangkul"), processes=(process(),))
    )
    step = best_step(found, VOCABULARY)
    assert (step.action, step.match.standing) == ("offer_category", "qualified")


def test_the_office_can_prove_what_is_claimed():
    found = match(
        need(required_certificates=("iso-9001",), required_processes=("las-gmaw",)),
        ikm(
            processes=(process(),),
            certificates=(certificate(evidence="claimed", number="7"),),
            evidence="claimed",
        ),
    )
    step = best_step(found, VOCABULARY)
    assert (step.action, step.who) == ("verify_certificate", "office")
    assert (step.params, step.match.proven) == ({"kind": "iso-9001", "number": "7", "key": None}, True)
    assert named(found)["verify_ikm"].match.evidence > found.evidence


def test_points_come_before_proof():
    found = match(workshop=ikm(offer(capacity_per_month=Decimal(50), evidence="claimed")))
    made = [(step.action, step.low_gain, step.match.proven) for step in steps(found, VOCABULARY)]
    assert made == [("raise_capacity", 182, False), ("verify_offer", 0, True)]


@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_step_lifts_and_the_first_lifts_most(data):
    bundle = data.draw(bundles())
    supply, demand = facts(bundle, data.draw(letters(bundle)))
    for wanted in demand[:1]:
        for workshop in supply[:2]:
            for found in candidates(wanted, workshop, VOCABULARY, POLICY, AS_OF):
                made = steps(found, VOCABULARY)
                assert all(place(step.match) < place(found) for step in made)
                assert [step.place for step in made] == sorted(step.place for step in made)
                for step in made:
                    if step.action in ("state_capacity", "raise_capacity"):
                        assert step.match.sufficient
