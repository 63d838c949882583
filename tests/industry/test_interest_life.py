"""Random people do random things to one need: whatever happens, the table, contacts, turns and reasons agree."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import FollowUp, Introduction, Notification
from industry import interests, lifecycle, needs, questions
from industry.models import Interest, Need
from industry.turns import turns_of
from tests import offices
from tests.industry import people
from web.lifecycle import StepRefused

ACTIONS = (
    "answer", "decline", "invite", "refuse", "take_back", "take_back_invitation",
    "agree", "end", "end_by_buyer", "close", "reopen", "ask",
)  # fmt: skip
moves = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS), st.sampled_from(["owner", "smith", "other", "stranger"]), st.booleans()
    ),
    min_size=3,
    max_size=14,
)
# Whose states may have been reached with contacts open.
MUTUAL = set(lifecycle.MUTUAL)


@pytest.fixture
def market(cast):
    other = offices.workshop(
        cast.office, owner=people.confirmed(offices.person("Lain")), status="approved", name="UD Lain"
    )
    cast.other = other.entered_by
    cast.benches = {True: cast.workshop.organisation, False: other.organisation}
    cast.smiths = {True: "smith", False: "other"}
    cast.need = people.opened(cast.company, cast.owner)
    return cast


def act(market, action: str, who: str, first: bool) -> None:
    """One move; what is refused raises."""
    by, bench = getattr(market, who), market.benches[first]
    need = Need.objects.get(pk=market.need.pk)
    found = Interest.objects.filter(need=need, organisation=bench).first()
    plain = {
        "answer": lambda: interests.answer(need, bench, by=by),
        "decline": lambda: interests.decline(need, bench, reason="full", by=by),
        "invite": lambda: interests.invite(need, [bench], by=by),
        "close": lambda: needs.close_need(need, reason="cancelled", by=by),
        "reopen": lambda: needs.reopen_need(need, by=by),
        "ask": lambda: questions.ask(need, bench, text="Berapa tebalnya?", by=by),
    }
    if action in plain:
        plain[action]()
    elif found is not None:
        {
            "refuse": lambda: interests.refuse(found, reason="capacity", by=by),
            "take_back": lambda: interests.take_back(found, by=by, side="workshop"),
            "take_back_invitation": lambda: interests.take_back(found, by=by, side="buyer"),
            "agree": lambda: interests.agree(found, by=by),
            "end": lambda: interests.end(found, reason="price", by=by, side="workshop"),
            "end_by_buyer": lambda: interests.end(found, reason="price", by=by, side="buyer"),
        }[action]()


def check(market, ever_mutual: set[int]) -> None:
    found = list(Interest.objects.filter(need=market.need))
    is_open = Need.objects.get(pk=market.need.pk).is_open
    for one in found:
        if one.status in MUTUAL:
            ever_mutual.add(one.organisation_id)
            assert None not in (one.interested_at, one.invited_at, one.talks_at)
        assert bool(one.reason) == (one.status in lifecycle.WITH_REASON)
        assert is_open or one.status not in lifecycle.UNANSWERED
    opened = {pk for pair in Introduction.objects.values_list("first", "second") for pk in pair}
    assert opened - {market.company.organisation_id} == ever_mutual
    turns = turns_of(found)
    for one in found:
        if one.status == "interested":
            assert turns[one.pk].organisation == market.company.organisation
        elif one.status == "invited":
            assert turns[one.pk].organisation_id == one.organisation_id
        elif one.status in ("talks", "agreed"):
            assert one.pk in turns
        else:
            assert one.pk not in turns
    assert FollowUp.objects.open().filter(key__startswith="interest-").count() == len(turns)


def run(market, sequence) -> None:
    ever_mutual: set[int] = set()
    for action, who, first in sequence:
        before = list(Interest.objects.filter(need=market.need).order_by("pk").values())
        told = Notification.objects.count()
        try:
            act(market, action, who, first)
        except (StepRefused, interests.NotOpen):
            assert list(Interest.objects.filter(need=market.need).order_by("pk").values()) == before
            assert Notification.objects.count() == told
        if who == "stranger" or (who == "owner" and action in ("answer", "decline", "take_back", "end")):
            assert list(Interest.objects.filter(need=market.need).order_by("pk").values()) == before
        check(market, ever_mutual)


quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=quiet)
@given(sequence=moves)
def test_whatever_people_do_the_life_cycle_holds(market, sequence):
    with transaction.atomic():
        run(market, sequence)
        transaction.set_rollback(True)


@pytest.mark.full
@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=quiet)
@given(sequence=moves)
def test_whatever_people_do_the_life_cycle_holds_at_length(market, sequence):
    with transaction.atomic():
        run(market, sequence)
        transaction.set_rollback(True)
