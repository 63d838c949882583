"""The rows that are new or complete a profile, written block by block: all of a block or nothing.

What is entered is a claim of the officer who imports. New profiles are drafts: nobody sees them before an owner or an
officer has completed them and another officer has approved them.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import restate
from accounts.history import acting_as
from accounts.models import Organisation
from accounts.notices import notify
from catalogue.models import Category
from ikm.models import Ikm, ImportRow, Product, RegisterImport, SupplyVersion
from ikm.profiles import IDENTITY
from ikm.register.checking import Reader
from ikm.register.known import NEW, UPDATE, Verdict
from ikm.register.rows import save
from ikm.signals import tell_supply_changed
from web import jobs

BLOCK = 500
UNDO_WITHIN = timedelta(days=14)
# Work that took longer than a look at the screen is told by a notice.
LONG = timedelta(seconds=20)
FACT = ("evidence", "method", "checked_by_id", "checked_on", "same_person", "changed_by_id", "changed_at")
# Columns that are not fields of a form.
OTHER_UNIT = "pcs"


def apply(job: RegisterImport) -> None:
    """The task: rows that were judged new or completing and are not written yet, in the order of the file."""
    reader, writer = Reader(job), Writer(job)
    with acting_as(str(job.asked_by_id)):
        while block := list(_open(job)[:BLOCK]):
            with jobs.step(job, done=job.done + len(block), stage="apply"):
                # One import of an office at a time: two with the same rows would add them twice.
                Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=job.office_id)
                writer.write(block, reader.judge(block, locked=True))
        _finish(job)


def _open(job: RegisterImport) -> models.QuerySet[ImportRow]:
    rows = job.rows.filter(outcome__in=[NEW, UPDATE], fate=ImportRow.Fate.OPEN)
    return rows.order_by("number")


def _finish(job: RegisterImport) -> None:
    with jobs.step(job, done=job.total) as locked:
        fates = job.rows.values_list("outcome").annotate(many=models.Count("pk")).order_by()
        locked.counts = dict(fates)
        if locked.elapsed > LONG:
            notify(
                locked.office,
                user=locked.asked_by,
                key=f"import-{locked.pk}-{locked.begun_at:%Y%m%d%H%M%S}",
                title=_("Impor daftar selesai"),
                text=_("Lihat hasilnya: profil baru, yang dilengkapi, dan baris yang ditolak."),
                url=reverse("ikm:import", args=[locked.pk]),
            )


class Writer:
    """Writes verdicts. `stated` is the author and the moment that every fact of the import carries."""

    def __init__(self, job: RegisterImport):
        self.job, self.by, self.now = job, job.asked_by, timezone.now()
        self.units = dict(Category.objects.values_list("pk", "default_unit"))

    def write(self, rows: Sequence[ImportRow], verdicts: Sequence[Verdict]) -> None:
        """All rows of a block, whatever became of them since they were judged first."""
        pairs = list(zip(rows, verdicts, strict=True))
        self.enter([(row, verdict) for row, verdict in pairs if verdict.outcome == NEW])
        self.complete([(row, verdict) for row, verdict in pairs if verdict.outcome == UPDATE])
        for row, verdict in pairs:
            row.outcome, row.remarks = verdict.outcome, verdict.remarks
            if verdict.outcome in {NEW, UPDATE}:
                row.fate = ImportRow.Fate.APPLIED
            else:
                row.ikm = verdict.of
        written = [row.ikm_id for row in rows if row.fate == ImportRow.Fate.APPLIED]
        versions = dict(SupplyVersion.objects.filter(pk__in=written).values_list("pk", "version"))
        for row in rows:
            row.version = versions.get(row.ikm_id)
        save(rows)
        tell_supply_changed(written)

    def enter(self, pairs: Sequence[tuple[ImportRow, Verdict]]) -> None:
        """New profiles as drafts. The office is the one that imports."""
        common: dict[str, Any] = {
            "kind": Organisation.Kind.IKM,
            "reviewing_office": self.job.office,
            "office_is_chosen": self.job.office.area_id is None,
        }
        organisations = Organisation.objects.bulk_create(
            Organisation(**common, **verdict.organisation) for _row, verdict in pairs
        )
        ikms = Ikm.objects.bulk_create(
            Ikm(organisation=of, entered_by=self.by, changed_by=self.by, changed_at=self.now, **verdict.ikm)
            for of, (_row, verdict) in zip(organisations, pairs, strict=True)
        )
        for ikm, (row, verdict) in zip(ikms, pairs, strict=True):
            verdict.of = row.ikm = ikm
        self.add_facts(pairs)

    def complete(self, pairs: Sequence[tuple[ImportRow, Verdict]]) -> None:
        """Profiles that exist, locked by the reader: what a row adds, with what stood there before."""
        for row, verdict in pairs:
            ikm = verdict.of
            row.ikm, row.before = ikm, before(ikm, verdict)
            for name, value in verdict.organisation.items():
                setattr(ikm.organisation, name, value)
            for name, value in verdict.ikm.items():
                setattr(ikm, name, value)
            stated = {name.removesuffix("_id") for name in (*verdict.organisation, *verdict.ikm)}
            if stated & IDENTITY:
                restate(ikm, by=self.by)
            ikm.save()
            if verdict.organisation:
                ikm.organisation.save(update_fields=[n.removesuffix("_id") for n in verdict.organisation])
        products = self.add_facts(pairs)
        for row, verdict in pairs:
            row.before["products"] = products.get(verdict.of.pk, [])
            row.before["kblis"] = verdict.kblis

    def add_facts(self, pairs: Sequence[tuple[ImportRow, Verdict]]) -> dict[int, list[int]]:
        """Products and KBLI of the rows; keys of the products by profile."""
        made = Product.objects.bulk_create(
            Product(
                ikm=verdict.of,
                name=name[:1].upper() + name[1:],
                category_id=category,
                unit_id=self.units[category] or OTHER_UNIT,
                changed_by=self.by,
                changed_at=self.now,
            )
            for _row, verdict in pairs
            for name, category in verdict.products
        )
        through = Ikm.kblis.through
        through.objects.bulk_create(
            through(ikm_id=verdict.of.pk, kbli_id=kbli) for _row, verdict in pairs for kbli in verdict.kblis
        )
        found: dict[int, list[int]] = {}
        for product in made:
            found.setdefault(product.ikm_id, []).append(product.pk)
        return found


def before(ikm: Ikm, verdict: Verdict) -> dict[str, Any]:
    """What an update replaces, so that it can be put back: fields of both rows, and the proof of identity."""
    return {
        "organisation": {name: getattr(ikm.organisation, name) for name in verdict.organisation},
        "ikm": {name: _plain(getattr(ikm, name)) for name in verdict.ikm},
        "fact": {name: _plain(getattr(ikm, name)) for name in FACT},
    }


def _plain(value: Any) -> Any:
    """As JSON keeps it; the column reads its own text again."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
