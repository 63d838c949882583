"""Stating facts again, and checking them: two persons, unless an office with one officer says otherwise (DESIGN §6)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Evidence, Fact, Membership, Method, Organisation, User


class SamePerson(Exception):
    """Who entered, imported or last changed a fact may not verify or approve it."""


class NotOfOffice(Exception):
    """Only an officer who works for the office may check a fact for it."""


class ChangedMeanwhile(Exception):
    """The fact is no longer what the officer saw: its page must be read again."""


def restate(fact: Fact, *, by: User | None, less: bool = False) -> None:
    """Mark `fact` as changed by `by`; does not save.

    A verified or rejected fact becomes a claim again, except where `less` is claimed than was verified.
    """
    fact.changed_by, fact.changed_at = by, timezone.now()
    if fact.evidence == Evidence.VERIFIED and less:
        return
    fact.evidence, fact.method = Evidence.CLAIMED, ""
    fact.checked_by = fact.checked_on = None
    fact.same_person = False


def entered_by(fact: Fact) -> set[int]:
    """Keys of the persons whose word the fact is: who last changed it and, where kept, who entered it."""
    return {pk for pk in (fact.changed_by_id, getattr(fact, "entered_by_id", None)) if pk is not None}


def may_check(fact: Fact, *, by: User, office: Organisation) -> bool:
    """Another person than who entered it, or an office that allows its single officer to do both."""
    return by.pk not in entered_by(fact) or office.allows_same_person


@transaction.atomic
def check(
    fact: Fact,
    *,
    evidence: str,
    method: str = "",
    by: User,
    office: Organisation,
    seen: datetime | None = None,
    **also: Any,
) -> None:
    """Record what an officer of `office` found: verified (with its method) or rejected. Saves the fact.

    SamePerson when the officer's own entry is at stake; ChangedMeanwhile when the fact was changed after `seen`
    (the `changed_at` that the officer's page showed). `also` are further fields set in the same step.
    """
    if evidence not in {Evidence.VERIFIED, Evidence.REJECTED}:
        raise ValueError(f"nothing to check: {evidence}")
    if evidence == Evidence.VERIFIED and method not in Method.values:
        raise ValueError("a verified fact names its method")
    works_there = Membership.objects.current().filter(user=by, organisation=office)
    if not works_there.exists():
        raise NotOfOffice
    locked = type(fact)._default_manager.select_for_update(of=("self",)).get(pk=fact.pk)
    if not may_check(locked, by=by, office=office):
        raise SamePerson
    if seen is not None and locked.changed_at != seen:
        raise ChangedMeanwhile
    found = {
        "evidence": evidence,
        "method": method,
        "checked_by": by,
        "checked_on": timezone.localdate(),
        "same_person": by.pk in entered_by(locked),
        **also,
    }
    for each in (locked, fact):
        for name, value in found.items():
            setattr(each, name, value)
    locked.save(update_fields=list(found))
