from datetime import date

import pytest

from accounts.models import Document, Introduction
from catalogue.models import Category, CertificateKind
from ikm import certificates, sections
from ikm.models import Certificate, Ikm
from tests import offices
from tests.ikm.people import around_a_workshop
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db
CHECKED = {"evidence": "verified", "method": "issuer", "checked_on": "2026-11-01"}


@pytest.fixture
def people():
    return around_a_workshop(status="approved", facts=False)


def kind(slug="iso-9001"):
    return CertificateKind.objects.get(pk=slug)


def added(people, **fields):
    given = {
        "kind": kind(),
        "number": "ID-1",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2029, 1, 1),
    }
    return certificates.add_certificate(people.ikm, by=people.owner, **given | fields)


def reload(row):
    return Certificate.objects.get(pk=row.pk)


def test_a_new_certificate_is_a_claim_and_finishes_the_section(people):
    row = added(people)
    assert (row.evidence, row.changed_by, row.holders) == ("claimed", people.owner, 1)
    assert "certificates" in Ikm.objects.get(pk=people.ikm.pk).done_sections


def test_a_double_submit_is_one_certificate(people):
    assert added(people) == added(people)
    assert people.ikm.certificates.count() == 1


def test_the_same_number_with_other_answers_is_a_duplicate(people):
    added(people)
    with pytest.raises(certificates.Duplicate):
        added(people, issuer="Lembaga lain")
    other = added(people, number="ID-2")
    with pytest.raises(certificates.Duplicate):
        certificates.revise_certificate(other, by=people.owner, number="ID-1")


def test_a_retired_certificate_of_that_number_comes_back_as_a_claim(people):
    row = added(people)
    Certificate.objects.filter(pk=row.pk).update(**CHECKED)
    certificates.retire_certificate(row, by=people.owner)
    again = added(people, issuer="Lembaga lain")
    assert (again.pk, reload(row).retired_at, reload(row).evidence, reload(row).issuer) == (
        row.pk,
        None,
        "claimed",
        "Lembaga lain",
    )


def test_any_change_makes_a_proven_certificate_a_claim_again(people):
    row = added(people)
    Certificate.objects.filter(pk=row.pk).update(**CHECKED)
    certificates.revise_certificate(row, by=people.owner, scope="")
    assert reload(row).evidence == "verified"
    certificates.revise_certificate(row, by=people.owner, scope="Produksi rak")
    assert (reload(row).evidence, reload(row).checked_on) == ("claimed", None)


def test_a_stale_tab_changes_nothing(people):
    row = added(people)
    seen = fingerprint({"scope": ""})
    certificates.revise_certificate(row, by=people.owner, seen=seen, scope="Rak")
    with pytest.raises(Stale) as stale:
        certificates.revise_certificate(row, by=people.owner, seen=seen, scope="Palet")
    assert stale.value.stored == {"scope": "Rak"}


def test_retired_and_taken_back(people):
    row = certificates.retire_certificate(added(people), by=people.owner)
    assert not people.ikm.certificates.current().exists()
    certificates.retire_certificate(row, by=people.owner)
    certificates.restore_certificate(row, by=people.owner)
    assert people.ikm.certificates.current().get() == row


def test_what_an_officer_reads_is_not_changed():
    people = around_a_workshop(status="submitted")
    with pytest.raises(StepRefused):
        added(people)
    with pytest.raises(StepRefused):
        certificates.retire_certificate(people.ikm.certificates.get(), by=people.owner)


def test_only_reviewed_companies_are_named(people):
    reviewed = offices.company(people.office, status="reviewed", name="PT Baja Selat")
    offices.company(people.office, status="submitted", name="PT Belum Ditinjau")
    assert list(certificates.companies()) == [reviewed.organisation]


# --- Who sees the picture of a proof


def proof(people, **fields):
    document = Document.objects.create(
        organisation=people.ikm.organisation, name="iso.pdf", content_type="application/pdf", file="x", size=1
    )
    return Certificate.objects.create(ikm=people.ikm, kind=kind(), number="P-1", document=document, **fields)


def seen_by(user):
    return Certificate.objects.readable_by(user).exists()


def test_a_proof_is_seen_by_own_people_and_by_the_office(people):
    proof(people)
    other_office = offices.office("36.04", name="Dinas Serang")
    assert [seen_by(user) for user in (people.owner, people.staff, people.officer)] == [True] * 3
    assert not seen_by(people.stranger)
    assert not seen_by(offices.member(other_office, "Petugas Serang"))


def test_a_buyer_sees_it_once_both_were_introduced(people):
    proof(people)
    buyer = offices.person("Pembeli Baja")
    organisation = offices.company(people.office, buyer=buyer, status="reviewed").organisation
    assert not seen_by(buyer)
    first, second = sorted([organisation, people.ikm.organisation], key=lambda each: each.pk)
    Introduction.objects.create(first=first, second=second, reason="saling berminat")
    assert seen_by(buyer)
    Certificate.objects.update(retired_at="2026-11-01T00:00Z")
    assert not seen_by(buyer)


def test_a_limited_certificate_keeps_its_category(people):
    row = added(people, category=Category.objects.get(pk="cangkul"))
    assert sections.contents(people.ikm).certificates[0].category_id == row.category_id == "cangkul"
