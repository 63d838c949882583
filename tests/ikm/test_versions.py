"""Whatever way a workshop changes, the database itself raises its version (and does so only then)."""

import io

import pytest
from django.db import connection

from accounts.models import Organisation
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation, SupplyVersion
from tests.ikm.people import around_a_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def ikm():
    return around_a_workshop(status="approved").ikm


def version(ikm) -> int:
    return SupplyVersion.objects.get(pk=ikm.pk).version


def raised(ikm, change) -> int:
    """By how much `change` raises the version of the workshop."""
    before = version(ikm)
    change()
    return version(ikm) - before


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_new_workshop_has_a_version(ikm):
    assert version(ikm) >= 1


def test_saving_a_fact_raises_it_once(ikm):
    product = ikm.products.get()
    product.capacity_per_month = 321
    assert raised(ikm, product.save) == 1


@pytest.mark.parametrize("model", [Product, ProcessCapability, Certificate])
def test_update_and_delete_of_facts_raise_it(ikm, model):
    assert (
        raised(
            ikm, lambda: model.objects.filter(ikm=ikm).update(evidence="rejected", checked_on="2026-11-01")
        )
        == 1
    )
    assert raised(ikm, lambda: model.objects.filter(ikm=ikm).delete()) >= 1


def test_the_profile_and_its_organisation_raise_it(ikm):
    assert raised(ikm, lambda: Ikm.objects.filter(pk=ikm.pk).update(confirmed_on="2026-11-20")) == 1
    organisation = Organisation.objects.filter(pk=ikm.organisation_id)
    assert raised(ikm, lambda: organisation.update(area_id="36.72.08")) == 1


def test_reservations_raise_it(ikm):
    def promise():
        Reservation.objects.create(
            product=ikm.products.get(), starts="2026-12-01", ends="2026-12-31", quantity_per_month=5
        )

    assert raised(ikm, promise) == 1
    assert raised(ikm, lambda: Reservation.objects.all().delete()) == 1


def test_raw_sql_raises_it(ikm):
    update = "UPDATE ikm_product SET committed_per_month = 7 WHERE ikm_id = %s"
    assert raised(ikm, lambda: sql(update, ikm.pk)) == 1


def test_copy_raises_it_once_for_many_rows(ikm):
    columns = (
        "evidence, method, same_person, changed_at, ikm_id, ref, name, category_id, unit_id, pool, material"
    )
    line = "claimed\t\tf\t2026-11-01\t{}\tC{}\tBaut\tbaut-mur\tpcs\t\t\n"
    rows = io.StringIO("".join(line.format(ikm.pk, number) for number in range(50)))

    def copy():
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(f"COPY ikm_product ({columns}) FROM STDIN", rows)

    assert raised(ikm, copy) == 1
    assert ikm.products.count() == 51


def test_a_change_that_changes_nothing_raises_nothing(ikm):
    assert raised(ikm, lambda: Product.objects.filter(ikm=ikm).update(pool="")) == 0
    assert raised(ikm, lambda: Ikm.objects.filter(pk=ikm.pk).update(status="approved")) == 0


def test_another_workshop_is_left_alone(ikm):
    other = Ikm.objects.exclude(pk=ikm.pk).get()
    assert raised(other, lambda: Product.objects.filter(ikm=ikm).update(pool="Z")) == 0


def test_a_product_that_moves_raises_both(ikm):
    other = Ikm.objects.exclude(pk=ikm.pk).get()
    before = version(ikm), version(other)
    Product.objects.filter(ikm=ikm).update(ikm=other)
    assert (version(ikm), version(other)) == (before[0] + 1, before[1] + 1)
