"""A copy of everything that the portal knows of a person, and of the organisation that the person leads.

One ZIP: data.json for programs (docs/own-data.md), a table for people per kind of row, the uploaded files.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import IO, Any, NamedTuple

from django.contrib.admin.models import LogEntry
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Context

from accounts import memberships
from accounts import own_data as of_accounts
from accounts.models import DataExport, Document, Membership, Organisation, User
from accounts.notices import notify
from accounts.own_data import Holding
from ikm import own_data as of_ikm
from industry import own_data as of_industry
from matching import own_data as of_matching
from partnership_portal.own_words import heading
from web import jobs, workbooks
from web.hints import hint

# The rightmost first: what points to others is forgotten before them.
HOLDINGS: tuple[Holding, ...] = (
    Holding(
        LogEntry,
        person=("user",),
        hidden=("content_type", "object_repr", "change_message", "user"),
        title=gettext_lazy("catatan pengelolaan"),
    ),
    *of_matching.HOLDINGS,
    *of_industry.HOLDINGS,
    *of_ikm.HOLDINGS,
    *of_accounts.HOLDINGS,
)
FORMAT, VERSION = "portal-kemitraan-own-data", 1
# More than this is made in the background.
LARGE_FILES = 4 * 1024 * 1024
TASK = "export"


class Table(NamedTuple):
    """Rows of one model, as they are told. `name` is that of its file."""

    name: str
    title: str
    fields: list[models.Field]
    rows: list[models.Model]


def led_by(person: User, organisation: Organisation | None) -> Organisation | None:
    """The organisation, if the person leads it: then its data are the person's to have, or to let go."""
    return organisation if organisation is not None and memberships.leads(organisation, person) else None


def is_large(organisation: Organisation | None) -> bool:
    files = Document.objects.filter(organisation=organisation).aggregate(size=Sum("size"))["size"] or 0
    return organisation is not None and files > LARGE_FILES


def tables(person: User, organisation: Organisation | None) -> Iterator[Table]:
    """What there is to tell, kind by kind; kinds without rows are left out."""
    for holding in reversed(HOLDINGS):
        rows = list(holding.told(person=person, organisation=organisation))
        if rows:
            yield Table(holding.model._meta.label_lower, holding.words, holding.columns, rows)


def write(target: IO[bytes], *, person: User, organisation: Organisation | None, made_at: datetime) -> None:
    """The ZIP, in the person's language."""
    with translation.override(person.language), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        found = list(tables(person, organisation))
        notes = [
            (_("Salinan data milik"), str(person)),
            (_("Usaha atau perusahaan"), str(organisation or "–")),
            (_("Dibuat"), f"{timezone.localtime(made_at):%Y-%m-%d %H:%M}"),
        ]
        for table in found:
            content = workbooks.write_xlsx(table.title, notes, *readable(table))
            bundle.writestr(f"tabel/{file_name(table)}.xlsx", content)
        bundle.writestr("data.json", as_json(found, person, organisation, made_at))
        bundle.writestr("BACA-DULU.txt", read_first(found, notes))
        for document in Document.objects.filter(organisation=organisation) if organisation else ():
            with (
                document.file.open("rb") as file,
                bundle.open(f"berkas/{document.pk}-{document}", "w") as into,
            ):
                into.write(file.read())


def readable(table: Table) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of a spreadsheet: what a page would say, not what the database keeps."""
    header = [heading(field) for field in table.fields]
    return header, [[said(row, field) for field in table.fields] for row in table.rows]


def said(row: models.Model, field: models.Field) -> Any:
    value = getattr(row, field.attname)
    if value in (None, "", [], {}):
        return None
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if field.is_relation:
        return str(getattr(row, field.name))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def as_json(found: list[Table], person: User, organisation: Organisation | None, made_at: datetime) -> str:
    """What docs/own-data.md says. Keys and codes are those of the portal, moments in UTC."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": made_at,
        "person": person.pk,
        "organisation": organisation.pk if organisation else None,
        "tables": {
            table.name: {
                "title": table.title,
                "columns": {field.name: heading(field) for field in table.fields},
                "rows": [{f.name: getattr(row, f.attname) for f in table.fields} for row in table.rows],
            }
            for table in found
        },
        "changes": list(changes(person, organisation)),
        "done_by_you": list(done_by(person)),
    }
    return json.dumps(content, cls=Plain, ensure_ascii=False, indent=1)


