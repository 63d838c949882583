"""Private files: what is kept of an upload, and how it is served."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.documents import serve, store
from accounts.models import Document

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name: str = "sertifikat.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def content(response) -> bytes:
    try:
        return b"".join(response.streaming_content)
    finally:
        # Not response.close(): that ends a request, and with it the test's database connection.
        response.file_to_stream.close()


def on_disk(file) -> bytes:
    with file.open("rb") as opened:
        return opened.read()


def test_a_picture_becomes_a_jpeg_with_a_thumbnail(cast):
    document = store(picture("Foto bengkel.png"), organisation=cast.workshop, by=cast.owner)
    kept = Document.objects.get(pk=document.pk)
    assert (kept.name, kept.content_type, kept.organisation, kept.uploaded_by) == (
        "Foto bengkel.jpg",
        "image/jpeg",
        cast.workshop,
        cast.owner,
    )
    assert kept.size == kept.file.size
    assert bool(kept.thumbnail)


def test_a_pdf_stays_as_it_is(cast):
    upload = SimpleUploadedFile("ISO 9001.pdf", PDF, "application/pdf")
    document = store(upload, organisation=cast.workshop, by=cast.owner)
    assert (document.name, document.content_type, on_disk(document.file), bool(document.thumbnail)) == (
        "ISO 9001.pdf",
        "application/pdf",
        PDF,
        False,
    )


def test_what_is_not_what_it_claims_is_refused_and_nothing_is_kept(cast, tmp_path):
    with pytest.raises(ValidationError):
        store(SimpleUploadedFile("a.jpg", b"<script>"), organisation=cast.workshop, by=cast.owner)
    assert (Document.objects.count(), list(tmp_path.iterdir())) == (0, [])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.png", "passwd.jpg"),
        ("\u202efdp.png", "fdp.jpg"),
        (".png", ".png.jpg"),
        ("a" * 300 + ".png", "a" * 140 + ".jpg"),
    ],
)
def test_names_are_kept_without_path_and_tricks(cast, sent, kept):
    upload = picture()
    upload._name = sent
    assert store(upload, organisation=cast.workshop, by=cast.owner).name == kept


def test_a_picture_is_shown_in_the_page_and_can_do_nothing(cast):
    document = store(picture(), organisation=cast.workshop, by=cast.owner)
    response = serve(document)
    assert content(response) == on_disk(document.file)
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert response["Content-Disposition"] == 'inline; filename="sertifikat.jpg"'
    assert response["Cache-Control"] == "private, max-age=3600"
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_a_thumbnail_where_there_is_one_else_the_file(cast):
    document = store(picture(), organisation=cast.workshop, by=cast.owner)
    assert content(serve(document, thumbnail=True)) == on_disk(document.thumbnail)
    pdf = store(SimpleUploadedFile("a.pdf", PDF), organisation=cast.workshop, by=cast.owner)
    response = serve(pdf, thumbnail=True)
    assert (response["Content-Type"], content(response)) == ("application/pdf", PDF)


def test_anything_else_is_downloaded(cast):
    document = store(picture(), organisation=cast.workshop, by=cast.owner)
    document.content_type = "text/html"
    response = serve(document)
    assert content(response) == on_disk(document.file)
    assert response["Content-Disposition"] == 'attachment; filename="sertifikat.jpg"'
