"""Taking back what an import wrote, row by row: only where nobody has touched the profile since."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.history import acting_as
from accounts.models import Claim, Consent, EntryCard, Invitation, Membership, Organisation
from ikm import lifecycle
from ikm.models import Ikm, ImportRow, Merge, Product, RegisterImport, SupplyVersion
from ikm.register.known import NEW
from ikm.register.rows import save
from ikm.signals import tell_supply_changed
from web import jobs

BLOCK = 200
REASONS: dict[str, Promise] = {
    "changed": _("Sudah diubah sesudah impor"),
    "people": _("Sudah ada pemilik, kartu masuk, atau pengakuan usaha"),
    "sent": _("Sudah dikirim untuk ditinjau"),
    "merged": _("Sudah digabung dengan profil lain"),
    "used": _("Sudah dipakai pada catatan lain"),
    "gone": _("Profilnya sudah tidak ada"),
}
# What ties people to a profile.
TIES: tuple[type[models.Model], ...] = (Membership, Claim, Invitation, Consent, EntryCard)


def undo(job: RegisterImport) -> None:
    """The task: all rows that were written and are not settled yet."""
    with acting_as(str(job.asked_by_id)):
        while block := list(_written(job)[:BLOCK]):
            with jobs.step(job, done=job.done + len(block), stage="undo"):
                _take_back(block)
        with jobs.step(job, done=job.total) as locked:
            locked.phase = RegisterImport.Phase.UNDONE


def _written(job: RegisterImport) -> models.QuerySet[ImportRow]:
    return job.rows.filter(fate=ImportRow.Fate.APPLIED).order_by("-number")


def _take_back(rows: Sequence[ImportRow]) -> None:
    keys = [row.ikm_id for row in rows if row.ikm_id]
    locked = Ikm.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    ikms = {ikm.pk: ikm for ikm in locked.filter(pk__in=keys).order_by("pk")}
    in_the_way = _in_the_way(rows, ikms)
    for row in rows:
        row.kept_because = in_the_way.get(row.pk, "")
    taken = [row for row in rows if not row.kept_because]
    added = [row for row in taken if row.outcome == NEW]
    for row in taken:
        if row.outcome != NEW:
            _restore(row, ikms[row.ikm_id])
    _remove(added, ikms)
    for row in rows:
        row.fate = ImportRow.Fate.KEPT if row.kept_because else ImportRow.Fate.UNDONE
        if row.outcome == NEW and not row.kept_because:
            row.ikm = None
    save(rows)
    tell_supply_changed(row.ikm_id for row in rows if row.ikm_id)


def _in_the_way(rows: Sequence[ImportRow], ikms: dict[int, Ikm]) -> dict[int, str]:
    """Row → why it is left as it is."""
    versions = dict(SupplyVersion.objects.filter(pk__in=ikms).values_list("pk", "version"))
    organisations = [ikm.organisation_id for ikm in ikms.values()]
    tied: set[int] = set()
    for model in TIES:
        ties = model._default_manager.filter(organisation__in=organisations)
        tied |= set(ties.values_list("organisation", flat=True))
    merged = set(Merge.objects.filter(survivor__in=ikms, undone_at=None).values_list("survivor", flat=True))
    found = {}
    for row in rows:
        ikm = ikms.get(row.ikm_id)
        if ikm is None:
            found[row.pk] = "gone"
        elif ikm.merged_into_id or ikm.pk in merged:
            found[row.pk] = "merged"
        elif row.outcome == NEW and ikm.organisation_id in tied:
            found[row.pk] = "people"
        elif row.outcome == NEW and ikm.status != lifecycle.DRAFT:
            found[row.pk] = "sent"
        elif versions.get(ikm.pk) != row.version:
            found[row.pk] = "changed"
    return found


def _restore(row: ImportRow, ikm: Ikm) -> None:
    """Put back what an update replaced, the proof of identity included."""
    said: dict[str, Any] = row.before
    Product.objects.filter(ikm=ikm, pk__in=said["products"]).delete()
    ikm.kblis.remove(*said["kblis"])
    for name, value in (said["ikm"] | said["fact"]).items():
        setattr(ikm, name, Ikm._meta.get_field(name.removesuffix("_id")).to_python(value))
    ikm.save()
    of = ikm.organisation
    for name, value in said["organisation"].items():
        setattr(of, name, value)
    if said["organisation"]:
        of.save(update_fields=[name.removesuffix("_id") for name in said["organisation"]])


def _remove(rows: Sequence[ImportRow], ikms: dict[int, Ikm]) -> None:
    """Delete what was new; one by one where something else leans on one of them."""
    try:
        with transaction.atomic():
            _delete([ikms[row.ikm_id].organisation_id for row in rows])
    except (models.RestrictedError, models.ProtectedError):
        for row in rows:
            try:
                with transaction.atomic():
                    _delete([ikms[row.ikm_id].organisation_id])
            except (models.RestrictedError, models.ProtectedError):
                row.kept_because = "used"


def _delete(organisations: Collection[int]) -> None:
    Organisation.objects.filter(pk__in=organisations).delete()
