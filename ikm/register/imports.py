"""An import from its file to its end: begun, columns settled, checked, applied, undone, forgotten."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.documents import plain_name
from accounts.models import Document, Organisation, User
from catalogue.search import plain
from ikm.models import ImportRow, RegisterImport
from ikm.register import applying, checking, columns, undoing
from ikm.register.known import NEW, UPDATE
from ikm.register.reading import by_field, product_words
from ikm.register.words import Book
from web import hints, jobs, tables

MOST_ROWS = 20_000
# So many rows are checked at once, while the officer waits.
AT_ONCE = 2_000
# What was uploaded and never applied is forgotten after so long.
UNUSED_FOR = timedelta(days=30)
TASK = "ikm.tasks.run_import"
OPEN = (RegisterImport.Phase.COLUMNS, RegisterImport.Phase.CHECKED)
TASKS = {"check": checking.check, "apply": applying.apply, "undo": undoing.undo}
Phase = RegisterImport.Phase
# To be saved, never opened in the page; what it is says its name.
FILE_TYPE = "application/octet-stream"


class TooLate(Exception):
    """The import is no longer (or not yet) in the phase that the step needs."""


@transaction.atomic
def start(upload: UploadedFile, *, office: Organisation, by: User) -> RegisterImport:
    """Keep the table with the columns guessed; TableRefused where it is none. Nothing is checked yet."""
    lines = tables.read(upload, most_rows=MOST_ROWS)
    table = columns.parted((line.number, [cell.replace("\0", "") for cell in line.cells]) for line in lines)
    if not table.rows:
        raise tables.TableRefused("empty")
    if len(table.headings) < 2:
        raise tables.TableRefused("header", expected=_("Nama usaha, Alamat, Kelurahan, Kecamatan, Telepon"))
    upload.seek(0)
    content = upload.read()
    book = Book(office, {})
    guessed = columns.guess(table, level_of=book.areas.level_of, kbli=book.kblis.keys())
    job = RegisterImport.objects.create(
        office=office,
        created_by=by,
        name=_name_of(upload.name or "", content),
        sha256=hashlib.sha256(content).hexdigest(),
        headings=table.headings,
        mapping={str(index): field for index, field in guessed.items()},
    )
    job.document = _keep(job, content, by)
    job.save(update_fields=["document"])
    ImportRow.objects.bulk_create(
        (ImportRow(job=job, number=number, cells=cells) for number, cells in table.rows), batch_size=1000
    )
    return job


def _name_of(name: str, content: bytes) -> str:
    return plain_name(name, ".xlsx" if content.startswith(b"PK") else ".csv")


def _keep(job: RegisterImport, content: bytes, by: User) -> Document:
    extension = ".xlsx" if job.name.endswith(".xlsx") else ".csv"
    document = Document(
        organisation=job.office,
        name=job.name,
        content_type=FILE_TYPE,
        size=len(content),
        sha256=job.sha256,
        uploaded_by=by,
    )
    document.file.save(f"{job.sha256[:24]}{extension}", ContentFile(content), save=False)
    document.save()
    return document


def twin_of(job: RegisterImport) -> RegisterImport | None:
    """An earlier import of the very same file that was applied."""
    same = RegisterImport.objects.of_office(job.office).filter(sha256=job.sha256, phase=Phase.APPLIED)
    return same.exclude(pk=job.pk).order_by("-applied_at").first()


def settle_columns(
    job: RegisterImport,
    *,
    mapping: Mapping[int, str],
    words: Mapping[str, str],
    replaces: bool,
    by: User,
) -> RegisterImport:
    """Take the officer's answers and check all rows: at once where they are few, else in the background.

    TooLate once it is applied; Busy while a task runs. ValueError for a field that does not exist or none named.
    """
    if set(mapping.values()) - set(columns.FIELDS) or not set(columns.REQUIRED) <= set(mapping.values()):
        raise ValueError(f"columns: {mapping}")
    with transaction.atomic():
        locked = _locked(job, *OPEN)
        locked.mapping = {str(index): field for index, field in mapping.items()}
        locked.words, locked.replaces, locked.asked_by = dict(words), replaces, by
        locked.phase, locked.counts = Phase.COLUMNS, {}
        locked.save()
        total = locked.rows.count()
        begun = jobs.begin(locked, "check", total=total)
        hints.hint(TASK, begun.pk)
    if total <= AT_ONCE:
        run(begun.pk)
        begun.refresh_from_db()
    return begun


@transaction.atomic
def apply(job: RegisterImport, *, by: User) -> RegisterImport:
    """Let a worker write the rows that are new or complete a profile; a stopped or failed one goes on.

    PermissionError for another officer than who brought the file: what it states is that person's word.
    """
    locked = _locked(job, Phase.CHECKED, Phase.APPLIED)
    if locked.created_by_id != by.pk:
        raise PermissionError
    left = locked.rows.filter(outcome__in=[NEW, UPDATE], fate=ImportRow.Fate.OPEN).count()
    if not left:
        raise TooLate
    now = timezone.now()
    locked.phase, locked.asked_by = Phase.APPLIED, by
    locked.applied_at = locked.applied_at or now
    locked.undo_until = now + applying.UNDO_WITHIN
    locked.save()
    begun = jobs.begin(locked, "apply", total=left)
    hints.hint(TASK, begun.pk)
    return begun


@transaction.atomic
def undo(job: RegisterImport, *, by: User) -> RegisterImport:
    """Let a worker take back what nobody has touched since; TooLate when nothing is left or the time is over."""
    locked = _locked(job, Phase.APPLIED, Phase.UNDONE)
    left = locked.rows.filter(fate=ImportRow.Fate.APPLIED).count()
    if not left or not is_in_time(locked):
        raise TooLate
    locked.asked_by = by
    locked.save(update_fields=["asked_by"])
    begun = jobs.begin(locked, "undo", total=left)
    hints.hint(TASK, begun.pk)
    return begun


@transaction.atomic
def discard(job: RegisterImport, *, by: User) -> None:
    """Forget a table that was not applied, with its file."""
    _forget(_locked(job, *OPEN))


def run(pk: int) -> bool:
    """What the worker calls; also the page, for few rows."""
    return jobs.run(RegisterImport, pk, TASKS)


def run_unfinished() -> None:
    """The sweep: whatever waits, and what a killed worker has left behind."""
    for pk in RegisterImport.objects.unfinished().values_list("pk", flat=True):
        run(pk)


def forget_old() -> None:
    """Nightly: tables whose undo is over keep their numbers only; unused ones vanish. They hold personal data."""
    now = timezone.now()
    for job in RegisterImport.objects.filter(undo_until__lt=now).exclude(document=None):
        with transaction.atomic():
            job.rows.all().delete()
            _drop_file(job)
    unused = RegisterImport.objects.filter(phase__in=OPEN)
    for job in unused.filter(created_at__lt=now - UNUSED_FOR):
        with transaction.atomic():
            _forget(job)


def _forget(job: RegisterImport) -> None:
    _drop_file(job)
    job.delete()


def _drop_file(job: RegisterImport) -> None:
    document = job.document
    job.document = None
    job.save(update_fields=["document"])
    if document is not None:
        storage, name = document.file.storage, document.file.name
        document.delete()
        transaction.on_commit(lambda: storage.delete(name))


def is_in_time(job: RegisterImport) -> bool:
    """Whether it may still be undone."""
    return job.undo_until is not None and job.undo_until > timezone.now()


def _locked(job: RegisterImport, *phases: str) -> RegisterImport:
    locked = jobs.lock(job)
    if locked.is_active:
        raise jobs.Busy
    if locked.phase not in phases:
        raise TooLate
    return locked


# --- What the page of the columns shows


def product_counts(job: RegisterImport, mapping: Mapping[int, str]) -> dict[str, tuple[str, int]]:
    """Products in the table, folded → (as written, rows), the commonest first."""
    found: dict[str, list[Any]] = {}
    for cells in job.rows.order_by("number").values_list("cells", flat=True):
        for product in product_words(by_field(cells, mapping).get("products", [])):
            entry = found.setdefault(plain(product), [product, 0])
            entry[1] += 1
    listed = sorted(found.items(), key=lambda item: (-item[1][1], item[0]))
    return {folded: (text, count) for folded, (text, count) in listed if folded}
