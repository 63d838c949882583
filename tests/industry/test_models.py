"""What the database refuses, and the versions that it raises whatever way a need changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Document
from catalogue.models import CertificateKind, Process
from industry.models import Attachment, Company, ConfidentialityPromise, DemandVersion, Need
from tests.industry import people

pytestmark = pytest.mark.django_db


def version(need):
    return DemandVersion.objects.get(pk=need.pk).version


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gone"},
        {"title": ""},
        {"ref": ""},
        {"quantity": Decimal(0)},
        {"quantity": Decimal(-1)},
        {"unit_mass_kg": Decimal(0)},
        {"end": date(2026, 12, 31)},
        {"max_lead_time_days": 3651},
        {"max_lead_time_days": -1},
        {"value_idr": Decimal(-1)},
        {"category": None},
        {"quantity": None},
        {"unit": None},
        {"start": None},
        {"end": None},
        {"opened_at": None},
        {"status": "closed", "closed_at": None, "close_reason": "filled"},
        {"status": "closed", "closed_at": timezone.now(), "close_reason": ""},
        {"closed_at": timezone.now()},
        {"close_reason": "filled"},
    ],
)
def test_the_database_refuses(need, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(**wrong)


def test_a_reference_stands_once_in_an_office(cast, need):
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.create(company=cast.other, office=cast.office, ref=need.ref, title="Lain")
    Need.objects.create(company=cast.other, office=None, ref=need.ref, title="Lain")
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.create(company=cast.other, office=None, ref=need.ref, title="Lain")


def test_a_workshop_promises_once(cast, need):
    organisation = cast.workshop.organisation
    ConfidentialityPromise.objects.create(need=need, organisation=organisation, user=cast.smith)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfidentialityPromise.objects.create(need=need, organisation=organisation, user=cast.smith)


def test_the_version_rises_with_every_way_of_changing_a_need(need):
    changes = [
        lambda: Need(pk=need.pk, title="Lain").save(update_fields=["title"]),
        lambda: Need.objects.filter(pk=need.pk).update(quantity=Decimal(4)),
        lambda: sql("UPDATE industry_need SET spec = 'baru' WHERE id = %s", need.pk),
        lambda: need.required_certificates.add("iso-9001"),
        lambda: need.preferred_certificates.set(["csms", "smk3"]),
        lambda: need.required_processes.add("las-gmaw"),
        lambda: need.required_certificates.through.objects.filter(need=need).update(
            certificatekind="iso-14001"
        ),
        lambda: sql("DELETE FROM industry_need_required_processes WHERE need_id = %s", need.pk),
        lambda: need.preferred_certificates.clear(),
        lambda: Company.objects.filter(pk=need.company_id).update(
            status="submitted", submitted_at=timezone.now()
        ),
        lambda: sql("UPDATE industry_company SET status = 'reviewed' WHERE id = %s", need.company_id),
    ]
    for change in changes:
        before = version(need)
        change()
        assert version(need) == before + 1


def test_an_update_that_changes_nothing_raises_nothing(need):
    before = version(need)
    Need.objects.filter(pk=need.pk).update(title=need.title)
    need.required_certificates.set([])
    assert version(need) == before


def test_a_change_raises_only_its_own_need(cast, need):
    other = people.opened(cast.other, cast.stranger)
    before = version(other)
    Need.objects.filter(pk=need.pk).update(quantity=Decimal(9))
    Company.objects.filter(pk=cast.company.pk).update(sector="Lain")
    assert version(other) == before


def test_a_vanished_need_leaves_a_newer_version(need):
    before, key = version(need), need.pk
    need.delete()
    assert DemandVersion.objects.get(pk=key).version > before


def test_who_asked_for_a_certificate_is_recorded(need):
    event = apps.get_model("industry", "NeedRequiredCertificateEvent")
    need.required_certificates.add(CertificateKind.objects.get(pk="iso-9001"))
    need.required_certificates.remove("iso-9001")
    kinds = event.objects.filter(need=need).order_by("pgh_id").values_list("pgh_label", "certificatekind")
    assert list(kinds) == [("insert", "iso-9001"), ("delete", "iso-9001")]
    need.required_processes.add(Process.objects.get(pk="las-gmaw"))
    assert apps.get_model("industry", "NeedRequiredProcessEvent").objects.filter(need=need).count() == 1


def test_what_a_need_and_its_attachment_said_is_recorded(cast, need):
    Need.objects.filter(pk=need.pk).update(title="Lain")
    titles = apps.get_model("industry", "NeedEvent").objects.filter(pgh_obj=need.pk).order_by("pgh_id")
    assert [event.title for event in titles][-1] == "Lain"
    document = Document.objects.create(
        organisation=cast.company.organisation,
        name="a.pdf",
        content_type="application/pdf",
        size=1,
        sha256="x",
    )
    attachment = Attachment.objects.create(need=need, document=document)
    Attachment.objects.filter(pk=attachment.pk).update(visibility="mutual")
    said = apps.get_model("industry", "AttachmentEvent").objects.filter(pgh_obj=attachment.pk)
    assert [event.visibility for event in said.order_by("pgh_id")] == ["public", "mutual"]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
