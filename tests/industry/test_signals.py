import pytest
from django.db import transaction

from industry import needs
from industry.signals import demand_changed
from tests.industry import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    found = []

    def listen(need_ids, **more):
        found.append(need_ids)

    demand_changed.connect(listen)
    yield found
    demand_changed.disconnect(listen)


def test_news_of_a_need_come_after_commit_only(cast, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        need = people.draft(cast.company, cast.owner)
        assert heard == []
    assert heard == [[need.pk]]
    with django_capture_on_commit_callbacks(execute=True):
        needs.open_need(need, by=cast.owner)
        needs.set_conditions(need, by=cast.owner, max_lead_time_days=5)
    assert heard == [[need.pk]] * 3
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        needs.close_need(need, reason="filled", by=cast.owner)
        transaction.set_rollback(True)
    assert heard == [[need.pk]] * 3


def test_a_listener_that_fails_does_not_reach_the_user(cast, heard, django_capture_on_commit_callbacks):
    def fail(**news):
        raise OSError("no broker")

    demand_changed.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            need = people.draft(cast.company, cast.owner)
    finally:
        demand_changed.disconnect(fail)
    assert need.pk


def test_many_drafts_are_one_piece_of_news(cast, heard, django_capture_on_commit_callbacks):
    rows = [people.complete(title=f"Roller {n}") for n in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        made = needs.draft_many(cast.company, rows, by=cast.owner)
    assert heard == [sorted(need.pk for need in made)]
