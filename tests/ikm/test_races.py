"""Two at once: with the row lock one of them finds the work done; the controls show what happens without it."""

import threading
from decimal import Decimal

import pytest
from django.db import transaction

from accounts import consent
from accounts.models import Notification, Organisation
from accounts.organisations import create_organisation
from catalogue.models import Area
from ikm import products, profiles
from ikm.models import Ikm, Product
from tests import offices
from tests.ikm.people import around_a_workshop
from tests.races import both
from web.answers import changed, fingerprint

pytestmark = pytest.mark.django_db(transaction=True)


# --- One workshop begun twice


def begun(siti) -> int:
    return Ikm.objects.filter(entered_by=siti).count()


def test_two_clicks_begin_one_profile():
    siti = offices.person("Siti Aminah")
    area = Area.objects.get(code="36.72.08.1007")

    assert both(lambda _: profiles.start_profile(by=siti, name="CV Maju", area=area)) == ["done", "done"]
    assert (begun(siti), Organisation.objects.of_kind("ikm").count()) == (1, 1)


def test_control_without_the_lock_two_profiles_begin():
    siti = offices.person("Siti Aminah")
    looked = threading.Barrier(2, timeout=10)

    def begin(_number):
        with transaction.atomic():
            assert begun(siti) == 0
            looked.wait()
            organisation = create_organisation(kind="ikm", name="CV Maju", by=siti, role="owner")
            Ikm.objects.create(organisation=organisation, entered_by=siti)

    assert both(begin) == ["done", "done"]
    assert begun(siti) == 2


# --- One profile sent twice


@pytest.fixture
def people():
    people = around_a_workshop(status="draft", legal_form="CV", workers=9, investment_band="0-1")
    Organisation.objects.filter(pk=people.ikm.organisation_id).update(contact_name="Siti")
    consent.give(people.ikm.organisation, by=people.owner)
    return people


def test_two_clicks_send_once(people):
    by = [people.owner, people.staff]
    assert both(lambda number: profiles.submit(people.ikm, by=by[number])) == ["StepRefused", "done"]
    assert Notification.objects.filter(organisation=people.office).count() == 1


def test_control_without_the_lock_both_find_a_draft(people):
    read = threading.Barrier(2, timeout=10)

    def send(_number):
        with transaction.atomic():
            ikm = Ikm.objects.get(pk=people.ikm.pk)
            assert ikm.status == "draft"
            read.wait()
            ikm.status, ikm.submitted_at = "submitted", offices.SUBMITTED_AT
            ikm.save()

    assert both(send) == ["done", "done"]


# --- One capacity typed in two tabs


def test_two_tabs_save_at_once_and_one_is_told(people):
    product = people.ikm.products.get()
    seen = fingerprint({"capacity_per_month": product.capacity_per_month})

    def save(number):
        products.revise_product(product, by=people.owner, seen=seen, capacity_per_month=Decimal(100 + number))

    assert both(save) == ["Stale", "done"]


def test_control_without_the_lock_one_is_overwritten_unseen(people):
    product = people.ikm.products.get()
    seen = fingerprint({"capacity_per_month": product.capacity_per_month})
    read = threading.Barrier(2, timeout=10)

    def save(number):
        with transaction.atomic():
            stored = Product.objects.get(pk=product.pk)
            given = {"capacity_per_month": Decimal(100 + number)}
            changed({"capacity_per_month": stored.capacity_per_month}, given, seen=seen)
            read.wait()
            Product.objects.filter(pk=product.pk).update(**given)

    assert both(save) == ["done", "done"]


# --- A product added while the workshop is sent


def test_adding_and_sending_at_once_do_not_meet_crosswise(people):
    def work(number):
        if number:
            profiles.submit(people.ikm, by=people.owner)
        else:
            other = people.ikm.products.get()
            products.revise_product(other, by=people.staff, material="Pelat SPHC")

    assert both(work) in (["done", "done"], ["StepRefused", "done"])
