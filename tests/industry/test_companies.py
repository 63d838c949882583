from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import EntryCard, Membership, Notification, Organisation
from accounts.people import has_confirmed_address
from catalogue.models import Area
from industry import companies, lifecycle
from industry.companies import NotComplete, revise_company, start_company, submit
from industry.models import Company
from tests import offices
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def citangkil():
    return Area.objects.get(code="36.72.08")


@pytest.fixture
def buyer():
    return offices.person("Sari")


@pytest.fixture
def company(office, buyer, citangkil):
    return start_company(by=buyer, name="PT Baja Selat", sector="Pabrik baja", area=citangkil)


COMPLETE = {"address": "Jl. Industri 1", "contact_name": "Sari", "phone": "+62254391234"}


def test_starting_makes_the_organisation_its_owner_and_its_office(company, office, buyer):
    organisation = company.organisation
    assert (organisation.kind, organisation.name) == ("company", "PT Baja Selat")
    assert organisation.reviewing_office == office
    assert company.entered_by == buyer
    assert company.status == lifecycle.DRAFT
    membership = Membership.objects.get(organisation=organisation)
    assert (membership.user, membership.role) == (buyer, "owner")


def test_the_same_person_starting_the_same_name_gets_the_same_draft(company, buyer, citangkil):
    again = start_company(by=buyer, name="pt baja selat", sector="Lain", area=citangkil)
    assert again == company
    assert Organisation.objects.filter(kind="company").count() == 1
    other = start_company(by=offices.person("Budi"), name="PT Baja Selat", sector="Baja", area=citangkil)
    assert other != company


def test_what_is_missing_stands_in_the_order_of_the_questions(company, buyer):
    assert companies.missing_in(company) == ["address", "contact_name", "contact"]
    saved = revise_company(company, by=buyer, contact_name="Sari", email="sari@contoh.example")
    assert companies.missing_in(saved) == ["address"]


def test_sending_needs_complete_answers_and_happens_once(company, buyer, office):
    with pytest.raises(NotComplete) as refused:
        submit(company, by=buyer)
    assert refused.value.missing == ["address", "contact_name", "contact"]
    revise_company(company, by=buyer, **COMPLETE)
    sent = submit(company, by=buyer)
    assert sent.status == lifecycle.SUBMITTED
    with pytest.raises(StepRefused):
        submit(company, by=buyer)
    told = Notification.objects.filter(organisation=office)
    assert [news.title for news in told] == ["PT Baja Selat menunggu tinjauan"]


def test_nobody_changes_what_an_officer_reads_but_it_can_be_recalled(company, buyer):
    revise_company(company, by=buyer, **COMPLETE)
    submit(company, by=buyer)
    with pytest.raises(StepRefused):
        revise_company(company, by=buyer, address="Jl. Lain 2")
    recalled = companies.recall(company, by=buyer)
    assert (recalled.status, recalled.submitted_at) == (lifecycle.DRAFT, None)
    assert revise_company(company, by=buyer, address="Jl. Lain 2").organisation.address == "Jl. Lain 2"


def test_strangers_and_officers_take_no_step_of_the_buyer(company, office):
    stranger = offices.person("Orang Lain")
    officer = offices.member(office, "Petugas")
    for person in (stranger, officer):
        with pytest.raises(StepRefused):
            companies.recall(company, by=person)


@pytest.mark.parametrize("field", ["name", "nib", "npwp", "area"])
def test_a_reviewed_company_with_another_identity_waits_again(office, field):
    buyer = offices.person("Sari")
    company = offices.company(office, buyer=buyer, status="reviewed")
    revise_company(company, by=buyer, **COMPLETE)
    changes = {
        "name": "PT Nama Baru",
        "nib": "1234567890123",
        "npwp": "0123456789012345",
        "area": Area.objects.get(code="36.72.05"),
    }
    saved = revise_company(company, by=buyer, **{field: changes[field]})
    assert saved.status == lifecycle.SUBMITTED
    assert Company.objects.get(pk=company.pk).status == lifecycle.SUBMITTED


def test_a_reviewed_company_changes_the_rest_freely(office):
    buyer = offices.person("Sari")
    company = offices.company(office, buyer=buyer, status="reviewed")
    saved = revise_company(
        company, by=buyer, about="Pabrik", address="Jl. Baru 3", sector="Baja", phone="+622541"
    )
    assert saved.is_reviewed
    assert saved.entered_by == buyer


def test_a_stale_page_is_refused_unless_it_says_what_is_stored(company, buyer):
    seen = fingerprint({"address": "", "area": company.organisation.area})
    revise_company(company, by=buyer, seen=seen, address="Jl. A", area=company.organisation.area)
    with pytest.raises(Stale) as stale:
        revise_company(company, by=buyer, seen=seen, address="Jl. B", area=company.organisation.area)
    assert stale.value.stored["address"] == "Jl. A"
    same = revise_company(company, by=buyer, seen=seen, address="Jl. A", area=company.organisation.area)
    assert same.organisation.address == "Jl. A"


def test_another_topic_saved_meanwhile_is_no_conflict(company, buyer):
    seen = fingerprint({"address": ""})
    revise_company(company, by=buyer, contact_name="Budi")
    assert revise_company(company, by=buyer, seen=seen, address="Jl. A").organisation.address == "Jl. A"


def test_an_address_is_confirmed_by_mail_or_by_card(company, buyer):
    assert not companies.may_draft(company)
    email = EmailAddress.objects.create(user=buyer, email=buyer.email, verified=False, primary=True)
    assert not has_confirmed_address(buyer)
    email.verified = True
    email.save()
    assert has_confirmed_address(buyer)
    assert companies.may_draft(company)


def test_a_colleague_with_a_used_card_is_enough(company, office):
    colleague = offices.person("Tono", email=None, phone="+6281234567890")
    Membership.objects.create(user=colleague, organisation=company.organisation, role="staff")
    card = EntryCard.objects.create(
        user=colleague,
        code_hash="x",
        issued_by=offices.member(office, "Petugas"),
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert not companies.may_draft(company)
    card.used_at = timezone.now()
    card.save()
    assert companies.may_draft(company)
    Membership.objects.filter(user=colleague).update(left_on=date(2100, 1, 1))
    assert not companies.may_draft(company)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "unknown"},
        {"status": "reviewed", "reviewed_at": None},
        {"status": "submitted", "submitted_at": None},
    ],
)
def test_the_database_refuses_states_without_their_day(company, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=company.pk).update(**wrong)


def test_two_versions_never_carry_the_same_time():
    now = timezone.now()
    later = now + timedelta(hours=1)
    assert companies.later_than(later) == later + timedelta(microseconds=1)
    assert companies.later_than(now - timedelta(days=1)) >= now
    assert isinstance(companies.later_than(now), datetime)
