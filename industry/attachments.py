"""Drawings and documents of a need, and who may fetch them."""

from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import documents
from accounts.models import Document, Organisation, User
from industry.models import Attachment, ConfidentialityPromise, Need

LARGEST_NUMBER = 10


class TooMany(Exception):
    """A need holds up to LARGEST_NUMBER attachments."""


@transaction.atomic
def attach(need: Need, upload: UploadedFile, *, visibility: str, by: User) -> Attachment:
    """Keep the file with the need; ValidationError where it is no picture or PDF. The same file twice is one."""
    Need.objects.select_for_update(of=("self",), no_key=True).get(pk=need.pk)
    if need.attachments.count() >= LARGEST_NUMBER:
        raise TooMany
    document = documents.store(upload, organisation=need.company.organisation, by=by)
    twin = need.attachments.filter(document__sha256=document.sha256).first()
    if twin:
        _remove(document)
        show_to(twin, visibility=visibility, by=by)
        return twin
    return Attachment.objects.create(need=need, document=document, visibility=visibility)


@transaction.atomic
def show_to(attachment: Attachment, *, visibility: str, by: User) -> None:
    """Change who may fetch the file."""
    if visibility not in Attachment.Visibility.values:
        raise ValueError(f"no such visibility: {visibility!r}")
    if attachment.visibility != visibility:
        attachment.visibility = visibility
        attachment.save(update_fields=["visibility"])


@transaction.atomic
def detach(attachment: Attachment, *, by: User) -> None:
    """Take the file from the need; it vanishes with the last need that shows it."""
    document = attachment.document
    attachment.delete()
    if not Attachment.objects.filter(document=document).exists():
        _remove(document)


def copy_all(need: Need, *, to: Need) -> None:
    """Show the attachments of `need` with another need of the company too."""
    Attachment.objects.bulk_create(
        Attachment(need=to, document_id=one.document_id, visibility=one.visibility)
        for one in need.attachments.all()
    )


def promise(need: Need, *, organisation: Organisation, by: User) -> ConfidentialityPromise:
    """`by` promises for the workshop to keep this need's drawings to themselves. A second promise is the first."""
    found, _ = ConfidentialityPromise.objects.get_or_create(
        need=need, organisation=organisation, defaults={"user": by}
    )
    return found


def openings(need: Need, *, organisation: Organisation | None) -> set[str]:
    """Which visibilities are open to a workshop: public always, the others once their condition is met.

    Mutual interest counts for the need it is in; having met over another one opens no drawing here.
    """
    if organisation is None:
        return opened_by()
    return opened_by(
        mutual=need.interests.mutual().filter(organisation=organisation).exists(),
        promised=need.promises.filter(organisation=organisation).exists(),
    )


def opened_by(*, mutual: bool = False, promised: bool = False) -> set[str]:
    """The visibilities that are open where both sides are interested, where secrecy was promised."""
    found = {Attachment.Visibility.PUBLIC.value}
    if mutual:
        found.add(Attachment.Visibility.MUTUAL.value)
    if promised:
        found.add(Attachment.Visibility.CONFIDENTIAL.value)
    return found


def _remove(document: Document) -> None:
    """The row now, the files once that is certain."""
    files = [(file.storage, file.name) for file in (document.file, document.thumbnail) if file.name]
    document.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
