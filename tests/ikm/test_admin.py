import pytest
from django.contrib import admin
from django.urls import reverse

from ikm.models import Certificate, Ikm, ProcessCapability, Product
from tests import offices
from tests.browsers import logged_in
from tests.ikm.people import around_a_workshop

pytestmark = pytest.mark.django_db
MODELS = ["ikm", "product", "processcapability", "certificate", "review", "visit", "reservation"]


@pytest.fixture
def operator(client):
    user = offices.person("Pengelola", is_staff=True, is_superuser=True)
    logged_in(user, client)
    return user


@pytest.fixture
def people():
    return around_a_workshop(status="approved")


def test_every_list_and_form_opens(client, operator, people):
    people.ikm.reviews.create(decision="approve", officer=people.officer, office=people.office)
    for name in MODELS:
        assert client.get(reverse(f"admin:ikm_{name}_changelist")).status_code == 200
    for fact in (
        people.ikm,
        people.ikm.products.get(),
        people.ikm.processes.get(),
        people.ikm.certificates.get(),
    ):
        address = reverse(f"admin:ikm_{fact._meta.model_name}_change", args=[fact.pk])
        assert client.get(address).status_code == 200


def test_what_the_operator_corrects_is_a_claim_again(client, operator, people):
    product = people.ikm.products.get()
    Product.objects.update(evidence="verified", method="visit", checked_on="2026-11-01")
    address = reverse("admin:ikm_product_change", args=[product.pk])
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields} | {"material": "Pelat SPHC"}
    assert client.post(address, typed).status_code == 302
    product.refresh_from_db()
    assert (product.material, product.evidence, product.changed_by) == ("Pelat SPHC", "claimed", operator)


def test_nothing_is_added_or_deleted_here(client, operator, people):
    for name in MODELS:
        assert client.get(reverse(f"admin:ikm_{name}_add")).status_code == 403
    address = reverse("admin:ikm_product_delete", args=[people.ikm.products.get().pk])
    assert client.post(address, {"post": "yes"}).status_code == 403


def test_evidence_is_not_decided_here():
    for model in (Ikm, Product, ProcessCapability, Certificate):
        assert {"evidence", "method", "checked_by"} <= set(admin.site.get_model_admin(model).readonly_fields)
