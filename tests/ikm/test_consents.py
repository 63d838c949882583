"""Consent and profile go together: taking back the one withdraws the other in the same step."""

import pytest
from django.db import transaction

from accounts import consent
from accounts.models import Membership
from ikm.models import Ikm
from tests import offices

pytestmark = pytest.mark.django_db


def owned(status: str):
    ikm = offices.workshop(offices.office(), status=status)
    owner = Membership.objects.get(organisation=ikm.organisation, role="owner").user
    consent.give(ikm.organisation, by=owner)
    return ikm, owner


@pytest.mark.parametrize(
    ("before", "after"),
    [("approved", "withdrawn"), ("submitted", "draft"), ("draft", "draft"), ("returned", "returned")],
)
def test_what_was_shown_or_waited_to_be_is_not_any_more(before, after):
    ikm, owner = owned(before)
    consent.withdraw(ikm.organisation, by=owner)
    assert Ikm.objects.get(pk=ikm.pk).status == after


def test_the_reason_is_kept():
    ikm, owner = owned("approved")
    consent.withdraw(ikm.organisation, by=owner)
    assert Ikm.objects.get(pk=ikm.pk).withdrawal_reason == "Persetujuan menampilkan data ditarik."


def test_a_second_withdrawal_changes_nothing():
    ikm, owner = owned("approved")
    consent.withdraw(ikm.organisation, by=owner)
    consent.withdraw(ikm.organisation, by=owner)
    assert Ikm.objects.get(pk=ikm.pk).status == "withdrawn"


def test_both_happen_or_neither():
    ikm, owner = owned("approved")
    with transaction.atomic():
        consent.withdraw(ikm.organisation, by=owner)
        transaction.set_rollback(True)
    assert Ikm.objects.get(pk=ikm.pk).status == "approved"
    assert consent.current(ikm.organisation) is not None
