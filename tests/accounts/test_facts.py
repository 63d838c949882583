"""Two persons for a fact, unless an office with one officer says otherwise."""

from datetime import date, timedelta

import pytest

from accounts.facts import ChangedMeanwhile, NotOfOffice, SamePerson, check, may_check, restate
from accounts.models import Organisation
from ikm.models import Product
from tests import offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Ani")


@pytest.fixture
def product(office):
    return offices.workshop(office).products.get()


def kept(product: Product) -> Product:
    return Product.objects.get(pk=product.pk)


def test_another_person_verifies_with_a_method(product, office, ani):
    check(product, evidence="verified", method="visit", by=ani, office=office)
    found = kept(product)
    assert (found.evidence, found.method, found.checked_by, found.checked_on, found.same_person) == (
        "verified",
        "visit",
        ani,
        date(2026, 11, 24),
        False,
    )
    assert product.evidence == "verified"


def test_rejecting_needs_no_method(product, office, ani):
    check(product, evidence="rejected", by=ani, office=office)
    assert (kept(product).evidence, kept(product).checked_on) == ("rejected", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("evidence", "method"), [("claimed", "visit"), ("verified", ""), ("verified", "dreamt")]
)
def test_what_is_no_finding_is_refused(product, office, ani, evidence, method):
    with pytest.raises(ValueError, match=r"check|method"):
        check(product, evidence=evidence, method=method, by=ani, office=office)


def test_who_last_changed_it_may_not_check_it_and_another_officer_may(product, office, ani):
    restate(product, by=ani)
    product.save()
    budi = offices.member(office, "Budi")

    assert [may_check(product, by=each, office=office) for each in (ani, budi)] == [False, True]
    with pytest.raises(SamePerson):
        check(product, evidence="verified", method="visit", by=ani, office=office)
    assert kept(product).evidence == "claimed"
    check(product, evidence="verified", method="visit", by=budi, office=office)
    assert kept(product).checked_by == budi


def test_an_office_with_one_officer_may_allow_it_and_the_fact_shows_it(product, office, ani):
    restate(product, by=ani)
    product.save()
    Organisation.objects.filter(pk=office.pk).update(allows_same_person=True)
    office.refresh_from_db()

    check(product, evidence="verified", method="original", by=ani, office=office)

    assert (kept(product).evidence, kept(product).same_person) == ("verified", True)


def test_the_profile_is_also_the_word_of_who_entered_it(office, ani):
    ikm = offices.workshop(office)
    ikm.entered_by = ani
    ikm.save(update_fields=["entered_by"])
    with pytest.raises(SamePerson):
        check(ikm, evidence="verified", method="original", by=ani, office=office)


def test_an_officer_of_another_office_may_not_check_for_this_one(product, office):
    far = offices.office("36.73", name="Dinas Serang")
    stranger = offices.member(far, "Citra")
    with pytest.raises(NotOfOffice):
        check(product, evidence="verified", method="visit", by=stranger, office=office)


def test_a_fact_that_was_changed_after_the_page_was_drawn_must_be_read_again(product, office, ani):
    seen = product.changed_at
    restate(product, by=product.changed_by)
    product.save()
    with pytest.raises(ChangedMeanwhile):
        check(product, evidence="verified", method="visit", by=ani, office=office, seen=seen)
    check(product, evidence="verified", method="visit", by=ani, office=office, seen=product.changed_at)


def test_what_is_set_in_the_same_step_is_saved_too(product, office, ani):
    day = date(2026, 11, 24) - timedelta(1)
    check(product, evidence="verified", method="visit", by=ani, office=office, name="Rak besar")
    assert (kept(product).name, kept(product).checked_on > day) == ("Rak besar", True)


def test_a_verified_fact_that_is_changed_becomes_a_claim(product, office, ani):
    check(product, evidence="verified", method="visit", by=ani, office=office)
    restate(product, by=product.changed_by)
    product.save()
    found = kept(product)
    assert (found.evidence, found.method, found.checked_by, found.checked_on) == ("claimed", "", None, None)


def test_claiming_less_than_was_verified_stays_verified(product, office, ani):
    check(product, evidence="verified", method="visit", by=ani, office=office)
    restate(product, by=product.changed_by, less=True)
    product.save()
    assert kept(product).evidence == "verified"


def test_claiming_less_of_what_was_rejected_is_a_new_claim(product, office, ani):
    check(product, evidence="rejected", by=ani, office=office)
    restate(product, by=product.changed_by, less=True)
    product.save()
    assert kept(product).evidence == "claimed"
