"""One profile goes on in another, and back: exactly what the merge did is taken back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.facts import NotOfOffice
from accounts.models import Membership, Notification, Organisation
from ikm import duplicates, merging, profiles
from ikm.models import DuplicatePair, Ikm, Merge, Product
from tests import offices
from tests.races import both


@pytest.fixture
def office(db):
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Petugas Ani")


@pytest.fixture
def pair(office, ani):
    """(survivor, merged): approved and verified with an owner, and a draft with another one."""
    survivor = offices.workshop(
        office, name="CV Maju", status="approved", evidence="verified", method="visit", checked_by=ani,
        checked_on=date(2026, 11, 1),
    )  # fmt: skip
    merged = offices.workshop(office, name="Maju, CV", status="draft")
    Organisation.objects.filter(pk=merged.organisation_id).update(nib="0220001234567", address="Jl. Raya 1")
    duplicates.refresh()
    return Ikm.objects.get(pk=survivor.pk), Ikm.objects.get(pk=merged.pk)


def state():
    """Rows that a merge may touch, but for its own and the pair's."""
    people = Membership.objects.current().order_by("organisation", "user")
    return [
        list(Ikm.objects.order_by("pk").values()),
        list(Organisation.objects.order_by("pk").values()),
        list(Product.objects.order_by("pk").values()),
        list(people.values("user", "organisation", "role")),
    ]


def merge(pair, by, office, **options):
    survivor, merged = pair
    return merging.merge(merged, into=survivor, by=by, office=office, **options)


def test_the_survivor_takes_over_what_was_chosen(pair, office, ani):
    made = merge(pair, ani, office, take=["nib", "address"])
    survivor, merged = (Ikm.objects.get(pk=ikm.pk) for ikm in pair)
    assert (survivor.organisation.nib, survivor.organisation.address) == ("0220001234567", "Jl. Raya 1")
    assert made.taken == {"nib": ["", "0220001234567"], "address": ["", "Jl. Raya 1"]}
    # Another identity than the one that was verified, by the word of this officer.
    assert (survivor.evidence, survivor.changed_by, survivor.status) == ("claimed", ani, "approved")
    assert (merged.merged_into, merged.organisation.name, merged.organisation.ref) == (
        survivor,
        "Maju, CV",
        pair[1].organisation.ref,
    )
    assert merging.survivor_of(merged) == survivor
    assert merging.aliases(survivor) == ["Maju, CV"]
    assert DuplicatePair.objects.get().state == "merged"
    assert merging.leads_to(office, merged.pk) == survivor
    assert merging.leads_to(office, survivor.pk) is None


def test_without_a_choice_the_survivor_stays_as_it_was(pair, office, ani):
    before = (
        Ikm.objects.values().get(pk=pair[0].pk),
        Organisation.objects.values().get(pk=pair[0].organisation_id),
    )
    merge(pair, ani, office)
    after = (
        Ikm.objects.values().get(pk=pair[0].pk),
        Organisation.objects.values().get(pk=pair[0].organisation_id),
    )
    assert after == before


def test_no_key_of_the_merged_one_is_moved(pair, office, ani):
    products = list(Product.objects.order_by("pk").values_list("pk", "ikm"))
    merge(pair, ani, office, take=["nib"])
    assert list(Product.objects.order_by("pk").values_list("pk", "ikm")) == products


def test_its_people_go_on_with_the_survivor_and_are_told(pair, office, ani):
    survivor, merged = pair
    owner = merged.organisation.memberships.get().user
    merge(pair, ani, office)
    assert {m.user for m in survivor.organisation.memberships.current()} >= {owner}
    assert not merged.organisation.memberships.current().exists()
    assert list(Ikm.objects.editable_by(owner)) == [survivor]
    news = Notification.objects.get(organisation=survivor.organisation)
    assert (news.title, news.sender) == ("Maju, CV digabung menjadi satu profil", office)


def test_somebody_of_both_has_the_survivor_once(pair, office, ani):
    survivor, merged = pair
    owner = survivor.organisation.memberships.get().user
    Membership.objects.create(user=owner, organisation=merged.organisation, role="staff")
    made = merge(pair, ani, office)
    assert survivor.organisation.memberships.current().filter(user=owner).count() == 1
    merging.undo(made, by=ani, office=office)
    assert {m.role for m in merged.organisation.memberships.current()} == {"owner", "staff"}
    assert survivor.organisation.memberships.current().get().user == owner


