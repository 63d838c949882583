"""What the database refuses, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation, Review
from tests.ikm.people import around_a_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return around_a_workshop(status="approved")


def refuses(name, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("ikm_status_known", {"status": "gone"}),
        ("ikm_claimed_or_verified", {"evidence": "rejected", "checked_on": "2026-11-01"}),
        ("ikm_claimed_or_verified", {"evidence": "verified"}),
        ("ikm_claimed_or_verified", {"method": "visit"}),
        ("ikm_submitted_has_day", {"status": "submitted", "submitted_at": None}),
        ("ikm_approved_has_days", {"approved_at": None}),
        ("ikm_approved_has_days", {"confirmed_on": None}),
        ("ikm_withdrawn_with_reason", {"status": "withdrawn"}),
    ],
)
def test_a_profile(people, name, fields):
    refuses(name, lambda: Ikm.objects.filter(pk=people.ikm.pk).update(**fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("product_quantities_not_negative", {"capacity_per_month": -1}),
        ("product_quantities_not_negative", {"committed_per_month": -1}),
        ("product_quantities_not_negative", {"min_order": -1}),
        ("product_unit_mass_positive", {"unit_mass_kg": 0}),
        ("product_lead_time_bounded", {"lead_time_days": 3651}),
        ("product_named", {"name": ""}),
        ("product_named", {"ref": ""}),
        ("product_evidence_has_day", {"evidence": "verified"}),
        ("product_evidence_has_day", {"method": "visit"}),
        ("product_evidence_has_day", {"checked_on": "2026-11-01"}),
    ],
)
def test_a_product(people, name, fields):
    refuses(name, lambda: Product.objects.filter(ikm=people.ikm).update(**fields))


def test_what_exists_once(people):
    product, process, row = (
        people.ikm.products.get(),
        people.ikm.processes.get(),
        people.ikm.certificates.get(),
    )
    fields = {
        "ikm": people.ikm,
        "name": "Lain",
        "category_id": "cangkul",
        "unit_id": "pcs",
        "ref": product.ref,
    }
    refuses("product_ref_once", lambda: Product.objects.create(**fields))
    refuses(
        "process_once_per_ikm",
        lambda: ProcessCapability.objects.create(ikm=people.ikm, process_id=process.process_id),
    )
    refuses(
        "certificate_once",
        lambda: Certificate.objects.create(ikm=people.ikm, kind_id=row.kind_id, number=row.number),
    )


def test_days_in_order(people):
    row = people.ikm.certificates.filter()
    refuses(
        "certificate_ends_after_start", lambda: row.update(valid_from="2026-11-02", valid_until="2026-11-01")
    )
    product = people.ikm.products.get()
    refuses(
        "reservation_ends_after_start",
        lambda: Reservation.objects.create(product=product, starts=date(2026, 12, 2), ends=date(2026, 12, 1)),
    )
    refuses(
        "reservation_not_negative",
        lambda: Reservation.objects.create(
            product=product, starts=date(2026, 12, 1), ends=date(2026, 12, 2), quantity_per_month=-1
        ),
    )


def test_a_return_says_why(people):
    refuses(
        "review_returns_with_remarks",
        lambda: Review.objects.create(
            ikm=people.ikm, decision="return", officer=people.officer, office=people.office, remarks={}
        ),
    )
