from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalogue.models import Area, Category, CertificateKind, Process
from industry import lifecycle, needs
from industry.companies import NotComplete
from industry.models import Need
from industry.needs import close_need, copy_need, draft_many, draft_need, open_need, reopen_need, revise_need
from industry.needs import set_conditions as set_them
from tests import offices
from tests.industry import people
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def seen(need, names):
    return fingerprint(needs.stored_answers(need, names))


# --- Drafting


def test_a_draft_needs_a_title_only(cast):
    need = draft_need(cast.company, by=cast.owner, title="Roller")
    assert (need.status, need.created_by, need.office) == ("draft", cast.owner, cast.office)
    assert needs.missing_in(need, on=TODAY) == ["category", "quantity", "unit", "start", "end", "area"]


def test_the_same_form_sent_twice_is_one_need_with_the_last_answers(cast):
    first = draft_need(cast.company, by=cast.owner, ref="ABCDEFGH23", title="Roler")
    second = draft_need(cast.company, by=cast.owner, ref="ABCDEFGH23", title="Roller")
    assert first == second
    assert [need.title for need in Need.objects.all()] == ["Roller"]


def test_a_reference_of_somebody_else_is_replaced(cast):
    theirs = draft_need(cast.other, by=cast.stranger, ref="ABCDEFGH23", title="Rahasia")
    mine = draft_need(cast.company, by=cast.owner, ref="ABCDEFGH23", title="Roller")
    assert mine.pk != theirs.pk
    assert mine.ref != theirs.ref
    assert Need.objects.get(pk=theirs.pk).title == "Rahasia"


def test_a_reference_of_an_opened_need_begins_another(cast):
    first = people.opened(cast.company, cast.owner)
    second = draft_need(cast.company, by=cast.owner, ref=first.ref, title="Lain")
    assert second.pk != first.pk
    assert Need.objects.get(pk=first.pk).title == "Kontainer kantor"


def test_a_group_of_categories_is_no_category_of_a_need(cast):
    group = Category.objects.filter(level=1).first()
    with pytest.raises(ValueError):
        draft_need(cast.company, by=cast.owner, title="Roller", category=group)
    with pytest.raises(TypeError):
        draft_need(cast.company, by=cast.owner, title="Roller", status="open")


# --- Revising


def test_stale_answers_are_refused_unless_they_are_what_is_stored(cast):
    need = people.draft(cast.company, cast.owner)
    tab = seen(need, ["title"])
    revise_need(need, by=cast.staff, seen=tab, title="Kontainer 20 kaki")
    with pytest.raises(Stale) as stale:
        revise_need(need, by=cast.owner, seen=tab, title="Kontainer 40 kaki")
    assert stale.value.stored == {"title": "Kontainer 20 kaki"}
    again = revise_need(need, by=cast.owner, seen=tab, title="Kontainer 20 kaki")
    assert again.title == "Kontainer 20 kaki"


def test_another_topic_saved_meanwhile_is_no_conflict(cast):
    need = people.draft(cast.company, cast.owner)
    tab = seen(need, ["title"])
    revise_need(need, by=cast.staff, quantity=Decimal(5))
    saved = revise_need(need, by=cast.owner, seen=tab, title="Kontainer 40 kaki")
    assert (saved.title, saved.quantity) == ("Kontainer 40 kaki", 5)


def test_saying_the_same_changes_nothing(cast):
    need = people.draft(cast.company, cast.owner)
    before = Need.objects.get(pk=need.pk).changed_at
    assert revise_need(need, by=cast.staff, title=need.title, quantity=Decimal("3.000")).changed_at == before
    assert revise_need(need, by=cast.staff, title="Lain").changed_at > before


def test_an_open_need_is_changed_but_stays_complete(cast):
    need = people.opened(cast.company, cast.owner)
    assert revise_need(need, by=cast.staff, quantity=Decimal(4)).quantity == 4
    with pytest.raises(NotComplete) as refused:
        revise_need(need, by=cast.staff, quantity=None)
    assert refused.value.missing == ["quantity"]


def test_strangers_officers_and_closed_needs(cast):
    need = people.opened(cast.company, cast.owner)
    for person in (cast.stranger, cast.officer, cast.smith):
        with pytest.raises(StepRefused):
            revise_need(need, by=person, title="Lain")
        with pytest.raises(StepRefused):
            set_them(need, by=person, max_lead_time_days=5)
    close_need(need, reason="elsewhere", by=cast.owner)
    with pytest.raises(StepRefused):
        revise_need(need, by=cast.owner, title="Lain")


