"""Founding and changing organisations, and which office reviews them."""

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Membership, Organisation, User
from catalogue.models import Area

REVIEWED = (Organisation.Kind.IKM, Organisation.Kind.COMPANY, Organisation.Kind.INSTITUTION)
# What whoever works for an organisation may say about it. Kind, ref and the office follow other ways.
REVISABLE = frozenset(
    ["name", "area", "address", "postcode", "nib", "npwp", "contact_name", "phone", "whatsapp", "email"]
)


def office_for(area: Area | None) -> Organisation | None:
    """The Dinas of the area, else of the nearest area above it, else the operator; None in an empty register."""
    offices = Organisation.objects.offices().order_by("pk")
    if area is not None:
        parts = area.code.split(".")
        above = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
        found = {office.area_id: office for office in reversed(offices.filter(area__in=above))}
        for code in above:
            if code in found:
                return found[code]
    return Organisation.objects.of_kind(Organisation.Kind.OPERATOR).order_by("pk").first()


@transaction.atomic
def create_organisation(
    *,
    kind: str,
    name: str,
    by: User | None,
    role: str | None = None,
    area: Area | None = None,
    **fields: Any,
) -> Organisation:
    """A new organisation with its reviewing office; `by` becomes its member when `role` is given.

    A new Dinas takes over the organisations of its area that nobody placed elsewhere by hand.
    """
    if kind in REVIEWED and "reviewing_office" in fields:
        fields["office_is_chosen"] = True
    elif kind in REVIEWED:
        fields["reviewing_office"] = office_for(area)
    organisation = Organisation.objects.create(kind=kind, name=name, area=area, **fields)
    if role is not None:
        Membership.objects.create(user=by, organisation=organisation, role=role)
    settle_around(organisation)
    return organisation


@transaction.atomic
def assign_office(organisation: Organisation, *, office: Organisation | None = None) -> Organisation | None:
    """Give the organisation its office: `office` if one is chosen by hand, else the one that follows from the area.

    Returns the office. It stays where it is when the new office already has a record of that reference.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    target: Organisation | None
    if office is not None:
        target, chosen = office, True
    elif locked.office_is_chosen:
        target, chosen = locked.reviewing_office, True
    else:
        target, chosen = (office_for(locked.area) if locked.kind in REVIEWED else None), False
    if (locked.reviewing_office, locked.office_is_chosen) != (target, chosen):
        try:
            with transaction.atomic():
                Organisation.objects.filter(pk=locked.pk).update(
                    reviewing_office=target, office_is_chosen=chosen
                )
        except IntegrityError:
            target, chosen = locked.reviewing_office, locked.office_is_chosen
    organisation.reviewing_office, organisation.office_is_chosen = target, chosen
    return target


@transaction.atomic
def revise(organisation: Organisation, *, by: User | None, **fields: Any) -> Organisation:
    """Change what is said about the organisation (REVISABLE); a new area moves it to the office of that area."""
    if unknown := fields.keys() - REVISABLE:
        raise TypeError(f"not to be revised: {', '.join(sorted(unknown))}")
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    changed = [name for name, value in fields.items() if getattr(locked, name) != value]
    if not changed:
        return organisation
    for name in changed:
        setattr(locked, name, fields[name])
        setattr(organisation, name, fields[name])
    locked.save(update_fields=changed)
    if "area" in changed:
        assign_office(organisation)
    return organisation


def settle_around(office: Organisation) -> None:
    """A new office, or one that moved: what follows from its area moves to it where it is nearer than theirs."""
    movable = Organisation.objects.of_kind(*REVIEWED).filter(office_is_chosen=False)
    if office.is_dinas and office.area is not None:
        movable = movable.filter(area__in=Area.objects.within(office.area.code))
    elif office.kind == Organisation.Kind.OPERATOR:
        movable = movable.filter(reviewing_office=None)
    else:
        return
    for organisation in movable.order_by("pk"):
        assign_office(organisation)
