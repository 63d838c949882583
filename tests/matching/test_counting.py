"""Counts under conditions, against a count by hand with the one-pair form."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings

from matching.counting import Count, alternatives, without, without_each
from matching.facts import Policy
from matching.pair import best_match
from matching.scoring import Scorer
from matching.supply import Supply
from tests.matching.making import AS_OF, VOCABULARY, certificate, ikm, need, offer, process
from tests.matching.strategies import bundles
from tests.matching.test_scoring import facts


def scorer(*workshops):
    return Scorer(Supply.of(workshops, VOCABULARY, AS_OF), Policy())


WANTED = need(required_certificates=("iso-9001", "iso-14001", "csms"), required_processes=("las-gmaw",))
QUALITY, ENVIRONMENT = certificate(), certificate("iso-14001")


def test_workshops_by_standing_and_how_many_could_do_it_alone():
    welds = (process(),)
    shop = scorer(
        ikm(ref="A", processes=welds, certificates=(QUALITY, ENVIRONMENT)),
        ikm(
            offer(capacity_per_month=Decimal(9)),
            ref="B",
            processes=welds,
            certificates=(QUALITY, ENVIRONMENT),
        ),
        ikm(ref="C", processes=welds, certificates=(QUALITY,)),
        ikm(ref="D", certificates=(QUALITY,)),
        ikm(offer(category="cangkul"), ref="E"),
    )
    assert Count.of(shop, WANTED) == Count(qualified=2, near=1, partial=1, enough=1)
    assert Count.of(shop, WANTED).total == 4


def test_each_condition_that_gates_is_left_out_once_and_the_family_comes_last():
    found = [(other.slug, other.widens) for other in alternatives(WANTED, VOCABULARY)]
    assert found == [("iso-14001", False), ("iso-9001", False), ("las-gmaw", False), ("rangka-atap", True)]
    assert without(WANTED, "iso-9001").required_certificates == ("iso-14001", "csms")
    family = need(category="rangka-atap", required_certificates=("csms",))
    assert alternatives(family, VOCABULARY) == []


def test_only_what_lets_more_in_is_named_the_most_first():
    welds = (process(),)
    shop = scorer(
        ikm(ref="A", processes=welds, certificates=(QUALITY,)),
        ikm(ref="B", processes=welds, certificates=(QUALITY,)),
        ikm(ref="C", certificates=(QUALITY, ENVIRONMENT), processes=(process("bubut-manual"),)),
        ikm(
            offer(category="kanal-c-baja-ringan"),
            ref="D",
            processes=welds,
            certificates=(QUALITY, ENVIRONMENT),
        ),
    )
    found = [(other.slug, count.qualified) for other, count in without_each(shop, WANTED)]
    assert found == [("iso-14001", 2), ("las-gmaw", 1), ("rangka-atap", 1)]


def by_hand(wanted, workshops):
    matches = [best_match(wanted, each, VOCABULARY, Policy(), AS_OF) for each in workshops]
    missing = [len(match.missing) for match in matches if match]
    enough = sum(match is not None and not match.missing and bool(match.sufficient) for match in matches)
    return Count(missing.count(0), missing.count(1), sum(n > 1 for n in missing), enough)


@given(bundles())
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_counts_are_those_of_the_pairs_judged_one_by_one(bundle):
    workshops, wants = facts(bundle)
    shop = scorer(*workshops)
    for wanted in wants:
        assert Count.of(shop, wanted) == by_hand(wanted, workshops)
        now = by_hand(wanted, workshops).qualified
        for other, count in without_each(shop, wanted):
            assert count == by_hand(other.need, workshops)
            assert count.qualified > now
            expected = other.slug if other.widens else wanted.category
            assert replace(other.need, category=wanted.category) == replace(
                without(wanted, "" if other.widens else other.slug), category=wanted.category
            )
            assert other.need.category == expected