# --- Conditions


def test_conditions_are_replaced_as_a_whole(cast):
    need = people.draft(cast.company, cast.owner)
    iso, csms = CertificateKind.objects.get(pk="iso-9001"), CertificateKind.objects.get(pk="csms")
    saved = set_them(
        need,
        by=cast.owner,
        required_certificates=[iso, csms],
        preferred_certificates=[csms],
        required_processes=Process.objects.filter(pk="las-gmaw"),
        max_lead_time_days=30,
    )
    names = needs.LINKS | {"max_lead_time_days"}
    assert needs.stored_answers(saved, names) == {
        "required_certificates": ["csms", "iso-9001"],
        "preferred_certificates": [],
        "required_processes": ["las-gmaw"],
        "max_lead_time_days": 30,
    }
    cleared = set_them(need, by=cast.owner)
    assert needs.stored_answers(cleared, names) == dict.fromkeys(needs.LINKS, []) | {
        "max_lead_time_days": None
    }


def test_stale_conditions_are_refused(cast):
    need = people.draft(cast.company, cast.owner)
    names = ("required_certificates", "preferred_certificates", "required_processes", "max_lead_time_days")
    tab = seen(need, names)
    set_them(need, by=cast.staff, seen=tab, max_lead_time_days=10)
    with pytest.raises(Stale) as stale:
        set_them(need, by=cast.owner, seen=tab, max_lead_time_days=20)
    assert stale.value.stored["max_lead_time_days"] == 10


# --- Opening, closing, reopening


def test_opening_needs_all_answers_and_a_day_to_come(cast):
    need = people.draft(cast.company, cast.owner, area=None, end=date(2026, 11, 23), start=date(2026, 11, 1))
    with pytest.raises(NotComplete) as refused:
        open_need(need, by=cast.owner)
    assert refused.value.missing == ["area", "end"]
    revise_need(need, by=cast.owner, area=Area.objects.get(pk="36.72"), end=TODAY)
    assert open_need(need, by=cast.owner).status == lifecycle.OPEN


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
def test_before_the_review_a_need_stays_a_complete_draft(db, status):
    cast = people.cast(status)
    need = people.draft(cast.company, cast.owner)
    with pytest.raises(needs.NotReviewed):
        open_need(need, by=cast.owner)
    need.refresh_from_db()
    assert (need.status, needs.missing_in(need, on=TODAY)) == ("draft", [])


def test_opening_twice_has_one_effect(cast):
    need = people.draft(cast.company, cast.owner)
    opened = open_need(need, by=cast.owner)
    with pytest.raises(StepRefused) as refused:
        open_need(need, by=cast.staff)
    assert (refused.value.state, refused.value.action) == ("open", "open")
    assert Need.objects.get(pk=need.pk).opened_at == opened.opened_at


def test_strangers_take_no_step(cast):
    need = people.draft(cast.company, cast.owner)
    for person in (cast.stranger, cast.smith, cast.officer):
        with pytest.raises(StepRefused):
            open_need(need, by=person)
        with pytest.raises(StepRefused):
            needs.discard_draft(need, by=person)
    need = open_need(need, by=cast.staff)
    for person in (cast.stranger, cast.smith, cast.officer):
        with pytest.raises(StepRefused):
            close_need(need, reason="filled", by=person)


def test_closing_names_a_reason_and_reopening_takes_it_back(cast):
    need = people.opened(cast.company, cast.owner)
    with pytest.raises(ValueError):
        close_need(need, reason="", by=cast.owner)
    closed = close_need(need, reason="no_supplier", by=cast.staff)
    assert (closed.status, closed.close_reason) == ("closed", "no_supplier")
    with pytest.raises(StepRefused):
        close_need(need, reason="filled", by=cast.owner)
    again = reopen_need(need, by=cast.owner, start=date(2027, 4, 1), end=date(2027, 5, 31))
    assert (again.status, again.closed_at, again.close_reason) == ("open", None, "")
    assert (again.start, again.end) == (date(2027, 4, 1), date(2027, 5, 31))
    with pytest.raises(StepRefused):
        reopen_need(need, by=cast.owner)


