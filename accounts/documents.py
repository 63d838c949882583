"""Private files: made small and harmless when they come in, served only by views that know who may see them."""

from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse

from accounts.models import Document, Organisation, User
from web import pictures

SHOWN_IN_PAGE = frozenset(["image/jpeg", "image/png", "image/webp", "application/pdf"])


@transaction.atomic
def store(upload: UploadedFile, *, organisation: Organisation, by: User | None) -> Document:
    """Keep a picture or PDF privately; ValidationError with what to do when it is not what it claims."""
    picture = pictures.reduce(upload)
    document = Document(
        organisation=organisation,
        name=plain_name(upload.name or "", picture.extension),
        content_type=picture.content_type,
        size=len(picture.content),
        sha256=picture.sha256,
        uploaded_by=by,
    )
    stem = picture.sha256[:24]
    document.file.save(f"{stem}{picture.extension}", ContentFile(picture.content), save=False)
    if picture.thumbnail:
        document.thumbnail.save(f"{stem}.jpg", ContentFile(picture.thumbnail), save=False)
    document.save()
    return document


def plain_name(name: str, extension: str) -> str:
    """The sender's name for the file, without path and invisible characters, with the extension of what is kept."""
    stem = "".join(char for char in PurePath(name).stem if char.isprintable()).strip()
    return f"{stem[:140] or 'berkas'}{extension}"


def serve(document: Document, *, thumbnail: bool = False) -> FileResponse:
    """The file to somebody whom the caller has found entitled. Never sniffed, never kept by a shared cache."""
    is_thumbnail = thumbnail and bool(document.thumbnail)
    file = document.thumbnail if is_thumbnail else document.file
    content_type = "image/jpeg" if is_thumbnail else document.content_type
    response = FileResponse(
        file.open("rb"),
        as_attachment=content_type not in SHOWN_IN_PAGE,
        filename=document.name,
        content_type=content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    # Opened in the page, it may run nothing of its own. Browsers draw no PDF in a sandbox.
    sandbox = "" if content_type == "application/pdf" else "; sandbox"
    response["Content-Security-Policy"] = f"default-src 'none'; style-src 'unsafe-inline'{sandbox}"
    return response
