"""One profile goes on in another. The merged one keeps its rows, its name and its reference; `merged_into` points on.

Nothing that refers to the merged profile is moved. Its people work for the survivor from then on: a person who looks
after a workshop must not lose it because it was in the register twice. Undoing ends exactly what the merge began.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.facts import NotOfOffice, restate
from accounts.models import Claim, Membership, Organisation, User
from accounts.notices import members_of, notify
from ikm import duplicates
from ikm.models import Ikm, Merge, SupplyVersion
from ikm.profiles import IDENTITY, OF_IKM
from ikm.signals import tell_supply_changed

# What the survivor may take over, in the order of the page.
FIELDS: dict[str, Promise] = {
    "name": _("Nama"),
    "legal_form": _("Bentuk usaha"),
    "nib": _("NIB"),
    "npwp": _("NPWP"),
    "area": _("Wilayah"),
    "address": _("Alamat"),
    "postcode": _("Kode pos"),
    "contact_name": _("Nama kontak"),
    "whatsapp": _("WhatsApp"),
    "phone": _("Telepon"),
    "email": _("E-mail"),
    "year_founded": _("Tahun berdiri"),
    "workers": _("Pekerja"),
    "investment_band": _("Investasi"),
    "about": _("Tentang usaha"),
}
PROOF = ("evidence", "method", "checked_by_id", "checked_on", "same_person", "changed_by_id", "changed_at")


class Stale(Exception):
    """One of the two is no longer what the officer saw, or is merged already."""


class ClaimWaits(Exception):
    """Somebody says that the profile to be merged is theirs: that is decided first."""


class NotUndoable(Exception):
    """The merge was undone already, or the survivor itself goes on in another profile: that comes first."""


def versions_of(*ikms: Ikm) -> str:
    """Names the versions of the profiles as a page shows them."""
    versions = dict(
        SupplyVersion.objects.filter(pk__in=[ikm.pk for ikm in ikms]).values_list("pk", "version")
    )
    return "-".join(f"{pk}.{versions.get(pk, 0)}" for pk in sorted(ikm.pk for ikm in ikms))


def survivor_of(ikm: Ikm) -> Ikm:
    """The profile in which this one goes on, over several merges; itself where it stands."""
    while ikm.merged_into_id is not None:
        ikm = Ikm.objects.select_related("organisation").get(pk=ikm.merged_into_id)
    return ikm


def leads_to(office: Organisation, pk: int) -> Ikm | None:
    """The survivor of a profile of this office that was merged; None for any other key."""
    found = Ikm.objects.filter(organisation__reviewing_office=office, pk=pk).exclude(merged_into=None).first()
    return survivor_of(found) if found else None


def merged_into(ikm: Ikm) -> list[Ikm]:
    """All profiles that go on in this one, directly or through another, with their organisations."""
    found: list[Ikm] = []
    layer = [ikm.pk]
    while layer:
        rows = Ikm.objects.filter(merged_into__in=layer).select_related("organisation").order_by("pk")
        layer = [row.pk for row in rows]
        found += rows
    return found


def aliases(ikm: Ikm) -> list[str]:
    """Names under which the workshop is known besides its own: those of the profiles merged into it."""
    own = ikm.organisation.name
    return list(
        dict.fromkeys(each.organisation.name for each in merged_into(ikm) if each.organisation.name != own)
    )


def differing(survivor: Ikm, merged: Ikm) -> list[str]:
    """Fields in which the merged profile says something that the survivor does not say."""
    return [
        name
        for name in FIELDS
        if value(merged, name) not in ("", None) and value(merged, name) != value(survivor, name)
    ]


def value(ikm: Ikm, name: str) -> Any:
    return getattr(ikm if name in OF_IKM else ikm.organisation, name)


@transaction.atomic
def merge(
    merged: Ikm,
    *,
    into: Ikm,
    by: User,
    office: Organisation,
    take: Collection[str] = (),
    seen: str | None = None,
) -> Merge:
    """Let `merged` go on in `into`, which takes over the fields in `take`.

    Stale after the versions `seen`, or where one of them is merged; ClaimWaits; NotOfOffice unless `office` has both.
    """
    if unknown := set(take) - FIELDS.keys():
        raise TypeError(f"not to be taken over: {', '.join(sorted(unknown))}")
    loser, survivor = _lock_both(merged, into)
    _check(loser, survivor, by=by, office=office, seen=seen)
    made = Merge(survivor=survivor, merged=loser, merged_by=by)
    proof = _proof(survivor)
    made.taken = _take(loser, survivor, [name for name in FIELDS if name in take], by=by)
    now = _proof(survivor)
    made.proof = {name: [proof[name], now[name]] for name in PROOF if proof[name] != now[name]}
    loser.merged_into = survivor
    loser.save(update_fields=["merged_into"])
    made.joined, made.left = _bring_people(loser.organisation, survivor.organisation)
    made.save()
    duplicates.mark_merged(loser, survivor, by=by)
    _tell(made, loser, survivor, office)
    tell_supply_changed([loser.pk, survivor.pk])
    return made


@transaction.atomic
def undo(merge: Merge, *, by: User, office: Organisation) -> list[str]:
    """Two profiles again, as they were. Returns the fields that somebody has changed since: those keep the newer value.

    NotUndoable; NotOfOffice for another office.
    """
    locked = Merge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    loser, survivor = _lock_both(locked.merged, locked.survivor)
    _of_office((loser, survivor), by=by, office=office)
    if locked.undone_at is not None or survivor.merged_into_id is not None:
        raise NotUndoable
    loser.merged_into = None
    loser.save(update_fields=["merged_into"])
    kept = _give_back(locked, survivor)
    _part_people(locked)
    locked.undone_by, locked.undone_at = by, timezone.now()
    locked.save(update_fields=["undone_by", "undone_at"])
    duplicates.mark_waiting(loser, survivor)
    tell_supply_changed([loser.pk, survivor.pk])
    return kept


# --- The two rows


def _lock_both(one: Ikm, other: Ikm) -> tuple[Ikm, Ikm]:
    """In one order for everybody, with their organisations."""
    rows = (
        Ikm.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation__area")
        .filter(pk__in=[one.pk, other.pk])
        .order_by("pk")
    )
    found = {ikm.pk: ikm for ikm in rows}
    return found[one.pk], found[other.pk]


def _check(loser: Ikm, survivor: Ikm, *, by: User, office: Organisation, seen: str | None) -> None:
    _of_office((loser, survivor), by=by, office=office)
    if loser.pk == survivor.pk:
        raise ValueError("a profile cannot go on in itself")
    merged = loser.merged_into_id is not None or survivor.merged_into_id is not None
    if Claim.objects.waiting().filter(organisation=loser.organisation_id).exists():
        raise ClaimWaits
    if merged or (seen is not None and seen != versions_of(loser, survivor)):
        raise Stale


def _of_office(ikms: Iterable[Ikm], *, by: User, office: Organisation) -> None:
    works_there = Membership.objects.current().filter(user=by, organisation=office).exists()
    if not works_there or any(ikm.organisation.reviewing_office_id != office.pk for ikm in ikms):
        raise NotOfOffice


def _proof(ikm: Ikm) -> dict[str, Any]:
    return {name: _plain(getattr(ikm, name)) for name in PROOF}


def _plain(stored: Any) -> Any:
    """As JSON keeps it: objects by their key, days and moments as text."""
    if isinstance(stored, models.Model):
        return stored.pk
    return stored if stored is None or isinstance(stored, bool | int | str) else str(stored)


def _take(loser: Ikm, survivor: Ikm, names: Iterable[str], *, by: User) -> dict[str, list[Any]]:
    taken: dict[str, list[Any]] = {}
    for name in names:
        before, after = value(survivor, name), value(loser, name)
        if before != after:
            setattr(survivor if name in OF_IKM else survivor.organisation, name, after)
            taken[name] = [_plain(before), _plain(after)]
    if taken.keys() & IDENTITY:
        restate(survivor, by=by)
    _save(survivor, taken)
    return taken


def _give_back(merge: Merge, survivor: Ikm) -> list[str]:
    kept, back = [], []
    for name, (before, after) in merge.taken.items():
        if _plain(value(survivor, name)) != after:
            kept.append(name)
            continue
        row = survivor if name in OF_IKM else survivor.organisation
        field = row._meta.get_field(name)
        setattr(row, field.attname, field.to_python(before))
        back.append(name)
    # Proof that was given or taken since the merge is about what stands there now.
    if not set(kept) & IDENTITY and all(
        _plain(getattr(survivor, name)) == after for name, (_before, after) in merge.proof.items()
    ):
        for name, (before, _after) in merge.proof.items():
            field = Ikm._meta.get_field(name.removesuffix("_id"))
            setattr(survivor, name, field.to_python(before))
    _save(survivor, back)
    return kept


def _save(ikm: Ikm, names: Collection[str]) -> None:
    ikm.save()
    if of_organisation := [name for name in names if name not in OF_IKM]:
        ikm.organisation.save(update_fields=of_organisation)


# --- The people


def _bring_people(merged: Organisation, survivor: Organisation) -> tuple[list[int], list[int]]:
    """Keys of memberships that begin at the survivor, and of those that end at the merged one."""
    there = set(Membership.objects.current().filter(organisation=survivor).values_list("user", flat=True))
    leaving = list(Membership.objects.current().filter(organisation=merged).order_by("pk"))
    joined = [
        Membership.objects.create(user_id=each.user_id, organisation=survivor, role=each.role).pk
        for each in leaving
        if each.user_id not in there
    ]
    left = [each.pk for each in leaving]
    Membership.objects.filter(pk__in=left).update(left_on=timezone.localdate())
    return joined, left


def _part_people(merge: Merge) -> None:
    """Who came with the merge leaves again; who has left the survivor since does not come back to the merged one."""
    stayed = Membership.objects.current().filter(pk__in=merge.joined)
    gone = set(
        Membership.objects.filter(pk__in=merge.joined).exclude(left_on=None).values_list("user", flat=True)
    )
    stayed.update(left_on=timezone.localdate())
    back = Membership.objects.filter(pk__in=merge.left).exclude(user__in=gone)
    already = Membership.objects.current().filter(organisation=merge.merged.organisation_id)
    back.exclude(user__in=already.values("user")).update(left_on=None)


def _tell(made: Merge, loser: Ikm, survivor: Ikm, office: Organisation) -> None:
    """Everybody of the survivor, whether they were there or came with the merged one."""
    if not members_of(survivor.organisation):
        return
    notify(
        survivor.organisation,
        key=f"ikm-merge-{made.pk}",
        title=format_lazy(_("{name} digabung menjadi satu profil"), name=loser.organisation.name),
        text=format_lazy(
            _("Usaha ini terdaftar dua kali. Datanya kini pada profil {name}. Keliru? Hubungi Dinas."),
            name=survivor.organisation.name,
        ),
        url=reverse("ikm:profile"),
        sender=office,
    )
