"""After a deletion nothing in any table names the person or the workshop: every row of every table is read."""

from datetime import date

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from accounts import cards, consent, data_requests, documents, memberships, notices
from accounts.models import Consent, DataRequest, Document, Notification, Organisation, User
from accounts.people import create_person
from ikm.models import Ikm, Product
from industry.models import Need
from matching.lists import refresh
from partnership_portal import deletion
from tests import offices
from tests.browsers import logged_in
from tests.journeys.register import picture

pytestmark = pytest.mark.django_db
PHONE, MAIL, NAME, WORKSHOP = (
    "+6281377788899",
    "sumirah.wijaya@contoh.example",
    "Sumirah Wijaya",
    "CV Zwartlo Perkasa",
)
NIB, NUMBER = "9120304050607", "ISO-SUMIRAH-77"
SAID = [
    "81377788899",
    "0813 7778 8899",
    "sumirah.wijaya",
    NAME,
    WORKSHOP,
    "Zwartlo",
    NIB,
    NUMBER,
    "Engsel zwartling",
]


def holding(*texts: str) -> dict[str, list[str]]:
    """For each text every table (the record of changes, mails, news … included) one row of which holds it."""
    found: dict[str, list[str]] = {text: [] for text in texts}
    columns = ", ".join(["bool_or(row::text ILIKE %s)"] * len(texts))
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            if name.startswith("catalogue_"):  # shared words, nobody's own
                continue
            cursor.execute(f'SELECT {columns} FROM "{name}" AS row', [f"%{text}%" for text in texts])
            for text, is_there in zip(texts, cursor.fetchone(), strict=True):
                found[text] += [name] if is_there else []
    return found


def tables_with(text: str) -> list[str]:
    return holding(text)[text]


@pytest.fixture
def office() -> Organisation:
    return offices.office()


@pytest.fixture
def officer(office) -> User:
    return offices.member(office, "Petugas Ani")


@pytest.fixture
def owner() -> User:
    return create_person(name=NAME, email=MAIL, phone=PHONE, password="besi siku 40x40", by=None)


@pytest.fixture
def workshop(office, officer, owner) -> Ikm:
    """Published, with traces wherever a workshop leaves them."""
    ikm = offices.workshop(office, owner=owner, name=WORKSHOP, status="approved")
    of = ikm.organisation
    of.contact_name, of.phone, of.whatsapp, of.email, of.nib = NAME, PHONE, PHONE, MAIL, NIB
    of.save()
    Product.objects.create(
        ikm=ikm, name="Engsel zwartling", category_id="roller-konveyor", unit_id="pcs", changed_by=owner
    )
    ikm.certificates.update(number=NUMBER)
    ikm.about = f"Hubungi {NAME}, 0813 7778 8899."
    ikm.save()
    document = documents.store(picture(), organisation=of, by=owner)
    ikm.products.update(photo=document)
    consent.give(of, by=owner)
    memberships.invite(of, role="staff", by=owner, email="anak@contoh.example")
    cards.issue(of, office=office, by=officer, person=owner)
    notices.notify(of, key="satu", title=f"Kabar untuk {WORKSHOP}", text="Selamat", url="/", sender=office)
    notices.notify(
        office, key="dua", title=f"{NAME} bertanya", text=f"Telepon {PHONE} soal {WORKSHOP}.", url="/"
    )
    LogEntry.objects.create(
        user=officer,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(owner.pk),
        object_repr=str(owner),
        action_flag=CHANGE,
    )
    refresh()
    return ikm


def asked(by: User, organisation: Organisation | None = None) -> DataRequest:
    return data_requests.ask(kind="deletion", by=by, organisation=organisation, text=f"Saya {NAME}.")


def test_the_words_are_there_before(workshop):
    assert all(holding(*SAID).values())
    assert "accounts_userevent" in tables_with(PHONE)
    assert "accounts_organisationevent" in tables_with(NIB)


def test_after_a_deletion_nothing_in_any_table_names_the_person_or_the_workshop(
    workshop, owner, officer, django_capture_on_commit_callbacks
):
    files = [each.file.name for each in Document.objects.of(workshop.organisation)]
    with django_capture_on_commit_callbacks(execute=True):
        deletion.carry_out(asked(owner), by=officer)
    assert holding(*SAID) == {text: [] for text in SAID}
    assert [name for name in files if default_storage.exists(name)] == []


def test_what_others_own_stays(workshop, owner, officer, office):
    other = offices.workshop(office, name="UD Lain", status="approved")
    Organisation.objects.filter(pk=other.organisation_id).update(whatsapp=PHONE)
    deletion.carry_out(asked(owner), by=officer)
    other.refresh_from_db()
    # Another workshop's own number stays, although it is the same.
    assert (other.status, other.organisation.name, other.organisation.whatsapp) == (
        "approved",
        "UD Lain",
        PHONE,
    )
    told = Notification.objects.get(key="dua")
    assert (told.title, told.text) == ("Akun dihapus bertanya", "Telepon [dihapus] soal Usaha dihapus.")
    assert [(each.state, each.answer) for each in DataRequest.objects.all()] == [("done", "Dihapus.")]
    assert Consent.objects.filter(organisation=workshop.organisation).count() == 1


