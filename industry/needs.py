"""A need from the first words to its end: drafted topic by topic, opened, closed with a reason, reopened, copied."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import roles_of
from accounts.models import User
from accounts.models.organisations import new_ref
from catalogue.models import CertificateKind, Process
from industry import attachments, lifecycle, outcomes
from industry.companies import NotComplete, later_than
from industry.models import Company, Need
from industry.signals import tell_demand_changed
from web import answers
from web.lifecycle import StepRefused

WHAT = ("title", "category", "spec")
AMOUNT = ("quantity", "basis", "unit", "unit_mass_kg", "start", "end")
PLACE = ("area", "delivery_address")
TERMS = ("material_terms", "payment_days", "value_idr", "allow_pooling")
REVISABLE = frozenset([*WHAT, *AMOUNT, *PLACE, *TERMS, "max_lead_time_days"])
LINKS = frozenset(["required_certificates", "preferred_certificates", "required_processes"])
# What a need must say before it is opened, in the order of the questions.
COMPULSORY = ("category", "quantity", "unit", "start", "end", "area")
BUYER = frozenset(["owner", "staff"])
# A need that says all of this again is the same need, entered twice.
IDENTITY = ("title", "category_id", "quantity", "unit_id", "basis", "start", "end")


class NotReviewed(Exception):
    """The company waits for its review: its needs stay complete drafts until then."""


def missing_in(need: Need, *, on: date) -> list[str]:
    """Names from COMPULSORY that are empty; "end" also where it lies before `on`."""
    missing = [name for name in COMPULSORY if getattr(need, name) is None]
    if need.end is not None and need.end < on:
        missing.append("end")
    return missing


@transaction.atomic
def draft_need(company: Company, *, by: User, ref: str = "", **fields: Any) -> Need:
    """A new draft. The form's `ref` makes a repeated submit the same need: a draft that exists is revised."""
    locked = _locked_company(company)
    existing = Need.objects.filter(company=locked, ref=ref, status=lifecycle.DRAFT).first() if ref else None
    if existing:
        return revise_need(existing, by=by, **fields)
    _check(fields)
    need = Need(company=locked, office_id=locked.organisation.reviewing_office_id, created_by=by, **fields)
    need.ref = ref or new_ref()
    try:
        with transaction.atomic():
            need.save(force_insert=True)
    except IntegrityError:
        # The reference is taken: by a need that was opened since, or by another company's.
        need.pk, need.ref = None, new_ref()
        need.save(force_insert=True)
    tell_demand_changed([need.pk])
    return need


@transaction.atomic
def revise_need(need: Need, *, by: User, seen: str | None = None, **fields: Any) -> Need:
    """Save the answers of a topic of a draft or an open need; a closed one is reopened first (StepRefused).

    `seen` is the fingerprint of the answers as the page showed them (web.answers); Stale where they have changed.
    An open need stays complete: NotComplete otherwise.
    """
    _check(fields)
    locked = _locked(need)
    changed = answers.changed(stored_answers(locked, fields), fields, seen=seen)
    if not changed:
        return locked
    _may_change(locked, by=by)
    for name, value in changed.items():
        setattr(locked, name, value)
    if locked.is_open and (missing := [name for name in COMPULSORY[:-1] if getattr(locked, name) is None]):
        raise NotComplete(missing)
    _save(locked, *changed)
    return locked


@transaction.atomic
def set_conditions(
    need: Need,
    *,
    by: User,
    seen: str | None = None,
    required_certificates: Iterable[CertificateKind] = (),
    preferred_certificates: Iterable[CertificateKind] = (),
    required_processes: Iterable[Process] = (),
    max_lead_time_days: int | None = None,
) -> Need:
    """State what a workshop must hold. A kind both required and preferred is required. Refuses as `revise_need`."""
    required = {kind.pk for kind in required_certificates}
    given = {
        "required_certificates": sorted(required),
        "preferred_certificates": sorted({kind.pk for kind in preferred_certificates} - required),
        "required_processes": sorted({process.pk for process in required_processes}),
        "max_lead_time_days": max_lead_time_days,
    }
    locked = _locked(need)
    changed = answers.changed(stored_answers(locked, given), given, seen=seen)
    if not changed:
        return locked
    _may_change(locked, by=by)
    for name in LINKS & changed.keys():
        getattr(locked, name).set(changed[name])
    locked.max_lead_time_days = max_lead_time_days
    _save(locked, "max_lead_time_days")
    return locked


@transaction.atomic
def open_need(need: Need, *, by: User) -> Need:
    """Show the need to workshops. NotComplete, NotReviewed, or StepRefused where it is no draft."""
    locked = _locked(need)
    _open(locked, "open", by=by)
    _save(locked, "status", "opened_at")
    return locked


@transaction.atomic
def close_need(need: Need, *, reason: str, by: User) -> Need:
    """End an open need for one of `Need.CloseReason`; StepRefused where it is not open.

    Whoever waited for a word is told, and both sides are asked what came of it.
    """
    if reason not in Need.CloseReason.values:
        raise ValueError(f"no reason to close: {reason!r}")
    locked = _locked(need)
    step = lifecycle.NEED.step(locked.status, "close", roles=roles_of(by, locked.company.organisation))
    locked.status, locked.closed_at, locked.close_reason = step.target, timezone.now(), reason
    _save(locked, "status", "closed_at", "close_reason")
    outcomes.need_closed(locked, by=by)
    return locked


