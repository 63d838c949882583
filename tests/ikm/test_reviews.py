"""Two persons for every fact and every approval, each decision once, and nothing decided on what was not seen."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts import consent
from accounts.facts import NotOfOffice, SamePerson, restate
from accounts.history import acting_as
from accounts.models import Notification
from ikm import changes, profiles, reviews, waiting
from ikm.models import Ikm, Product, Review, Visit
from ikm.signals import supply_changed
from tests import offices
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Ani")


@pytest.fixture
def budi(office):
    return offices.member(office, "Budi")


@pytest.fixture
def ikm(office):
    return offices.workshop(office)


def facts_of(ikm: Ikm) -> list:
    return [ikm.products.get(), ikm.processes.get(), ikm.certificates.get()]


def reload(thing):
    return type(thing).objects.get(pk=thing.pk)


# --- Approve


def test_approval_publishes_keeps_a_review_and_tells_the_owner_once(ikm, office, ani):
    review = reviews.approve(ikm, by=ani, office=office)

    ikm = reload(ikm)
    assert (ikm.status, ikm.is_published, ikm.evidence) == ("approved", True, "claimed")
    assert (ikm.confirmed_on, ikm.approved_at is not None) == (date(2026, 11, 10), True)
    assert (review.decision, review.officer, review.office, review.same_person) == (
        "approve",
        ani,
        office,
        False,
    )
    notice = Notification.objects.get()
    assert (notice.organisation, notice.sender, notice.whatsapp) == (
        ikm.organisation,
        office,
        "+6281200000001",
    )


def test_approval_tells_the_right(ikm, office, ani, django_capture_on_commit_callbacks):
    heard = []

    def listen(ikm_ids, **_):
        heard.append(ikm_ids)

    supply_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            reviews.approve(ikm, by=ani, office=office)
    finally:
        supply_changed.disconnect(listen)
    assert heard == [[ikm.pk]]


@pytest.mark.parametrize("status", ["draft", "returned", "approved", "withdrawn"])
def test_only_a_submitted_profile_is_decided(status, office, ani):
    ikm = offices.workshop(office, status=status)
    with pytest.raises(StepRefused):
        reviews.approve(ikm, by=ani, office=office)
    with pytest.raises(StepRefused):
        reviews.return_to_owner(ikm, by=ani, office=office, remarks={"size": "Berapa pekerja?"})
    assert reload(ikm).status == status
    assert not Review.objects.exists()


@pytest.mark.parametrize("role", ["entered_by", "submitted_by", "changed_by"])
def test_who_entered_or_sent_or_last_changed_the_profile_may_not_approve_it(role, office, ani, budi):
    ikm = offices.workshop(office, **{role: ani})
    with pytest.raises(SamePerson):
        reviews.approve(ikm, by=ani, office=office)
    assert reload(ikm).status == "submitted"
    assert reviews.approve(ikm, by=budi, office=office).same_person is False


@pytest.mark.parametrize("number", [0, 1, 2])
def test_who_last_changed_any_fact_may_not_approve(number, ikm, office, ani, budi):
    fact = facts_of(ikm)[number]
    type(fact).objects.filter(pk=fact.pk).update(changed_by=ani)
    with pytest.raises(SamePerson):
        reviews.approve(ikm, by=ani, office=office)
    reviews.approve(ikm, by=budi, office=office)
    assert reload(ikm).status == "approved"


def test_a_retired_fact_bars_nobody(ikm, office, ani):
    ikm.products.update(changed_by=ani, retired_at=timezone.now())
    assert reviews.approve(ikm, by=ani, office=office).same_person is False


def test_who_entered_a_fact_is_barred_also_after_the_owner_changed_it(ikm, office, ani, budi):
    with acting_as(str(ani.pk)):
        product = Product.objects.create(
            ikm=ikm, name="Pagar", category_id="pagar-besi", unit_id="m2", changed_by=ani
        )
    restate(product, by=ikm.entered_by)
    product.save()
    with pytest.raises(SamePerson):
        reviews.check_facts(ikm, by=ani, office=office, decisions={product: ("verified", "visit")})
    with pytest.raises(SamePerson):
        reviews.approve(ikm, by=ani, office=office)
    reviews.check_facts(ikm, by=budi, office=office, decisions={product: ("verified", "visit")})
    assert reload(product).evidence == "verified"


def test_an_office_with_one_officer_may_allow_it_and_it_is_kept(ani, office):
    office.allows_same_person = True
    office.save()
    ikm = offices.workshop(office, entered_by=ani, submitted_by=ani, changed_by=ani)
    ikm.products.update(changed_by=ani)
    product = ikm.products.get()
    assert reviews.approve(ikm, by=ani, office=office).same_person is True
    reviews.check_facts(ikm, by=ani, office=office, decisions={product: ("verified", "visit")})
    assert reload(product).same_person is True


def test_another_office_decides_nothing(ikm, ani):
    elsewhere = offices.office("32.04", name="Dinas Bandung")
    stranger = offices.member(elsewhere, "Susi")
    mine = ikm.organisation.reviewing_office
    for by, acting in [(stranger, elsewhere), (stranger, mine), (ani, elsewhere)]:
        with pytest.raises(NotOfOffice):
            reviews.approve(ikm, by=by, office=acting)
        with pytest.raises(NotOfOffice):
            reviews.check_facts(ikm, by=by, office=acting, decisions={ikm: ("verified", "visit")})


def test_who_left_the_office_decides_nothing(ikm, ani, office):
    ani.memberships.update(left_on=timezone.localdate())
    with pytest.raises(NotOfOffice):
        reviews.approve(ikm, by=ani, office=office)


def test_an_officer_enters_and_sends_for_an_owner_and_another_approves(office, ani, budi):
    area = office.area
    with acting_as(str(ani.pk)):
        ikm = profiles.start_profile(
            by=ani, role=None, name="UD Las Hasan", area=area, contact_name="Hasan", whatsapp="+6281234567890"
        )
        profiles.revise_section(ikm, section="identity", by=ani, legal_form="UD")
        profiles.revise_section(ikm, section="size", by=ani, workers=4, investment_band="0-1")
        offices.add_facts(ikm, by=ani)
        consent.give(ikm.organisation, by=ani)
        profiles.submit(ikm, by=ani)
    ikm = reload(ikm)
    assert (ikm.status, ikm.submitted_by, ikm.entered_by) == ("submitted", ani, ani)
    decisions = dict.fromkeys(facts_of(ikm), ("verified", "visit"))
    with pytest.raises(SamePerson):
        reviews.approve(ikm, by=ani, office=office)
    with pytest.raises(SamePerson):
        reviews.check_facts(ikm, by=ani, office=office, decisions=decisions)
    reviews.decide(ikm, by=budi, office=office, action="approve", decisions=decisions)
    assert reload(ikm).status == "approved"
    assert {fact.evidence for fact in facts_of(ikm)} == {"verified"}


# --- Return


def test_returning_keeps_the_remarks_by_section(ikm, office, ani):
    remarks = {"products": " Kapasitas terlalu besar. ", "size": "  "}
    review = reviews.return_to_owner(ikm, by=ani, office=office, remarks=remarks)
    assert (reload(ikm).status, review.decision) == ("returned", "return")
    assert review.remarks == {"products": "Kapasitas terlalu besar."}
    assert Notification.objects.get().organisation == ikm.organisation


def test_returning_without_a_remark_is_refused(ikm, office, ani):
    with pytest.raises(ValueError):
        reviews.return_to_owner(ikm, by=ani, office=office, remarks={"size": "  "})
    assert reload(ikm).status == "submitted"


# --- Check


def test_many_facts_in_one_step(ikm, office, ani):
    product, process, certificate = facts_of(ikm)
    yesterday = timezone.localdate() - timedelta(days=1)
    reviews.check_facts(
        ikm,
        by=ani,
        office=office,
        visited_on=yesterday,
        note="Bengkel ramai.",
        decisions={
            ikm: ("verified", "original"),
            product: ("verified", "visit"),
            process: ("rejected", ""),
            certificate: ("verified", "issuer"),
        },
    )
    found = [reload(fact) for fact in (ikm, product, process, certificate)]
    assert [(f.evidence, f.method) for f in found] == [
        ("verified", "original"),
        ("verified", "visit"),
        ("rejected", ""),
        ("verified", "issuer"),
    ]
    # What was seen on a visit was seen on that day.
    assert [f.checked_on for f in found] == [timezone.localdate(), yesterday, *[timezone.localdate()] * 2]
    assert {f.checked_by for f in found} == {ani}
    visit = Visit.objects.get()
    assert (visit.visited_on, visit.officer, visit.note) == (yesterday, ani, "Bengkel ramai.")
    assert Notification.objects.count() == 1


def test_all_or_nothing(ikm, office, ani):
    product, process, _certificate = facts_of(ikm)
    type(process).objects.filter(pk=process.pk).update(changed_by=ani)
    process.refresh_from_db()
    with pytest.raises(SamePerson):
        reviews.check_facts(
            ikm,
            by=ani,
            office=office,
            decisions={product: ("verified", "visit"), process: ("verified", "visit")},
        )
    assert reload(product).evidence == "claimed"
    assert not Notification.objects.exists()


def test_a_decision_can_be_taken_back(ikm, office, ani, budi):
    product = ikm.products.get()
    reviews.check_facts(ikm, by=ani, office=office, decisions={product: ("verified", "visit")})
    stated_at = product.changed_at
    reviews.check_facts(ikm, by=budi, office=office, decisions={reload(product): ("claimed", "")})
    product = reload(product)
    assert (product.evidence, product.method, product.checked_by, product.changed_at) == (
        "claimed",
        "",
        None,
        stated_at,
    )


def test_a_visit_tomorrow_is_refused(ikm, office, ani):
    with pytest.raises(ValueError):
        reviews.check_facts(
            ikm, by=ani, office=office, decisions={}, visited_on=timezone.localdate() + timedelta(days=1)
        )


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_facts_of_a_draft_are_not_checked(status, office, ani):
    ikm = offices.workshop(office, status=status)
    with pytest.raises(StepRefused):
        reviews.check_facts(ikm, by=ani, office=office, decisions={ikm.products.get(): ("verified", "visit")})


@pytest.mark.parametrize(
    "change", [{"capacity_per_month": 250}, {"evidence": "rejected", "checked_on": date(2026, 11, 20)}]
)
def test_a_fact_that_is_not_what_was_seen_is_not_decided(change, ikm, office, ani):
    seen = ikm.products.get()
    Product.objects.filter(pk=seen.pk).update(**change)
    with pytest.raises(reviews.Stale) as refusal:
        reviews.check_facts(ikm, by=ani, office=office, decisions={seen: ("verified", "visit")})
    assert refusal.value.facts == [seen]
    assert reload(seen).evidence == change.get("evidence", "claimed")


def test_a_fact_of_another_workshop_is_not_decided(ikm, office, ani):
    other = offices.workshop(office, name="Lain").products.get()
    with pytest.raises(reviews.Stale):
        reviews.check_facts(ikm, by=ani, office=office, decisions={other: ("verified", "visit")})
    assert reload(other).evidence == "claimed"


def test_approval_covers_only_what_was_seen(ikm, office, ani):
    seen = reviews.version_of(ikm)
    ikm.organisation.name = "CV Lain"
    ikm.organisation.save()
    with pytest.raises(reviews.Stale):
        reviews.approve(ikm, by=ani, office=office, seen=seen)
    reviews.approve(ikm, by=ani, office=office, seen=reviews.version_of(ikm))
    assert reload(ikm).status == "approved"


def test_check_and_approve_at_once_tells_the_owner_once(ikm, office, ani):
    product = ikm.products.get()
    reviews.decide(
        ikm,
        by=ani,
        office=office,
        action="approve",
        decisions={product: ("verified", "visit"), ikm: ("verified", "original")},
        visited_on=timezone.localdate(),
        seen=reviews.version_of(ikm),
    )
    assert (reload(ikm).status, reload(ikm).evidence, reload(product).evidence) == (
        "approved",
        "verified",
        "verified",
    )
    assert Notification.objects.count() == 1


def test_nothing_is_approved_when_a_check_fails(ikm, office, ani):
    seen = ikm.products.get()
    Product.objects.filter(pk=seen.pk).update(capacity_per_month=9)
    with pytest.raises(reviews.Stale):
        reviews.decide(ikm, by=ani, office=office, action="approve", decisions={seen: ("verified", "visit")})
    assert reload(ikm).status == "submitted"
    assert not Review.objects.exists()


# --- What waits again


def test_a_change_after_approval_waits_until_somebody_looked(ikm, office, ani, budi):
    reviews.approve(ikm, by=ani, office=office)
    assert list(waiting.changed_since_look(office)) == []

    product = ikm.products.get()
    restate(product, by=ikm.entered_by)
    product.save()
    [waits] = waiting.changed_since_look(office)
    assert (waits.pk, waits.waits_since, waits.waiting_facts) == (ikm.pk, product.changed_at, 1)

    reviews.mark_seen(ikm, by=budi, office=office)
    assert list(waiting.changed_since_look(office)) == []
    assert reload(product).evidence == "claimed"


def test_own_changes_are_seen_by_another(ikm, office, ani, budi):
    reviews.approve(ikm, by=ani, office=office)
    product = ikm.products.get()
    restate(product, by=ani)
    product.save()
    with pytest.raises(SamePerson):
        reviews.mark_seen(ikm, by=ani, office=office)
    reviews.mark_seen(ikm, by=budi, office=office)


# --- The record


def test_the_record_says_who_when_before_and_after(ikm, office, ani):
    product = ikm.products.get()
    with acting_as(str(ani.pk)):
        reviews.check_facts(ikm, by=ani, office=office, decisions={product: ("verified", "visit")})
    product.refresh_from_db()
    product.capacity_per_month = 250
    restate(product, by=ikm.entered_by)
    with acting_as(str(ikm.entered_by_id)):
        product.save()

    events = changes.events_of(ikm)
    # One transaction has one moment, so only the order of one fact's changes is told here.
    latest, before, first = [c for c in changes.changes(events) if c.name == "Produk: Rak gudang"]
    assert (latest.happened, latest.by) == ("changed", str(ikm.entered_by))
    assert (first.happened, first.by, first.differences) == ("added", "sistem", ())
    assert [(d.label, d.before, d.after) for d in latest.differences] == [
        ("kapasitas per bulan", "200", "250"),
        ("bukti", "terperiksa", "menurut pengakuan"),
        ("cara memeriksa", "kunjungan", "kosong"),
    ]
    assert (before.by, [(d.before, d.after) for d in before.differences]) == (
        "Ani",
        [("menurut pengakuan", "terperiksa"), ("kosong", "kunjungan")],
    )
    since = changes.since_check(product, changes.last_checks(events), changes.latest_of(events))
    assert [(d.label, d.before, d.after) for d in since] == [("kapasitas per bulan", "200", "250")]


def test_the_record_is_read_in_few_statements(ikm, django_assert_num_queries):
    with acting_as(str(ikm.entered_by_id)):
        offices.add_facts(ikm, by=ikm.entered_by, process="tekuk-pelat")
    with django_assert_num_queries(1):
        events = changes.events_of(ikm)
    with django_assert_num_queries(1):
        assert len(changes.changes(events)) == 8


# --- Races: with the row lock, and the control that shows what it is there for


def both(work) -> list[str]:
    """Run `work(0)` and `work(1)` in two threads; what each returned, or the name of what it raised."""
    outcome = ["", ""]

    def run(number: int) -> None:
        try:
            outcome[number] = work(number)
        except Exception as refusal:
            outcome[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcome)


@pytest.fixture
def race():
    office = offices.office()
    people = [offices.member(office, "Ani"), offices.member(office, "Budi")]
    return office, people, offices.workshop(office)


@pytest.mark.django_db(transaction=True)
def test_two_officers_approve_at_once_and_one_does(race):
    office, people, ikm = race
    start = threading.Barrier(2, timeout=10)

    def approve(number: int) -> str:
        seen = Ikm.objects.get(pk=ikm.pk)
        start.wait()
        reviews.approve(seen, by=people[number], office=office)
        return "approved"

    assert both(approve) == ["StepRefused", "approved"]
    assert (Review.objects.count(), Notification.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have_approved(race):
    office, people, ikm = race
    read = threading.Barrier(2, timeout=10)

    def approve_unlocked(number: int) -> str:
        seen = Ikm.objects.get(pk=ikm.pk)
        assert seen.status == "submitted"
        read.wait()
        Ikm.objects.filter(pk=ikm.pk).update(
            status="approved", approved_at=timezone.now(), confirmed_on=timezone.localdate()
        )
        Review.objects.create(ikm=seen, decision="approve", officer=people[number], office=office)
        return "approved"

    assert both(approve_unlocked) == ["approved", "approved"]
    assert Review.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_officers_check_one_fact_at_once_and_one_does(race):
    office, people, ikm = race
    start = threading.Barrier(2, timeout=10)
    product_id = ikm.products.get().pk

    def check(number: int) -> str:
        seen = Product.objects.get(pk=product_id)
        start.wait()
        decision = [("verified", "visit"), ("rejected", "")][number]
        reviews.check_facts(ikm, by=people[number], office=office, decisions={seen: decision})
        return "checked"

    assert both(check) == ["Stale", "checked"]
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_new_product_do_not_meet_crosswise(race):
    """Who adds a product holds the version and takes a share of the profile's key at commit."""
    office, people, ikm = race
    start = threading.Barrier(2, timeout=10)

    def work(number: int) -> str:
        start.wait()
        if number:
            reviews.approve(ikm, by=people[0], office=office)
        else:
            Product.objects.create(ikm=ikm, name="Pagar", category_id="pagar-besi", unit_id="m2")
        return "done"

    assert both(work) == ["done", "done"]
