"""Drawings of a need: kept, shown to whom they may, taken away."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Document, Introduction, Membership
from industry import attachments, interests, needs
from industry.models import Attachment, Company, ConfidentialityPromise, Need
from tests import offices
from tests.browsers import logged_in
from tests.industry import people

pytestmark = pytest.mark.django_db


def picture(number: int = 0, name: str = "gambar.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (60 + number, 40), (90, 80, 80)).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


def attach(need, by, visibility="public", number=0):
    return attachments.attach(need, picture(number), visibility=visibility, by=by)


def file_of(attachment):
    return reverse("industry:attachment", args=[attachment.pk])


def status(tab, attachment):
    answer = tab.get(file_of(attachment))
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, the file is closed
    return answer.status_code


def introduce(cast):
    first, second = sorted([cast.company.organisation_id, cast.workshop.organisation_id])
    Introduction.objects.create(first_id=first, second_id=second, reason="uji")


# --- Keeping


def test_the_same_file_twice_is_one_with_the_last_visibility(cast, need):
    first = attach(need, cast.owner)
    second = attach(need, cast.staff, "mutual")
    assert first == second
    assert Attachment.objects.get().visibility == "mutual"
    assert Document.objects.count() == 1


def test_a_need_holds_ten_files(cast, need):
    for n in range(attachments.LARGEST_NUMBER):
        attach(need, cast.owner, number=n)
    with pytest.raises(attachments.TooMany):
        attach(need, cast.owner, number=200)


def test_what_is_no_picture_leaves_nothing_behind(cast, need):
    fake = SimpleUploadedFile("gambar.png", b"MZ\x90\x00 not a picture", "image/png")
    with pytest.raises(ValidationError):
        attachments.attach(need, fake, visibility="public", by=cast.owner)
    assert not Document.objects.exists()
    with pytest.raises(ValueError):
        attachments.show_to(attach(need, cast.owner), visibility="everyone", by=cast.owner)


def test_the_file_vanishes_with_the_last_need_that_shows_it(
    cast, need, tmp_path, django_capture_on_commit_callbacks
):
    attachment = attach(need, cast.owner)
    copy = needs.copy_need(need, start=people.START, end=people.END, by=cast.owner)
    path = tmp_path / attachment.document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        attachments.detach(attachment, by=cast.owner)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        needs.discard_draft(copy, by=cast.owner)
    assert not path.exists()
    assert not Document.objects.exists()


# --- Who may fetch


@pytest.mark.parametrize("visibility", Attachment.Visibility.values)
def test_the_company_and_its_office_fetch_everything(cast, need, visibility):
    attachment = attach(need, cast.owner, visibility)
    for person in (cast.owner, cast.staff, cast.officer):
        answer = logged_in(person).get(file_of(attachment))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("visibility", Attachment.Visibility.values)
def test_strangers_find_nothing(cast, need, visibility):
    attachment = attach(need, cast.owner, visibility)
    introduce(cast)
    nobody = people.confirmed(offices.person("Tanpa Usaha"))
    for person in (cast.stranger, nobody):
        assert status(logged_in(person), attachment) == 404
    assert Client().get(file_of(attachment)).status_code == 302
    assert (
        logged_in(cast.owner).get(reverse("industry:attachment", args=[attachment.pk + 1])).status_code == 404
    )


def test_a_workshop_fetches_what_its_visibility_says(cast, need):
    files = {name: attach(need, cast.owner, name, n) for n, name in enumerate(Attachment.Visibility.values)}
    tab = logged_in(cast.smith)
    assert status(tab, files["public"]) == 200
    assert status(tab, files["mutual"]) == 404
    assert tab.get(file_of(files["confidential"])).url == reverse("industry:promise", args=[need.pk])
    page = tab.get(reverse("industry:need", args=[need.pk])).content.decode()
    assert file_of(files["public"]) in page
    assert "Terbuka setelah saling berminat" in page
    assert reverse("industry:promise", args=[need.pk]) in page
    introduce(cast)  # over another need: this one's drawings stay closed
    assert status(tab, files["mutual"]) == 404
    interests.answer(need, cast.workshop.organisation, by=cast.smith)
    assert status(tab, files["mutual"]) == 404
    interests.invite(need, [cast.workshop.organisation], by=cast.owner)
    assert status(tab, files["mutual"]) == 200
    page = tab.get(reverse("industry:need", args=[need.pk])).content.decode()
    assert file_of(files["mutual"]) in page
    assert status(tab, files["confidential"]) == 302
    attachments.promise(need, organisation=cast.workshop.organisation, by=cast.smith)
    assert status(tab, files["confidential"]) == 200


def test_officers_elsewhere_fetch_only_what_is_public(cast, need):
    far = offices.member(offices.office("36.73", name="Dinas Serang"), "Petugas Jauh")
    files = {name: attach(need, cast.owner, name, n) for n, name in enumerate(Attachment.Visibility.values)}
    codes = {name: status(logged_in(far), file) for name, file in files.items()}
    assert codes == {"public": 200, "mutual": 404, "confidential": 404}


def test_files_close_with_the_need_and_with_the_review(cast, need):
    attachment = attach(need, cast.owner)
    tab = logged_in(cast.smith)
    Company.objects.filter(pk=cast.company.pk).update(status="submitted", submitted_at=need.opened_at)
    assert status(tab, attachment) == 404
    Company.objects.filter(pk=cast.company.pk).update(status="reviewed")
    assert status(tab, attachment) == 200
    needs.close_need(need, reason="filled", by=cast.owner)
    assert status(tab, attachment) == 404
    assert status(logged_in(cast.owner), attachment) == 200


# --- The promise


def test_a_promise_is_ticked_once_and_holds_for_the_workshop(cast, need):
    attachment = attach(need, cast.owner, "confidential")
    promise = reverse("industry:promise", args=[need.pk])
    tab = logged_in(cast.smith)
    assert "Saya menyetujuinya atas nama CV Rak Baja Citangkil." in tab.get(promise).content.decode()
    refused = tab.post(promise)
    assert refused.status_code == 422
    assert "Centang dulu bila Anda setuju" in refused.content.decode()
    assert not ConfidentialityPromise.objects.exists()
    for _ in range(2):
        assert tab.post(promise, {"janji": "ya"}).url == reverse("industry:need", args=[need.pk])
    given = ConfidentialityPromise.objects.get()
    assert (given.user, given.organisation) == (cast.smith, cast.workshop.organisation)
    mate = people.confirmed(offices.person("Rekan"))
    Membership.objects.create(user=mate, organisation=cast.workshop.organisation, role="staff")
    assert status(logged_in(mate), attachment) == 200


def test_only_a_workshop_promises_and_only_where_there_is_something_to_keep(cast, need):
    promise = reverse("industry:promise", args=[need.pk])
    assert logged_in(cast.smith).get(promise).status_code == 404
    attach(need, cast.owner, "confidential")
    assert logged_in(cast.smith).get(promise).status_code == 200
    for person in (cast.owner, cast.stranger, cast.officer):
        assert logged_in(person).post(promise, {"janji": "ya"}).status_code == 404
    assert not ConfidentialityPromise.objects.exists()


# --- The buyer's page


def page_of(need):
    return reverse("industry:attachments", args=[need.pk])


def test_a_file_is_attached_and_removed_by_its_name(cast, need):
    tab = logged_in(cast.owner)
    assert tab.post(page_of(need), {"file": picture(), "visibility": "mutual"}).status_code == 302
    attachment = Attachment.objects.get()
    assert attachment.visibility == "mutual"
    assert attachment.document.name in tab.get(page_of(need)).content.decode()
    remove = reverse("industry:attachment_remove", args=[attachment.pk])
    assert f"Hapus berkas “{attachment.document.name}”?" in tab.get(remove).content.decode()
    for person in (cast.stranger, cast.smith, cast.officer):
        assert logged_in(person).post(remove).status_code == 404
    assert tab.post(remove).url == page_of(need)
    assert tab.post(remove).status_code == 404
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "file",
    [
        None,
        SimpleUploadedFile("kosong.png", b"", "image/png"),
        SimpleUploadedFile("virus.pdf", b"MZ\x90", "application/pdf"),
        SimpleUploadedFile("x" * 500 + ".png", b"<svg onload=alert(1)>", "image/png"),
    ],
)
def test_a_file_that_is_none_is_refused_at_its_place(cast, need, file):
    data = {"visibility": "public"} | ({"file": file} if file else {})
    answer = logged_in(cast.owner).post(page_of(need), data)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["file"]
    assert not Attachment.objects.exists()


def test_the_eleventh_file_is_refused_in_words(cast, need):
    for n in range(attachments.LARGEST_NUMBER):
        attach(need, cast.owner, number=n)
    answer = logged_in(cast.owner).post(page_of(need), {"file": picture(200), "visibility": "public"})
    assert answer.context["form"].errors == {"file": ["Sudah ada 10 berkas. Hapus satu dulu."]}


def test_strangers_attach_nothing_and_a_closed_need_takes_nothing(cast, need):
    for person in (cast.stranger, cast.smith, cast.officer):
        assert logged_in(person).post(page_of(need), {"file": picture()}).status_code == 404
    needs.close_need(need, reason="filled", by=cast.owner)
    answer = logged_in(cast.owner).post(page_of(need), {"file": picture(), "visibility": "public"})
    assert answer.status_code == 302
    assert not Attachment.objects.exists()
    assert Need.objects.get().status == "closed"
