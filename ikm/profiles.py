"""A workshop's profile from its first line to its withdrawal. Facts in it have modules of their own."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import roles_of
from accounts.facts import restate
from accounts.models import Membership, Organisation, User
from accounts.notices import notify, settle
from accounts.organisations import assign_office, create_organisation, revise
from ikm import lifecycle, names, sections
from ikm.models import Ikm
from ikm.signals import tell_supply_changed
from ikm.visibility import SWITCHES
from web import answers
from web.lifecycle import StepRefused

OF_ORGANISATION = frozenset(
    ["name", "nib", "npwp", "area", "address", "postcode", "contact_name", "phone", "whatsapp", "email"]
)
OF_IKM = frozenset(
    ["legal_form", "year_founded", "about", "workers", "investment_band", "latitude", "longitude"]
)
# What an officer verifies of the profile itself: who it is, and where.
IDENTITY = frozenset(["name", "legal_form", "nib", "npwp", "area", "address"])


class NotComplete(Exception):
    """Carries the slugs of the sections that are still to do, in order."""

    def __init__(self, missing: list[str]):
        super().__init__(", ".join(missing))
        self.missing = missing


def lock(ikm: Ikm) -> Ikm:
    """The row as it is stored now, with its organisation; held until commit. Every write module begins with it.

    no_key: whoever adds a product holds a share of this row's key, and must not be met crosswise.
    """
    return (
        Ikm.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation__area", "organisation__reviewing_office")
        .get(pk=ikm.pk)
    )


def lock_to_change(ikm: Ikm, *, by: User | None) -> Ikm:
    """The same, for a change of what is stated. What an officer is reviewing is not changed by its owner."""
    locked = lock(ikm)
    if (
        locked.status == lifecycle.SUBMITTED
        and by is not None
        and "officer" not in roles_of(by, locked.organisation)
    ):
        raise StepRefused(locked.status, "revise")
    return locked


@transaction.atomic
def start_profile(*, by: User, name: str, role: str | None = Membership.Role.OWNER, **fields: Any) -> Ikm:
    """A new draft, `by` its owner; with `role=None` entered by an officer for an owner who comes later.

    `fields` are the organisation's. The same person naming the same workshop again gets the draft that exists.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    drafts = Ikm.objects.filter(status=lifecycle.DRAFT, entered_by=by, merged_into=None)
    for draft in drafts.select_related("organisation"):
        if names.plain(draft.organisation.name) == names.plain(name):
            return draft
    if role is not None:
        own = {"contact_name": by.name, "whatsapp": by.phone or "", "email": by.email or ""}
        fields = own | {key: value for key, value in fields.items() if value}
    organisation = create_organisation(kind=Organisation.Kind.IKM, name=name, by=by, role=role, **fields)
    ikm = Ikm.objects.create(
        organisation=organisation, legal_form=names.legal_form(name), entered_by=by, changed_by=by
    )
    tell_supply_changed([ikm.pk])
    return ikm


@transaction.atomic
def revise_section(ikm: Ikm, *, section: str, by: User, seen: str | None = None, **fields: Any) -> Ikm:
    """Save the answers of a section (`fields` of the profile or its organisation) and note it as done.

    Stale where these answers were changed after `seen` (answers.fingerprint); StepRefused while it is reviewed.
    """
    if unknown := fields.keys() - OF_IKM - OF_ORGANISATION:
        raise TypeError(f"not part of a profile: {', '.join(sorted(unknown))}")
    locked = lock_to_change(ikm, by=by)
    differing = answers.changed(stored(locked, fields), fields, seen=seen)
    for name in differing.keys() & OF_IKM:
        setattr(locked, name, differing[name])
    if differing.keys() & IDENTITY:
        restate(locked, by=by)
    mark_done(locked, section)
    locked.save()
    revise(
        locked.organisation,
        by=by,
        **{name: value for name, value in differing.items() if name in OF_ORGANISATION},
    )
    tell_supply_changed([locked.pk])
    return locked


def stored(ikm: Ikm, names_of_answers) -> dict[str, Any]:
    """The answers by these names, as they are stored."""
    return {name: getattr(ikm if name in OF_IKM else ikm.organisation, name) for name in names_of_answers}