@pytest.mark.parametrize("take", [[], ["nib", "address"], ["name", "legal_form", "area"], ["nib", "workers"]])
def test_undoing_restores_exactly(pair, office, ani, take):
    before = state()
    made = merge(pair, ani, office, take=take)
    assert state() != before
    assert merging.undo(made, by=ani, office=office) == []
    assert state() == before
    assert DuplicatePair.objects.get().state == "waiting"
    made.refresh_from_db()
    assert made.undone_by == ani
    with pytest.raises(merging.NotUndoable):
        merging.undo(made, by=ani, office=office)


def test_what_was_changed_since_keeps_the_newer_value(pair, office, ani):
    survivor, _merged = pair
    made = merge(pair, ani, office, take=["nib", "address"])
    profiles.revise_section(survivor, section="place", by=ani, address="Jl. Baru 9")
    assert merging.undo(made, by=ani, office=office) == ["address"]
    of = Organisation.objects.get(pk=survivor.organisation_id)
    assert (of.nib, of.address) == ("", "Jl. Baru 9")
    # What is stated now was never verified.
    assert Ikm.objects.get(pk=survivor.pk).evidence == "claimed"


def test_who_left_since_does_not_come_back(pair, office, ani):
    survivor, merged = pair
    made = merge(pair, ani, office)
    Membership.objects.filter(pk__in=made.joined).update(left_on=timezone.localdate())
    merging.undo(made, by=ani, office=office)
    assert not merged.organisation.memberships.current().exists()
    assert survivor.organisation.memberships.current().count() == 1


def test_a_chain_leads_to_its_end_and_is_undone_from_there(pair, office, ani):
    survivor, merged = pair
    last = offices.workshop(office, name="PT Maju", status="draft")
    first = merge(pair, ani, office)
    second = merging.merge(survivor, into=last, by=ani, office=office)
    merged.refresh_from_db()
    assert merging.survivor_of(merged) == last
    assert merging.aliases(last) == ["CV Maju", "Maju, CV"]
    with pytest.raises(merging.NotUndoable):
        merging.undo(first, by=ani, office=office)
    merging.undo(second, by=ani, office=office)
    merging.undo(first, by=ani, office=office)
    assert Ikm.objects.exclude(merged_into=None).count() == 0


def test_what_is_not_as_it_was_seen_is_not_merged(pair, office, ani):
    seen = merging.versions_of(*pair)
    Product.objects.filter(ikm=pair[1]).update(capacity_per_month=1)
    with pytest.raises(merging.Stale):
        merge(pair, ani, office, seen=seen)
    merge(pair, ani, office, seen=merging.versions_of(*pair))
    with pytest.raises(merging.Stale):
        merge(pair, ani, office)


def test_a_claim_is_decided_first(pair, office, ani):
    pair[1].organisation.claims.create(user=offices.person("Pengaku"))
    with pytest.raises(merging.ClaimWaits):
        merge(pair, ani, office)


def test_only_officers_of_both(pair, office, ani):
    far = offices.office("36.04", name="Dinas Serang")
    stranger = offices.member(far, "Petugas Jauh")
    for by, of in ((stranger, far), (stranger, office), (ani, far)):
        with pytest.raises(NotOfOffice):
            merge(pair, by, of)
    made = merge(pair, ani, office)
    with pytest.raises(NotOfOffice):
        merging.undo(made, by=stranger, office=far)


def test_what_makes_no_sense_is_refused(pair, office, ani):
    survivor, merged = pair
    with pytest.raises(TypeError):
        merge(pair, ani, office, take=["status"])
    with pytest.raises(ValueError):
        merging.merge(survivor, into=survivor, by=ani, office=office)


@pytest.mark.parametrize("wrong", ["itself", "twice", "half undone"])
def test_the_database_refuses_what_cannot_be(pair, ani, wrong):
    survivor, merged = pair
    fields = {"survivor": survivor, "merged": merged, "merged_by": ani}
    if wrong == "itself":
        fields |= {"merged": survivor}
    elif wrong == "twice":
        Merge.objects.create(**fields)
    else:
        fields |= {"undone_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.create(**fields)


@pytest.mark.django_db(transaction=True)
def test_two_officers_merge_once_whichever_way_round():
    """Each lets the other's choice go on: without one order of locks, they would wait for each other for ever."""
    office = offices.office()
    people = [offices.member(office, name) for name in ("Petugas Ani", "Petugas Budi")]
    ikms = [offices.workshop(office, name=name, status="draft") for name in ("CV Maju", "Maju, CV")]
    seen = merging.versions_of(*ikms)

    def merge(number):
        merged, into = ikms[number], ikms[1 - number]
        merging.merge(merged, into=into, by=people[number], office=office, seen=seen)

    assert both(merge) == ["Stale", "done"]
    assert Ikm.objects.exclude(merged_into=None).count() == 1
