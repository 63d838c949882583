"""One match explained: each criterion by example, with its reason and the records behind it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from matching.facts import Policy, Reservation
from matching.pair import Quantity, best_match
from tests.matching.making import (
    AS_OF,
    END,
    POLICY,
    START,
    VOCABULARY,
    certificate,
    ikm,
    match,
    need,
    offer,
    process,
)


def part(found, criterion):
    return found.by_criterion[criterion]


def reason(found, criterion):
    return part(found, criterion).finding.reason


def test_the_parts_add_up_to_the_score():
    found = match(
        need(required_certificates=("iso-9001", "smk3"), max_lead_time_days=10),
        ikm(offer(lead_time_days=15, capacity_per_month=Decimal(33)), certificates=(certificate(),)),
    )
    assert [(p.criterion, p.points, p.maximum) for p in found.parts] == [
        ("category", 375, 375),
        ("certification", 125, 250),
        ("capacity", 83, 250),
        ("lead_time", 32, 63),
        ("proximity", 62, 62),
    ]
    assert (found.low, found.high, found.evidence) == (677, 677, 677)
    assert (found.standing, found.missing, found.sufficient) == ("near", ("smk3",), False)
    assert part(found, "lead_time").share == Fraction(1, 2)


def test_an_unknown_criterion_counts_nothing_and_its_maximum():
    found = match(workshop=ikm(offer(capacity_per_month=None)))
    capacity = part(found, "capacity")
    assert (capacity.points, capacity.unknown, capacity.share) == (0, True, None)
    assert found.high - found.low == capacity.maximum
    assert found.unknown == ("capacity",)
    assert found.sufficient is None


def test_candidates_only_by_category_or_by_all_processes():
    other = ikm(offer(category="cangkul"), processes=(process("bubut-cnc"),))
    assert match(workshop=other) is None
    assert match(need(required_processes=("bubut-manual", "las-gmaw")), other) is None
    found = match(need(required_processes=("bubut-manual",)), other)
    assert (found.missing, found.unknown) == (("category",), ("capacity",))
    assert (reason(found, "category"), part(found, "category").share) == ("process_route", Fraction(1, 4))
    assert reason(found, "capacity") == "other_product"


def test_a_rejected_product_does_not_exist():
    workshop = ikm(
        offer(evidence="rejected"), offer(ref="P2", pool="A"), offer(ref="P3", pool="A", evidence="rejected")
    )
    assert match(workshop=workshop) is None
    assert match(workshop=workshop, which=1).free == Quantity(Decimal(200), "batang")
    assert best_match(need(), workshop, VOCABULARY, POLICY, AS_OF).offer.ref == "P2"
    assert best_match(need(), ikm(offer(category="cangkul")), VOCABULARY, POLICY, AS_OF) is None


# --- Processes


def test_no_process_recorded_is_unknown_and_missing_once():
    wanted = need(required_processes=("las-gmaw", "bubut-manual"))
    for records in ((), (process(evidence="rejected"),)):
        found = match(wanted, ikm(processes=records))
        assert found.missing == ("process",)
        assert (part(found, "process").unknown, reason(found, "process")) == (True, "none_recorded")


def test_a_process_is_fulfilled_by_one_that_satisfies_it():
    found = match(
        need(required_processes=("bubut-manual", "las-gmaw")), ikm(processes=(process("bubut-cnc"),))
    )
    assert found.missing == ("las-gmaw",)
    assert [(r.slug, r.met, r.reason) for r in found.requirements] == [
        ("bubut-manual", True, "met_by_other"),
        ("las-gmaw", False, "absent"),
    ]
    assert part(found, "process").finding.params == {"met": 1, "asked": 2}


# --- Certificates


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (certificate(), "met"),
        (certificate("iatf-16949"), "met_by_other"),
        (certificate(valid_until=START), "met"),
        (certificate(valid_until=date(2026, 12, 31)), "ends_before_start"),
        (certificate(valid_until=date(2026, 11, 23)), "ended"),
        (certificate(valid_until=None), "no_end_date"),
        (certificate(valid_from=AS_OF), "met"),
        (certificate(valid_from=date(2026, 11, 25)), "not_yet_valid"),
        (certificate(category="rangka-atap"), "met"),
        (certificate(category="cangkul"), "other_category"),
        (certificate(for_company="C1"), "met"),
        (certificate(for_company="C2"), "other_company"),
        (certificate(evidence="rejected"), "rejected"),
        (certificate("iso-14001"), "absent"),
    ],
)
def test_when_a_record_counts(record, expected):
    found = match(need(required_certificates=("iso-9001",)), ikm(certificates=(record,)))
    assert [r.reason for r in found.requirements] == [expected]
    met = expected.startswith("met")
    assert found.missing == (() if met else ("iso-9001",))
    assert part(found, "certification").share == int(met)


def test_a_kind_without_validity_lasts_for_ever():
    found = match(
        need(required_certificates=("mill-certificate",)),
        ikm(certificates=(certificate("mill-certificate", valid_until=None),)),
    )
    assert found.standing == "qualified"


def test_it_is_judged_on_the_later_of_as_of_and_start():
    wanted = need(required_certificates=("iso-9001",), start=date(2026, 1, 1))
    workshop = ikm(certificates=(certificate(valid_until=AS_OF),))
    assert match(wanted, workshop).standing == "qualified"
    assert match(wanted, workshop, as_of=date(2026, 11, 25)).standing == "near"


def test_the_nearest_reason_is_shown_and_the_best_record_first():
    ended = certificate(valid_until=date(2026, 1, 1), number="old")
    soon = certificate(valid_until=date(2026, 12, 31), number="soon")
    found = match(need(required_certificates=("iso-9001",)), ikm(certificates=(ended, soon)))
    assert [(r.reason, r.sources[0].number) for r in found.requirements] == [("ends_before_start", "soon")]
    claimed = certificate(evidence="claimed", valid_until=date(2030, 1, 1), number="claimed")
    seen = certificate(number="seen")
    found = match(need(required_certificates=("iso-9001",)), ikm(certificates=(claimed, ended, seen)))
    assert [s.number for s in found.requirements[0].sources] == ["seen", "claimed", "old"]


def test_the_nib_counts_as_its_kind_and_is_as_good_as_the_ikm():
    wanted = need(required_certificates=("nib",))
    assert match(wanted, ikm()).missing == ("nib",)
    assert match(wanted, ikm(nib="0000000000001")).proven
    claimed = match(wanted, ikm(nib="0000000000001", evidence="claimed"))
    assert (claimed.standing, claimed.proven) == ("qualified", False)


def test_csms_never_gates_and_is_listed_before_start():
    wanted = need(required_certificates=("csms",), preferred_certificates=("iso-9001",))
    found = match(wanted, ikm(certificates=(certificate(),)))
    assert (found.standing, found.before_start) == ("qualified", ("csms",))
    assert part(found, "preference").share == Fraction(1, 2)
    own = ikm(certificates=(certificate(), certificate("csms", for_company="C1")))
    assert match(wanted, own).before_start == ()
    others = ikm(certificates=(certificate("csms", for_company="C2"), certificate("csms")))
    assert match(wanted, others).before_start == ("csms",)


def test_a_preferred_csms_is_not_listed_before_start():
    assert match(need(preferred_certificates=("csms",))).before_start == ()


def test_certificates_that_end_before_the_need_does():
    short = certificate(valid_until=END.replace(day=29))
    wanted = need(required_certificates=("iso-9001",))
    assert [s.valid_until for s in match(wanted, ikm(certificates=(short,))).ending] == [date(2027, 6, 29)]
    assert match(wanted, ikm(certificates=(short, certificate()))).ending == ()


# --- Capacity


@pytest.mark.parametrize(
    ("offered", "wanted", "free", "expected"),
    [
        ({"unit": "lusin"}, {"unit": "pcs"}, Decimal(2400), "sufficient"),
        ({"unit": "pcs"}, {"unit": "lusin"}, Decimal("16.666"), "part_of"),
        ({"unit_mass_kg": Decimal("2.6")}, {"unit": "ton"}, Decimal("0.520"), "part_of"),
        ({}, {"unit": "ton", "unit_mass_kg": Decimal(5)}, Decimal("1.000"), "part_of"),
        ({"unit": "kg"}, {"unit_mass_kg": Decimal(4)}, Decimal(50), "part_of"),
        ({"unit": "m", "unit_mass_kg": Decimal(1)}, {"unit_mass_kg": Decimal(4)}, Decimal(50), "part_of"),
        ({"unit": "m", "unit_mass_kg": Decimal(1)}, {}, None, "not_convertible"),
        ({"unit": "m"}, {"unit_mass_kg": Decimal(1)}, None, "not_convertible"),
        ({"unit": "jam-mesin", "unit_mass_kg": Decimal(1)}, {"unit": "kg"}, None, "not_convertible"),
        ({"capacity_per_month": None}, {}, None, "not_stated"),
        ({"committed_per_month": Decimal(200)}, {}, Decimal(0), "nothing_free"),
    ],
)
def test_free_capacity_in_the_needs_unit(offered, wanted, free, expected):
    found = match(need(**wanted), ikm(offer(**offered)))
    unit = wanted.get("unit", "batang")
    assert found.free_converted == (None if free is None else Quantity(free, unit))
    assert reason(found, "capacity") == expected
    assert found.sufficient is {"sufficient": True, "part_of": False, "nothing_free": False}.get(expected)


def test_what_letters_promise_is_not_free_but_for_the_need_they_serve():
    def held(quantity, starts=START, ends=START, serves=None):
        amount = None if quantity is None else Decimal(quantity)
        found = match(workshop=ikm(offer(reservations=(Reservation(starts, ends, amount, serves),))))
        return found.free and found.free.value

    assert held("30") == 170
    assert held("30", serves="N2") == 170
    assert held("30", serves="N1") == 200
    assert held("30", date(2026, 1, 1), date(2026, 12, 31)) == 200
    assert held("30", date(2027, 1, 2), date(2028, 1, 1)) == 200
    assert held(None) is None
    assert held(None, serves="N1") == 200


def test_an_unknown_reservation_says_so():
    reserved = offer(reservations=(Reservation(START, END, None),))
    assert reason(match(workshop=ikm(reserved)), "capacity") == "reserved_unknown"


# --- Evidence and proof


def test_points_of_a_criterion_rest_on_proof_only_if_all_that_is_met_does():
    wanted = need(required_certificates=("iso-9001", "iso-14001", "smk3"))
    half = ikm(certificates=(certificate(), certificate("iso-14001", evidence="claimed")))
    assert part(match(wanted, half), "certification").verified_points == 0
    whole = ikm(certificates=(certificate(), certificate("iso-14001")))
    found = part(match(wanted, whole), "certification")
    assert found.verified_points == found.points > 0


def test_one_verified_record_is_enough_beside_a_claimed_one():
    records = (certificate(evidence="claimed"), certificate("iatf-16949"))
    assert match(need(required_certificates=("iso-9001",)), ikm(certificates=records)).proven


@pytest.mark.parametrize("claimed", ["product", "process", "certificate", "ikm"])
def test_proven_asks_for_product_processes_and_gates_but_not_for_the_ikm(claimed):
    def evidence(fact):
        return "claimed" if fact == claimed else "verified"

    workshop = ikm(
        offer(evidence=evidence("product")),
        processes=(process(evidence=evidence("process")),),
        certificates=(certificate(evidence=evidence("certificate")),),
        evidence=evidence("ikm"),
    )
    found = match(need(required_certificates=("iso-9001",), required_processes=("las-gmaw",)), workshop)
    assert (found.standing, found.proven) == ("qualified", claimed == "ikm")
    assert found.evidence < found.low


def test_facts_are_judged_by_the_policy():
    found = match(policy=Policy((1, 1, 1, 1, 1, 1, 1)))
    assert [p.maximum for p in found.parts] == [334, 333, 333]


def test_reasons_of_place():
    for area, expected in (
        ("36.72", "near"),
        ("36.04", "same_province"),
        ("32", "far"),
        (None, "area_missing"),
    ):
        assert reason(match(workshop=replace(ikm(), area=area)), "proximity") == expected
