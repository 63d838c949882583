"""What an officer decides about a company. Its needs are shown once it is reviewed (DESIGN §6)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import record
from accounts.facts import NotOfOffice, SamePerson
from accounts.models import Membership, Organisation, User
from accounts.notices import notify
from accounts.record import Change, Source
from ikm.changes import ORGANISATION
from industry import lifecycle
from industry.companies import later_than
from industry.models import Company, Need
from industry.signals import tell_demand_changed
from web.answers import Stale

RECORDED = {
    "organisation": ORGANISATION,
    "company": Source(Company, "pgh_obj_id", _("Pendaftaran"), ("status", "sector", "about", "remarks")),
}


def history_of(company: Company) -> list[Change]:
    """Who changed what of the registration, newest first."""
    keys = {"organisation": company.organisation_id, "company": company.pk}
    events = record.read([(record.select(noun, source), keys[noun]) for noun, source in RECORDED.items()])
    return record.changes(events, RECORDED)


def is_own_entry(company: Company, *, by: User) -> bool:
    """This person entered or last changed the registration, or works for the company: another officer's turn."""
    if company.entered_by_id == by.pk:
        return True
    entered = company.events.filter(pgh_label="insert", pgh_context__metadata__actor=str(by.pk))
    works_there = Membership.objects.current().filter(user=by, organisation=company.organisation_id)
    return entered.exists() or works_there.exists()


@transaction.atomic
def approve(company: Company, *, by: User, office: Organisation, seen: datetime | None = None) -> Company:
    """The company is who it says it is: its open needs are shown.

    StepRefused where it is not submitted (any more), SamePerson, NotOfOffice, Stale where it was changed after
    `seen` (the `changed_at` that the page showed).
    """
    locked = _locked(company, by=by, office=office)
    step = lifecycle.COMPANY.step(locked.status, "approve", roles={"officer"})
    _not_after(locked, seen)
    same = is_own_entry(locked, by=by)
    if same and not office.allows_same_person:
        raise SamePerson
    locked.status, locked.reviewed_at, locked.reviewed_by = step.target, timezone.now(), by
    locked.same_person, locked.remarks = same, ""
    _save(locked)
    tell_demand_changed(Need.objects.filter(company=locked).values_list("pk", flat=True))
    _tell(
        locked,
        office,
        title=_("Perusahaan Anda sudah diperiksa"),
        text=_("Kebutuhan yang Anda buka kini tampil kepada IKM, dan yang cocok sudah bisa dilihat."),
    )
    return locked


@transaction.atomic
def return_to_company(
    company: Company, *, by: User, office: Organisation, remarks: str, seen: datetime | None = None
) -> Company:
    """Give the registration back with what to change. ValueError without a reason."""
    if not remarks.strip():
        raise ValueError("a registration is returned with a reason")
    locked = _locked(company, by=by, office=office)
    step = lifecycle.COMPANY.step(locked.status, "return", roles={"officer"})
    _not_after(locked, seen)
    locked.status, locked.remarks, locked.reviewed_by = step.target, remarks.strip(), by
    _save(locked)
    _tell(
        locked,
        office,
        title=_("Pendaftaran perusahaan Anda perlu dilengkapi"),
        text=remarks.strip(),
    )
    return locked


def _locked(company: Company, *, by: User, office: Organisation) -> Company:
    locked = (
        Company.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
        .get(pk=company.pk)
    )
    works_there = Membership.objects.current().filter(user=by, organisation=office)
    if locked.organisation.reviewing_office_id != office.pk or not works_there.exists():
        raise NotOfOffice
    return locked


def _not_after(company: Company, seen: datetime | None) -> None:
    if seen is not None and company.changed_at != seen:
        raise Stale({})


def _save(company: Company) -> None:
    company.changed_at = later_than(company.changed_at)
    company.save(
        update_fields=["status", "reviewed_at", "reviewed_by", "same_person", "remarks", "changed_at"]
    )


def _tell(company: Company, office: Organisation, *, title, text) -> None:
    notify(
        company.organisation,
        key=f"company-{company.status}-{company.pk}-{company.changed_at:%Y%m%d%H%M%S%f}",
        title=title,
        text=text,
        url=reverse("industry:company"),
        sender=office,
    )
