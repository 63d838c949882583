"""The database refuses what must not be (DESIGN §3.3)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import (
    Claim,
    Consent,
    EntryCard,
    Introduction,
    Invitation,
    Membership,
    Organisation,
    User,
)
from tests.accounts.people import person

pytestmark = pytest.mark.django_db


def refused(constraint: str, make) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_a_person_has_a_log_in_name():
    refused("user_has_login_name", lambda: User.objects.create(name="Tanpa"))
    with pytest.raises(ValueError, match="e-mail address or a mobile number"):
        User.objects.create_user(name="Tanpa")


def test_log_in_names_have_one_spelling_and_one_person():
    refused("user_email_lower", lambda: User.objects.create(name="A", email="A@contoh.example"))
    refused("user_phone_e164", lambda: User.objects.create(name="A", phone="0812"))
    person("Satu", phone="+6281211112222")
    refused("phone", lambda: User.objects.create(name="Dua", phone="+6281211112222"))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("organisation_named", {"name": ""}),
        ("organisation_named", {"ref": ""}),
        ("organisation_nib_form", {"nib": "123"}),
        ("organisation_npwp_form", {"npwp": "12.34"}),
        ("organisation_same_person_is_dinas", {"allows_same_person": True}),
    ],
)
def test_an_organisation(constraint, fields):
    refused(constraint, lambda: Organisation.objects.create(**{"kind": "ikm", "name": "CV", **fields}))


def test_a_reference_is_unique_within_office_and_kind_also_where_there_is_no_office():
    Organisation.objects.create(kind="ikm", name="CV", ref="A-1")
    refused("organisation_ref_once", lambda: Organisation.objects.create(kind="ikm", name="CV 2", ref="A-1"))
    Organisation.objects.create(kind="company", name="PT", ref="A-1")


def test_a_membership():
    organisation, user = Organisation.objects.create(kind="ikm", name="CV"), person("Pemilik")
    Membership.objects.create(user=user, organisation=organisation, role="owner")
    refused(
        "member_once", lambda: Membership.objects.create(user=user, organisation=organisation, role="staff")
    )
    refused(
        "member_left_after_joining",
        lambda: Membership.objects.filter(user=user).update(left_on=date(2020, 1, 1)),
    )


def test_an_invitation_has_an_address_and_one_end():
    organisation, by = Organisation.objects.create(kind="ikm", name="CV"), person("Pemilik")
    common = {"organisation": organisation, "role": "staff", "invited_by": by, "expires_at": timezone.now()}
    refused("invitation_has_address", lambda: Invitation.objects.create(**common))
    refused(
        "invitation_accepted_by_someone",
        lambda: Invitation.objects.create(email="a@contoh.example", accepted_at=timezone.now(), **common),
    )


def test_a_claim_waits_once_and_a_decision_has_a_day():
    organisation, user = Organisation.objects.create(kind="ikm", name="CV"), person("Pengaku")
    Claim.objects.create(user=user, organisation=organisation)
    refused("claim_waits_once", lambda: Claim.objects.create(user=user, organisation=organisation))
    refused("claim_decided_has_day", lambda: Claim.objects.filter(user=user).update(state="accepted"))


def test_a_consent_is_in_force_once():
    organisation, user = Organisation.objects.create(kind="ikm", name="CV"), person("Pemilik")
    Consent.objects.create(organisation=organisation, user=user, text_version="1")
    refused(
        "consent_once_per_text",
        lambda: Consent.objects.create(organisation=organisation, user=user, text_version="1"),
    )


def test_an_introduction_is_one_for_a_pair():
    one, two = (Organisation.objects.create(kind="ikm", name=name) for name in ("CV 1", "CV 2"))
    refused(
        "introduction_pair_ordered", lambda: Introduction.objects.create(first=two, second=one, reason="x")
    )
    pair = Introduction.objects.create(first=one, second=two, reason="x")
    refused("introduction_once", lambda: Introduction.objects.create(first=one, second=two, reason="y"))
    assert [*Introduction.objects.between(two, one)] == [pair]


def test_a_card_ends_after_it_began():
    user, now = person("Pemilik"), timezone.now()
    refused(
        "card_expires_later",
        lambda: EntryCard.objects.create(
            user=user, issued_by=user, code_hash="x", issued_at=now, expires_at=now - timedelta(1)
        ),
    )
