"""A company is approved by somebody who neither entered it nor works for it, once, on what was seen."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from accounts.facts import NotOfOffice, SamePerson
from accounts.history import acting_as
from accounts.models import Membership, Notification
from industry import reviews
from industry.models import Company
from tests import offices
from tests.browsers import logged_in
from web.answers import Stale
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Ani")


@pytest.fixture
def budi(office):
    return offices.member(office, "Budi")


@pytest.fixture
def company(office):
    return offices.company(office)


@pytest.fixture
def as_ani(client, ani):
    logged_in(ani, client)
    return client


def url(company: Company) -> str:
    return reverse("industry:review", args=[company.pk])


def sent(company: Company, action: str, **said) -> dict:
    return {"action": action, "seen": Company.objects.get(pk=company.pk).changed_at.isoformat()} | said


# --- The write module


def test_approval_is_kept_and_told_once(company, office, ani):
    reviews.approve(company, by=ani, office=office)
    company.refresh_from_db()
    assert (company.status, company.reviewed_by, company.same_person, company.remarks) == (
        "reviewed",
        ani,
        False,
        "",
    )
    notice = Notification.objects.get()
    assert (notice.organisation, notice.sender) == (company.organisation, office)


def test_returning_says_why(company, office, ani):
    reviews.return_to_company(company, by=ani, office=office, remarks=" NIB tidak ada di OSS. ")
    company.refresh_from_db()
    assert (company.status, company.remarks) == ("returned", "NIB tidak ada di OSS.")
    assert Notification.objects.get().text == "NIB tidak ada di OSS."
    with pytest.raises(ValueError):
        reviews.return_to_company(company, by=ani, office=office, remarks=" ")


@pytest.mark.parametrize("status", ["draft", "returned", "reviewed"])
def test_only_a_submitted_company_is_decided(status, office, ani):
    company = offices.company(office, status=status)
    with pytest.raises(StepRefused):
        reviews.approve(company, by=ani, office=office)
    with pytest.raises(StepRefused):
        reviews.return_to_company(company, by=ani, office=office, remarks="NIB?")


def test_who_entered_it_may_not_approve_another_may(office, ani, budi):
    company = offices.company(office, entered_by=ani)
    with pytest.raises(SamePerson):
        reviews.approve(company, by=ani, office=office)
    reviews.approve(company, by=budi, office=office)
    company.refresh_from_db()
    assert (company.status, company.same_person) == ("reviewed", False)


def test_who_entered_it_first_may_not_approve_what_another_changed(office, ani):
    with acting_as(str(ani.pk)):
        company = offices.company(office)
    with pytest.raises(SamePerson):
        reviews.approve(company, by=ani, office=office)


def test_who_works_there_may_not_approve(company, office, ani):
    Membership.objects.create(user=ani, organisation=company.organisation, role="staff")
    with pytest.raises(SamePerson):
        reviews.approve(company, by=ani, office=office)


def test_an_office_with_one_officer_may_allow_it_and_it_is_kept(office, ani):
    office.allows_same_person = True
    office.save()
    company = offices.company(office, entered_by=ani)
    assert reviews.approve(company, by=ani, office=office).same_person is True


def test_another_office_decides_nothing(company, ani):
    elsewhere = offices.office("32.04", name="Dinas Bandung")
    stranger = offices.member(elsewhere, "Susi")
    for by, acting in [(stranger, elsewhere), (stranger, company.organisation.reviewing_office)]:
        with pytest.raises(NotOfOffice):
            reviews.approve(company, by=by, office=acting)


def test_approval_covers_only_what_was_seen(company, office, ani):
    seen = company.changed_at
    company.changed_at = company.created_at.replace(year=2030)
    company.save()
    with pytest.raises(Stale):
        reviews.approve(company, by=ani, office=office, seen=seen)


# --- The page


def test_three_people(client, company, ani):
    stranger = offices.member(offices.office("32.04", name="Dinas Bandung"), "Susi")
    for user, status in [(ani, 200), (stranger, 404), (company.entered_by, 404)]:
        logged_in(user, client)
        assert client.get(url(company)).status_code == status
    assert client.post(url(company), sent(company, "approve")).status_code == 404
    assert Company.objects.get().status == "submitted"


def test_approving(as_ani, company):
    answer = as_ani.post(url(company), sent(company, "approve"))
    assert (answer.status_code, answer.url) == (302, reverse("queue"))
    assert Company.objects.get().status == "reviewed"


def test_returning_needs_a_reason(as_ani, company):
    answer = as_ani.post(url(company), sent(company, "return"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["remarks"]
    assert as_ani.post(url(company), sent(company, "return", remarks="NIB?")).status_code == 302


def test_own_entry_is_said_and_refused(as_ani, company, ani):
    Company.objects.update(entered_by=ani)
    html = as_ani.get(url(company)).content.decode()
    assert "petugas lain harus menyetujui" in html
    assert 'value="approve"' not in html
    assert as_ani.post(url(company), sent(company, "approve")).status_code == 403
    assert Company.objects.get().status == "submitted"


def test_a_stale_tab_and_a_double_submit_are_409_and_keep_the_reason(as_ani, company, office, budi):
    data = sent(company, "return", remarks="NIB tidak ada di OSS.")
    reviews.approve(company, by=budi, office=office)
    answer = as_ani.post(url(company), data)
    assert answer.status_code == 409
    assert "Pendaftaran ini berubah" in answer.content.decode()
    assert answer.context["form"]["remarks"].value() == "NIB tidak ada di OSS."
    assert Company.objects.get().status == "reviewed"


@pytest.mark.parametrize("data", [{}, {"action": "delete"}, {"action": "approve", "seen": "x"}])
def test_what_no_page_sends(as_ani, company, data):
    assert as_ani.post(url(company), data).status_code == 409
    assert as_ani.put(url(company)).status_code == 405
    assert Company.objects.get().status == "submitted"


def test_the_page_asks_little(as_ani, company, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        as_ani.get(url(company))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_does_not_ask_more_for_more_rows(as_ani, office, django_assert_max_num_queries, rows):
    for number in range(rows):
        offices.company(office, name=f"PT {number}")
    with django_assert_max_num_queries(12):
        page = as_ani.get(reverse("industry:of_the_office"))
    assert [each.organisation.name for each in page.context["page"]] == [f"PT {n}" for n in range(rows)]


def test_the_list_filters_and_sorts(as_ani, office, company):
    offices.company(office, name="PT Lain", status="reviewed")

    def names(query: str) -> list[str]:
        page = as_ani.get(reverse("industry:of_the_office") + query).context["page"]
        return [each.organisation.name for each in page]

    assert names("") == ["PT Baja Samudra", "PT Lain"]
    assert names("?urut=-nama") == ["PT Lain", "PT Baja Samudra"]
    assert names("?status=reviewed") == ["PT Lain"]
    assert names("?q=samudra") == ["PT Baja Samudra"]


# --- Race


@pytest.mark.django_db(transaction=True)
def test_two_officers_decide_at_once_and_one_does():
    office = offices.office()
    people = [offices.member(office, "Ani"), offices.member(office, "Budi")]
    company = offices.company(office)
    start, outcome = threading.Barrier(2, timeout=10), ["", ""]

    def decide(number: int) -> None:
        try:
            seen = Company.objects.get(pk=company.pk)
            start.wait()
            if number:
                reviews.approve(seen, by=people[number], office=office)
            else:
                reviews.return_to_company(seen, by=people[number], office=office, remarks="NIB?")
            outcome[number] = "decided"
        except Exception as refusal:
            outcome[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcome) == ["StepRefused", "decided"]
    assert Notification.objects.count() == 1
