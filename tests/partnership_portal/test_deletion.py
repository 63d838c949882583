"""After a deletion nothing in any table names the person or the workshop: every row of every table is read."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection

from accounts import cards, consent, data_requests, documents, memberships, notices
from accounts.models import DataRequest, Document, Organisation, User
from accounts.people import create_person
from ikm.models import Ikm, Product
from matching.lists import refresh
from partnership_portal import deletion
from tests import offices
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


def tables_with(text: str) -> list[str]:
    """Every table (the record of changes, mails, news … included) one row of which holds `text`."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" AS row WHERE row::text ILIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return sorted(found)


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
    assert all(tables_with(text) for text in SAID)
    assert "accounts_userevent" in tables_with(PHONE)
    assert "accounts_organisationevent" in tables_with(NIB)


def test_after_a_deletion_nothing_in_any_table_names_the_person_or_the_workshop(
    workshop, owner, officer, django_capture_on_commit_callbacks
):
    files = [each.file.name for each in Document.objects.of(workshop.organisation)]
    with django_capture_on_commit_callbacks(execute=True):
        deletion.carry_out(asked(owner), by=officer)
    assert {text: tables_with(text) for text in SAID} == {text: [] for text in SAID}
    assert [name for name in files if default_storage.exists(name)] == []