def test_the_person_can_no_longer_come_in_and_nobody_finds_the_workshop(workshop, owner, officer, client):
    logged_in(owner, client)
    deletion.carry_out(asked(owner), by=officer)
    assert client.get(reverse("accounts:settings")).status_code == 302
    owner.refresh_from_db()
    assert (owner.is_active, owner.email, owner.phone, owner.has_usable_password()) == (
        False,
        None,
        None,
        False,
    )
    workshop.refresh_from_db()
    assert (workshop.status, workshop.organisation.reviewing_office) == ("withdrawn", None)
    # The log-in name is free: who comes back begins afresh.
    assert create_person(name="Lain", email=MAIL, phone=PHONE, by=None).pk != owner.pk


def test_who_is_not_alone_leaves_the_workshop_to_the_others(workshop, owner, officer, office):
    staff = offices.member(workshop.organisation, "Staf Setia", "staff")
    deletion.carry_out(asked(owner), by=officer)
    of = Organisation.objects.get(pk=workshop.organisation_id)
    assert (of.name, of.nib, of.contact_name, of.phone, of.email) == (WORKSHOP, NIB, "", "", "")
    assert list(of.memberships.values_list("user", flat=True)) == [staff.pk]
    # A name may be another person's: what the workshop says of itself is the others' to change.
    assert holding(*SAID[:4]) == {
        "81377788899": [],
        "0813 7778 8899": [],
        "sumirah.wijaya": [],
        NAME: ["ikm_ikm", "ikm_ikmevent"],
    }


def test_an_organisation_alone_goes_and_its_people_stay(workshop, owner, officer):
    staff = offices.member(workshop.organisation, "Staf Setia", "staff")
    deletion.carry_out(asked(owner, workshop.organisation), by=officer)
    assert holding(WORKSHOP, NIB, NUMBER) == {
        WORKSHOP: [],
        NIB: [],
        NUMBER: [],
    }
    owner.refresh_from_db()
    assert (owner.is_active, owner.email, owner.memberships.count()) == (True, MAIL, 0)
    assert Notification.objects.filter(user=staff, title="Data usaha Anda dihapus").count() == 1


def test_a_company_closes_its_needs_and_those_who_waited_are_told(office, officer):
    buyer = offices.person("Rara Pembeli")
    company = offices.company(office, buyer=buyer, status="reviewed", name="PT Zwartlo Baja")
    need = Need.objects.create(
        company=company,
        office=office,
        title="Roller",
        spec="Tanya Rara Pembeli",
        category_id="roller-konveyor",
        unit_id="pcs",
        quantity=5,
        start=date(2027, 1, 1),
        end=date(2027, 3, 31),
        status="open",
        opened_at=offices.SUBMITTED_AT,
    )
    draft = Need.objects.create(company=company, office=office, title="Draf Zwartlo")
    deletion.carry_out(asked(buyer), by=officer)
    need.refresh_from_db()
    assert (need.status, need.close_reason, need.spec) == ("closed", "cancelled", "")
    assert not Need.objects.filter(pk=draft.pk).exists()
    assert holding("PT Zwartlo Baja", "Rara Pembeli", "Draf Zwartlo") == {
        "PT Zwartlo Baja": [],
        "Rara Pembeli": [],
        "Draf Zwartlo": [],
    }


def test_a_merged_profile_goes_with_the_one_it_went_into(workshop, owner, officer, office):
    twin = offices.workshop(office, owner=offices.person("Kakak"), name="Bengkel Kembaran", status="approved")
    Ikm.objects.filter(pk=twin.pk).update(merged_into=workshop)
    deletion.carry_out(asked(owner), by=officer)
    assert tables_with("Bengkel Kembaran") == []


@pytest.mark.parametrize("kind", ["last officer", "administrator"])
def test_what_is_in_the_way_is_said(office, officer, kind):
    if kind == "administrator":
        officer.is_staff = True
        officer.save()
    mine = asked(officer)
    with pytest.raises(ValidationError):
        deletion.carry_out(mine, by=officer)
    officer.refresh_from_db()
    assert officer.is_active


def test_an_officer_is_forgotten_and_what_was_decided_stays(office, officer, workshop):
    colleague = offices.member(office, "Petugas Budi")
    Product.objects.filter(ikm=workshop).update(
        evidence="verified", method="visit", checked_by=officer, checked_on=date(2026, 11, 1)
    )
    deletion.carry_out(asked(officer), by=colleague)
    checked = {str(product.checked_by) for product in workshop.products.all()}
    assert checked == {"Akun dihapus"}
    assert tables_with("petugas.ani@") == []


def test_a_farewell_is_mailed_and_kept_nowhere(
    workshop, owner, officer, settings, django_capture_on_commit_callbacks
):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        deletion.carry_out(asked(owner), by=officer)
    assert [(each.to, each.subject) for each in mail.outbox] == [([MAIL], "Data Anda sudah dihapus")]
    assert tables_with(MAIL) == []


def test_a_cancelled_request_deletes_nothing(workshop, owner, officer):
    mine = data_requests.cancel(asked(owner), by=owner)
    with pytest.raises(data_requests.Decided):
        deletion.carry_out(mine, by=officer)
    assert User.objects.get(pk=owner.pk).is_active


def test_what_stays_is_named_with_its_reason_before(workshop, owner):
    parts = {
        part.title: (part.number, str(part.why)) for part in deletion.preview(owner, [workshop.organisation])
    }
    assert parts["persetujuan data"] == (
        1,
        "bukti bahwa persetujuan pernah diberikan dan ditarik, tanpa nama",
    )
    assert parts["produk"] == (2, "")
    assert [title for title, (number, _why) in parts.items() if not number] == []