@transaction.atomic
def reopen_need(need: Need, *, by: User, start: date | None = None, end: date | None = None) -> Need:
    """Open a closed need again, with new dates where they are given. Refuses as `open_need` does."""
    locked = _locked(need)
    locked.start, locked.end = start or locked.start, end or locked.end
    _open(locked, "reopen", by=by)
    locked.closed_at, locked.close_reason = None, ""
    _save(locked, "status", "opened_at", "closed_at", "close_reason", "start", "end")
    outcomes.need_reopened(locked)
    return locked


@transaction.atomic
def copy_need(need: Need, *, start: date, end: date, by: User, ref: str = "") -> Need:
    """A new draft that says the same for other dates, with its conditions and attachments."""
    said = {name: getattr(need, name) for name in REVISABLE} | {"start": start, "end": end}
    fresh = draft_need(need.company, by=by, ref=ref, **said)
    for name in LINKS:
        getattr(fresh, name).set(getattr(need, name).all())
    if not fresh.attachments.exists():
        attachments.copy_all(need, to=fresh)
    return fresh


@transaction.atomic
def draft_many(company: Company, rows: Sequence[dict[str, Any]], *, by: User) -> list[Need]:
    """Drafts for `rows` (fields of `draft_need` and of `set_conditions`) in one go; returns those that are new.

    A row that says what a draft or open need of the company, or an earlier row, already says is left out:
    a second submit makes nothing.
    """
    locked = _locked_company(company)
    known = known_identities(locked)
    fresh, conditions = [], []
    for row in rows:
        said = {name: value for name, value in row.items() if name in REVISABLE}
        _check(said)
        need = Need(company=locked, office_id=locked.organisation.reviewing_office_id, created_by=by, **said)
        if identity(need) not in known:
            known.add(identity(need))
            fresh.append(need)
            conditions.append(row)
    Need.objects.bulk_create(fresh)
    for name in LINKS:
        _link(name, fresh, conditions)
    tell_demand_changed(need.pk for need in fresh)
    return fresh


@transaction.atomic
def discard_draft(need: Need, *, by: User) -> None:
    """Remove a draft for good; StepRefused where others may have seen it."""
    locked = _locked(need)
    if not locked.is_draft or not roles_of(by, locked.company.organisation) & BUYER:
        raise StepRefused(locked.status, "discard")
    for attachment in locked.attachments.all():
        attachments.detach(attachment, by=by)
    locked.delete()


def stored_answers(need: Need, names: Iterable[str]) -> dict[str, Any]:
    """What is stored under `names`; conditions that are links as their sorted keys."""
    return {
        name: sorted(word.pk for word in getattr(need, name).all()) if name in LINKS else getattr(need, name)
        for name in names
    }


def identity(need: Need) -> tuple:
    """What makes two needs of one company the same need."""
    title, *others = (getattr(need, name) for name in IDENTITY)
    return (" ".join(title.casefold().split()), *others)


def known_identities(company: Company) -> set[tuple]:
    """Identities of the company's drafts and open needs."""
    return {identity(need) for need in company.needs.exclude(status=lifecycle.CLOSED)}


def _locked(need: Need) -> Need:
    return (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company__organisation")
        .get(pk=need.pk)
    )


def _locked_company(company: Company) -> Company:
    return (
        Company.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=company.pk)
    )


def _check(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - REVISABLE:
        raise TypeError(f"not to be revised: {', '.join(sorted(unknown))}")
    category = fields.get("category")
    if category is not None and category.level == 1:
        raise ValueError("a need names a family or an item, not a group")


def _may_change(need: Need, *, by: User) -> None:
    if need.is_closed or not roles_of(by, need.company.organisation) & BUYER:
        raise StepRefused(need.status, "revise")


def _open(need: Need, action: str, *, by: User) -> None:
    step = lifecycle.NEED.step(need.status, action, roles=roles_of(by, need.company.organisation))
    missing = missing_in(need, on=timezone.localdate())
    if action == "reopen" and "area" in missing:
        missing.remove("area")  # imported without one; a closed need cannot be asked for it
    if missing:
        raise NotComplete(missing)
    if not need.company.is_reviewed:
        raise NotReviewed
    need.status, need.opened_at = step.target, timezone.now()


def _save(need: Need, *fields: str) -> None:
    need.changed_at = later_than(need.changed_at)
    need.save(update_fields=[*fields, "changed_at"])
    tell_demand_changed([need.pk])


def _link(name: str, needs: list[Need], rows: list[dict[str, Any]]) -> None:
    """Fill the link table of a condition for many new needs in one statement."""
    through = Need._meta.get_field(name).remote_field.through
    key = Need._meta.get_field(name).m2m_reverse_name()
    through.objects.bulk_create(
        through(need_id=need.pk, **{key: word.pk})
        for need, row in zip(needs, rows, strict=True)
        for word in row.get(name, ())
    )
