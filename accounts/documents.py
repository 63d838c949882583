"""Private files: made small and harmless when they come in, served only by views that know who may see them."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse

from accounts.models import Document, Organisation, User

SHOWN_IN_PAGE = frozenset(["image/jpeg", "image/png", "image/webp", "application/pdf"])


@transaction.atomic
def store(upload: UploadedFile, *, organisation: Organisation, by: User | None) -> Document:
    """Keep a picture or PDF privately; ValidationError with what to do when it is not what it claims."""
    from web.pictures import clean_upload

    clean = clean_upload(upload)
    stem = PurePath(upload.name or "").stem[:140] or "berkas"
    digest = hashlib.sha256(clean.content).hexdigest()
    document = Document(
        organisation=organisation,
        name=f"{stem}{clean.extension}",
        content_type=clean.content_type,
        size=len(clean.content),
        sha256=digest,
        uploaded_by=by,
    )
    document.file.save(f"{digest[:24]}{clean.extension}", ContentFile(clean.content), save=False)
    if clean.thumbnail:
        document.thumbnail.save(f"{digest[:24]}.jpg", ContentFile(clean.thumbnail), save=False)
    document.save()
    return document


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
    # A PDF opened in the page must not run anything of its own.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
