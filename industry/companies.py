"""Registering a company: few questions, saved one topic at a time, then reviewed by its office."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import roles_of
from accounts.models import Membership, Organisation, User
from accounts.notices import notify
from accounts.organisations import assign_office, create_organisation, revise
from accounts.people import with_confirmed_address
from catalogue.models import Area
from ikm import names
from ikm.search import core_of
from industry import lifecycle
from industry.models import Company
from web import answers
from web.lifecycle import StepRefused

# An officer reviews who the company is: a change of these asks for a new review.
IDENTITY = frozenset(["name", "nib", "npwp", "area"])
OWN_FIELDS = frozenset(["sector", "about"])
# Below this likeness of names two companies are two.
ALIKE, MOST_ALIKE = 0.6, 6
# What a registration must say before it is sent, in the order of the questions.
COMPULSORY = ("name", "sector", "area", "address", "contact_name", "contact")


class NotComplete(Exception):
    """Carries the names of what is missing, in the order of the questions."""

    def __init__(self, missing: list[str]):
        super().__init__(", ".join(missing))
        self.missing = missing


def may_draft(company: Company) -> bool:
    """Somebody who works for the company has a confirmed address: it may draft needs before its review."""
    members = Membership.objects.current().filter(organisation=company.organisation_id).values("user")
    return company.is_reviewed or with_confirmed_address(User.objects.filter(pk__in=members)).exists()


def missing_in(company: Company) -> list[str]:
    """Names from COMPULSORY that are still empty. One way to reach the company is enough: telephone or e-mail."""
    organisation = company.organisation
    stated = {
        "name": organisation.name,
        "sector": company.sector,
        "area": organisation.area_id,
        "address": organisation.address,
        "contact_name": organisation.contact_name,
        "contact": organisation.phone or organisation.email or organisation.whatsapp,
    }
    return [name for name in COMPULSORY if not stated[name]]


def resembling(*, name: str, area: Area, by: User) -> QuerySet[Company]:
    """Companies of this name, legal form apart, in the same regency; not those that `by` works for. At most six."""
    place = area.regency_code or area.code
    return (
        Company.objects.filter(
            Q(organisation__area=place) | Q(organisation__area__code__startswith=f"{place}.")
        )
        .exclude(organisation__in=by.memberships.current().values("organisation"))
        .alias(likeness=TrigramSimilarity(core_of("organisation__name"), names.core(name)))
        .filter(likeness__gte=ALIKE)
        .select_related("organisation__area__parent")
        .order_by("-likeness", "pk")[:MOST_ALIKE]
    )


@transaction.atomic
def start_company(*, by: User, name: str, sector: str, area: Area) -> Company:
    """A registration in draft, `by` its owner. The same person saying the same name again gets the same draft."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    existing = (
        Company.objects.of_member(by)
        .filter(status=lifecycle.DRAFT, organisation__name__iexact=name)
        .select_related("organisation")
        .first()
    )
    if existing:
        return existing
    organisation = create_organisation(
        kind=Organisation.Kind.COMPANY, name=name, by=by, role=Membership.Role.OWNER, area=area
    )
    return Company.objects.create(organisation=organisation, sector=sector, entered_by=by)


@transaction.atomic
def revise_company(company: Company, *, by: User, seen: str | None = None, **fields: Any) -> Company:
    """Save answers. Nobody changes what an officer is reading: StepRefused. A reviewed company that says another
    name, number or place waits for review again.

    `seen` is the fingerprint of the answers as the page showed them (web.answers); Stale where they have changed.
    """
    locked = _locked(company)
    stored = {name: getattr(locked if name in OWN_FIELDS else locked.organisation, name) for name in fields}
    changed = answers.changed(stored, fields, seen=seen)
    if not changed:
        return locked
    if locked.status == lifecycle.SUBMITTED:
        raise StepRefused(locked.status, "revise")
    of_organisation = {name: value for name, value in changed.items() if name not in OWN_FIELDS}
    revise(locked.organisation, by=by, **of_organisation)
    for name in OWN_FIELDS & changed.keys():
        setattr(locked, name, changed[name])
    locked.entered_by = by
    if locked.is_reviewed and IDENTITY & changed.keys():
        _send(locked, "restate", by=by)
    _save(locked)
    return locked


@transaction.atomic
def submit(company: Company, *, by: User) -> Company:
    """Send the registration to its office. NotComplete, or StepRefused where it is there already."""
    locked = _locked(company)
    _send(locked, "submit", by=by)
    _save(locked)
    return locked


@transaction.atomic
def recall(company: Company, *, by: User) -> Company:
    """Take the registration back to change it, while no officer has decided."""
    locked = _locked(company)
    step = lifecycle.COMPANY.step(locked.status, "recall", roles=roles_of(by, locked.organisation))
    locked.status, locked.submitted_at = step.target, None
    _save(locked)
    return locked


def later_than(moment: datetime) -> datetime:
    """Now, and in any case after `moment`: two versions never carry the same time."""
    return max(timezone.now(), moment + timedelta(microseconds=1))


def _locked(company: Company) -> Company:
    return (
        Company.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation__area")
        .get(pk=company.pk)
    )


def _send(company: Company, action: str, *, by: User) -> None:
    step = lifecycle.COMPANY.step(company.status, action, roles=roles_of(by, company.organisation))
    if missing := missing_in(company):
        raise NotComplete(missing)
    company.status, company.submitted_at = step.target, timezone.now()
    office = assign_office(company.organisation)
    if office is not None:
        notify(
            office,
            key=f"company-submitted-{company.pk}-{company.submitted_at:%Y%m%d%H%M%S%f}",
            title=format_lazy(_("{company} menunggu tinjauan"), company=company.organisation.name),
            text=_("Periksa nama, NIB, dan alamatnya. Kebutuhannya tampil setelah Anda menyetujui."),
            url=reverse("industry:review", args=[company.pk]),
        )


def _save(company: Company) -> None:
    company.changed_at = later_than(company.changed_at)
    company.save(update_fields=["sector", "about", "status", "entered_by", "submitted_at", "changed_at"])