class Plain(DjangoJSONEncoder):
    """Files by their names; everything else as Django writes it."""

    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, File) else super().default(o)


def changes(person: User, organisation: Organisation | None) -> Iterator[dict[str, Any]]:
    """The record of changes of all that is told: what a row said after each change."""
    for holding in HOLDINGS:
        events = holding.recorded(person, [organisation] if organisation else [], told=True)
        if events is None:
            continue
        columns = [f.name for f in holding.columns if f.name in {e.name for e in events.model._meta.fields}]
        for event in events.order_by("pgh_id").values("pgh_obj_id", "pgh_label", "pgh_created_at", *columns):
            about = {"row": event.pop("pgh_obj_id"), "what": event.pop("pgh_label")}
            yield (
                {"table": holding.model._meta.label_lower, "at": event.pop("pgh_created_at")} | about | event
            )


def done_by(person: User) -> Iterator[dict[str, Any]]:
    """When the person changed something, and on which page."""
    found = Context.objects.filter(metadata__actor=str(person.pk)).order_by("created_at")
    for at, told in found.values_list("created_at", "metadata"):
        yield {"at": at, "page": told.get("path", "")}


def file_name(table: Table) -> str:
    return slugify(table.title) or slugify(table.name)


def read_first(found: list[Table], notes: list[tuple[str, str]]) -> str:
    lines = chain(
        [f"{label}: {text}" for label, text in notes],
        [
            "",
            _("Ini semua yang disimpan portal tentang Anda (UU 27/2022 pasal 7 dan 13)."),
            _("tabel/: untuk dibaca dengan Excel. data.json: untuk program lain. berkas/: berkas unggahan."),
            _("Ada yang salah? Betulkan di akun Anda, atau minta di halaman Data saya."),
            "",
        ],
        [f"tabel/{file_name(table)}.xlsx – {table.title}: {len(table.rows)}" for table in found],
    )
    return "\r\n".join(lines) + "\r\n"


# --- In the background


def begin(*, person: User, organisation: Organisation | None) -> DataExport:
    """Have a copy made by a worker; one that is under way already is returned as it is."""
    running = DataExport.objects.unfinished().filter(user=person, organisation=organisation).first()
    if running is not None:
        return running
    export = DataExport.objects.create(user=person, organisation=organisation)
    export = jobs.begin(export, TASK, total=1)
    hint("partnership_portal.tasks.export_own_data", export.pk)
    return export


def make(export: DataExport) -> None:
    """The work of the job: one file, kept until the retention job forgets it."""
    person, made_at = export.user, timezone.now()
    packed = io.BytesIO()
    write(packed, person=person, organisation=export.organisation, made_at=made_at)
    with jobs.step(export, done=0) as locked:
        locked.file.save(f"{export.pk}.zip", File(packed), save=False)
        of = export.organisation or Organisation.objects.of_member(person).order_by("pk").first()
        if of is not None:
            notify(
                of,
                key=f"data-export-{export.pk}",
                title=gettext_lazy("Salinan data Anda siap diunduh"),
                text=gettext_lazy("Unduh dalam 7 hari. Sesudah itu berkasnya dihapus."),
                url="/akun/data-saya/",
                user=person,
            )


def run(pk: int) -> bool:
    return jobs.run(DataExport, pk, {TASK: make})


def run_unfinished() -> None:
    """What no hint announced, or a killed worker left."""
    for pk in DataExport.objects.unfinished().values_list("pk", flat=True):
        run(pk)


def alone_in(person: User) -> list[Organisation]:
    """Workshops and companies in which nobody else works: they go with the person."""
    others = Membership.objects.current().exclude(user=person)
    return list(
        Organisation.objects.of_member(person)
        .of_kind("ikm", "company", "institution")
        .exclude(pk__in=others.values("organisation"))
        .order_by("pk")
        .distinct()
    )