def test_reopening_for_days_that_have_passed_is_refused_and_changes_nothing(cast):
    need = close_need(people.opened(cast.company, cast.owner), reason="filled", by=cast.owner)
    with pytest.raises(NotComplete):
        reopen_need(need, by=cast.owner, start=date(2026, 1, 1), end=date(2026, 2, 1))
    assert Need.objects.get(pk=need.pk).status == "closed"


def test_an_imported_need_without_a_place_is_revised_and_reopened_without_one(cast):
    need = people.opened(cast.company, cast.owner)
    Need.objects.filter(pk=need.pk).update(area=None)
    assert revise_need(need, by=cast.owner, title="Lain").area is None
    close_need(need, reason="filled", by=cast.owner)
    assert reopen_need(need, by=cast.owner).status == "open"


def test_only_a_draft_can_be_discarded(cast):
    need = people.draft(cast.company, cast.owner)
    needs.discard_draft(need, by=cast.staff)
    assert not Need.objects.exists()
    with pytest.raises(StepRefused):
        needs.discard_draft(people.opened(cast.company, cast.owner), by=cast.owner)


# --- Copies and many at once


def test_a_copy_says_the_same_for_other_days(cast):
    need = people.opened(cast.company, cast.owner, value_idr=Decimal(5_000_000), material_terms="buyer")
    set_them(need, by=cast.owner, required_certificates=[CertificateKind.objects.get(pk="iso-9001")])
    fresh = copy_need(need, start=date(2028, 1, 1), end=date(2028, 2, 28), by=cast.staff, ref="ABCDEFGH23")
    again = copy_need(need, start=date(2028, 1, 1), end=date(2028, 2, 29), by=cast.staff, ref="ABCDEFGH23")
    assert fresh == again
    again.refresh_from_db()
    assert (again.status, again.title, again.value_idr) == ("draft", need.title, need.value_idr)
    assert (again.start, again.end, again.opened_at) == (date(2028, 1, 1), date(2028, 2, 29), None)
    assert [kind.pk for kind in again.required_certificates.all()] == ["iso-9001"]
    assert Need.objects.count() == 2


def rows(number):
    return [people.complete(title=f"Roller {n}") for n in range(number)]


def test_many_drafts_come_in_one_go_and_only_once(cast):
    given = rows(3) + [people.complete(title="roller  1")]
    given[0]["required_certificates"] = [CertificateKind.objects.get(pk="iso-9001")]
    made = draft_many(cast.company, given, by=cast.owner)
    assert [need.title for need in made] == ["Roller 0", "Roller 1", "Roller 2"]
    assert [kind.pk for kind in made[0].required_certificates.all()] == ["iso-9001"]
    assert draft_many(cast.company, given, by=cast.owner) == []
    assert Need.objects.count() == 3


def test_a_closed_need_may_be_stated_again(cast):
    need = people.opened(cast.company, cast.owner)
    assert draft_many(cast.company, [people.complete()], by=cast.owner) == []
    close_need(need, reason="filled", by=cast.owner)
    assert len(draft_many(cast.company, [people.complete()], by=cast.owner)) == 1


def test_one_wrong_row_leaves_nothing_behind(cast):
    group = Category.objects.filter(level=1).first()
    with pytest.raises(ValueError):
        draft_many(cast.company, rows(2) + [people.complete(category=group)], by=cast.owner)
    assert not Need.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_many_drafts_cost_the_same_number_of_queries(cast, django_assert_num_queries, number):
    given = rows(number)
    with django_assert_num_queries(5):
        assert len(draft_many(cast.company, given, by=cast.owner)) == number


# --- Whatever the order of steps, the table decides


class AnyOrder(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.sampled_from(["open", "close", "reopen"]), max_size=6))
    def test_the_table_decides(self, actions):
        owner = people.confirmed(offices.person("Owner"))
        company = offices.company(offices.office(), buyer=owner, status="reviewed")
        need = people.draft(company, owner)
        steps = {
            "open": lambda: open_need(need, by=owner),
            "close": lambda: close_need(need, reason="filled", by=owner),
            "reopen": lambda: reopen_need(need, by=owner),
        }
        state = "draft"
        for action in actions:
            allowed = {s.action: s.target for s in lifecycle.NEED.steps if s.source == state}
            if action in allowed:
                state = steps[action]().status
                assert state == allowed[action]
            else:
                with pytest.raises(StepRefused):
                    steps[action]()
        assert Need.objects.get(pk=need.pk).status == state