def mark_done(ikm: Ikm, section: str) -> None:
    """Remember that the owner went through the section; does not save."""
    if section not in ikm.done_sections:
        ikm.done_sections = [*ikm.done_sections, section]


@transaction.atomic
def skip_section(ikm: Ikm, *, section: str, by: User) -> Ikm:
    """ "None yet": the section is done although it holds nothing."""
    locked = lock_to_change(ikm, by=by)
    mark_done(locked, section)
    locked.save(update_fields=["done_sections"])
    return locked


@transaction.atomic
def submit(ikm: Ikm, *, by: User) -> Ikm:
    """Send the profile to its office; whoever sends it says that all of it is so today.

    NotComplete, or StepRefused where it is there already.
    """
    locked = lock(ikm)
    step = lifecycle.PROFILE.step(locked.status, "submit", roles=roles_of(by, locked.organisation))
    if missing := sections.missing(sections.contents(locked)):
        raise NotComplete(missing)
    locked.status, locked.submitted_at, locked.submitted_by = step.target, timezone.now(), by
    locked.confirmed_on, locked.withdrawal_reason = timezone.localdate(), ""
    locked.save()
    office = assign_office(locked.organisation)
    if office is not None:
        notify(
            office,
            key=f"ikm-submitted-{locked.pk}-{locked.submitted_at:%Y%m%d%H%M%S%f}",
            title=format_lazy(_("{name} menunggu tinjauan"), name=locked.organisation.name),
            text=_("Periksa profil, produk, dan buktinya, lalu setujui atau kembalikan dengan catatan."),
            url=reverse("ikm:review", args=[locked.pk]),
        )
    tell_supply_changed([locked.pk])
    return locked


@transaction.atomic
def recall(ikm: Ikm, *, by: User) -> Ikm:
    """Take the profile back to change it, while no officer has decided."""
    locked = lock(ikm)
    step = lifecycle.PROFILE.step(locked.status, "recall", roles=roles_of(by, locked.organisation))
    locked.status, locked.submitted_at, locked.submitted_by = step.target, None, None
    locked.save(update_fields=["status", "submitted_at", "submitted_by"])
    tell_supply_changed([locked.pk])
    return locked


@transaction.atomic
def withdraw(ikm: Ikm, *, by: User, reason: str) -> Ikm:
    """The workshop no longer takes part; its facts stay. ValueError without a reason."""
    if not reason.strip():
        raise ValueError("a profile is withdrawn with a reason")
    locked = lock(ikm)
    step = lifecycle.PROFILE.step(locked.status, "withdraw", roles=roles_of(by, locked.organisation))
    locked.status, locked.withdrawal_reason = step.target, reason.strip()
    locked.save(update_fields=["status", "withdrawal_reason"])
    tell_supply_changed([locked.pk])
    return locked


@transaction.atomic
def confirm(ikm: Ikm, *, by: User) -> Ikm:
    """ "Semua masih benar": everything stated is still so today. StepRefused where nothing is published."""
    locked = lock(ikm)
    if locked.status != lifecycle.APPROVED or not roles_of(by, locked.organisation):
        raise StepRefused(locked.status, "confirm")
    note_confirmed(locked)
    return locked


def note_confirmed(locked: Ikm) -> None:
    """Confirmed today. For who holds the lock and has asked whether it may be."""
    if locked.confirmed_on != timezone.localdate():
        locked.confirmed_on = timezone.localdate()
        locked.save(update_fields=["confirmed_on"])
        settle(locked.organisation, key=f"confirm-{locked.pk}-")
        tell_supply_changed([locked.pk])


@transaction.atomic
def choose_hidden(ikm: Ikm, *, hidden: Iterable[str]) -> Ikm:
    """Keep these fields (visibility.SWITCHES) from the public, and show the others."""
    locked = lock(ikm)
    chosen = [name for name in SWITCHES if name in set(hidden)]
    if locked.hidden_fields != chosen:
        locked.hidden_fields = chosen
        locked.save(update_fields=["hidden_fields"])
        tell_supply_changed([locked.pk])
    return locked
