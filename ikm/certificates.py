"""Certificates and other proofs that a workshop holds."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.facts import restate
from accounts.models import Organisation, User
from ikm.models import Certificate, Ikm
from ikm.profiles import lock_to_change, mark_done
from ikm.signals import tell_supply_changed
from web import answers

ANSWERS = frozenset(
    [
        "number",
        "issuer",
        "scope",
        "category",
        "for_company",
        "holders",
        "valid_from",
        "valid_until",
        "document",
    ]
)
# A record is known by these (MATCHING.md, exchange format).
IDENTITY = ("kind", "number", "valid_from")


class Duplicate(Exception):
    """The workshop states a certificate of this kind, number and first day already."""


_companies: Callable[[], QuerySet[Organisation]] = Organisation.objects.none


def take_companies_from(source: Callable[[], QuerySet[Organisation]]) -> None:
    """Which companies a certificate may be for: industry, to the right, knows it and says so when it starts."""
    global _companies
    _companies = source


def companies() -> QuerySet[Organisation]:
    """Reviewed companies, by name."""
    return _companies().order_by("name", "pk")


@transaction.atomic
def add_certificate(ikm: Ikm, *, by: User, **fields: Any) -> Certificate:
    """A new certificate; a repeated submit gives the same. A retired one of the same number comes back as a claim.

    Duplicate where another one of that kind, number and first day is stated.
    """
    _check(fields.keys() - {"kind"})
    locked = lock_to_change(ikm, by=by)
    same = {name: fields.get(name) for name in IDENTITY} | {"number": fields.get("number", "")}
    row = Certificate.objects.select_for_update(of=("self",)).filter(ikm=locked, **same).first()
    if row is not None and row.retired_at is None:
        if any(getattr(row, name) != value for name, value in fields.items() if name != "document"):
            raise Duplicate
        return row
    if row is None:
        row = Certificate(ikm=locked)
    for name, value in fields.items():
        setattr(row, name, value)
    row.retired_at = None
    restate(row, by=by)
    row.save()
    _note(locked)
    return row


@transaction.atomic
def revise_certificate(
    certificate: Certificate, *, by: User, seen: str | None = None, **fields: Any
) -> Certificate:
    """Save answers; whatever was proven is a claim again. Stale after `seen`; Duplicate as above."""
    _check(fields)
    locked = _locked(certificate, by=by)
    said = {name: value for name, value in fields.items() if name != "document"}
    differing = answers.changed({name: getattr(locked, name) for name in said}, said, seen=seen)
    if "document" in fields and fields["document"] != locked.document:
        differing["document"] = fields["document"]
    if not differing:
        return locked
    for name, value in differing.items():
        setattr(locked, name, value)
    same = {name: getattr(locked, name) for name in IDENTITY}
    if Certificate.objects.filter(ikm=locked.ikm_id, **same).exclude(pk=locked.pk).exists():
        raise Duplicate
    restate(locked, by=by)
    locked.save()
    tell_supply_changed([locked.ikm_id])
    return locked


@transaction.atomic
def retire_certificate(certificate: Certificate, *, by: User) -> Certificate:
    """The workshop no longer states it. It stays for the record; a second time changes nothing."""
    locked = _locked(certificate, by=by)
    if locked.retired_at is None:
        locked.retired_at = locked.changed_at = timezone.now()
        locked.changed_by = by
        locked.save(update_fields=["retired_at", "changed_at", "changed_by"])
        tell_supply_changed([locked.ikm_id])
    return locked


@transaction.atomic
def restore_certificate(certificate: Certificate, *, by: User) -> Certificate:
    """State a retired certificate again, as a claim."""
    locked = _locked(certificate, by=by)
    if locked.retired_at is not None:
        locked.retired_at = None
        restate(locked, by=by)
        locked.save()
        tell_supply_changed([locked.ikm_id])
    return locked


def _check(names) -> None:
    if unknown := set(names) - ANSWERS:
        raise TypeError(f"not part of a certificate: {', '.join(sorted(unknown))}")


def _locked(certificate: Certificate, *, by: User) -> Certificate:
    lock_to_change(certificate.ikm, by=by)
    return (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("ikm", "kind", "category", "for_company", "document")
        .get(pk=certificate.pk)
    )


def _note(ikm: Ikm) -> None:
    mark_done(ikm, "certificates")
    ikm.save(update_fields=["done_sections"])
    tell_supply_changed([ikm.pk])
