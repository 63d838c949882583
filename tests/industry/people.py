"""A reviewed company with owner and staff, a stranger of another company, a workshop and an officer."""

import re
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from catalogue.models import Area, Category, Unit
from industry import needs
from industry.models import Company, Need
from tests import offices

START, END = date(2027, 1, 1), date(2027, 3, 31)


def cast(status: str = "reviewed") -> SimpleNamespace:
    """office, officer; company with owner and staff; stranger of a reviewed company; workshop's owner."""
    office = offices.office()
    people = {name: confirmed(offices.person(name.title())) for name in ("owner", "stranger", "smith")}
    company = offices.company(office, buyer=people["owner"], status=status, name="PT Baja Selat")
    company.organisation.address = "Jl. Industri 1"
    company.organisation.contact_name = "Owner"
    company.organisation.email = "beli@contoh.example"
    company.organisation.save()
    staff = confirmed(offices.member(company.organisation, "Staff", "staff"))
    other = offices.company(office, buyer=people["stranger"], status="reviewed", name="PT Lain")
    workshop = offices.workshop(office, owner=people["smith"], status="approved", facts=False)
    officer = offices.member(office, "Petugas")
    return SimpleNamespace(
        office=office, officer=officer, company=company, staff=staff, other=other, workshop=workshop, **people
    )


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def complete(**more) -> dict:
    """Answers of a need that lacks nothing: 3 unit from January to March 2027."""
    return {
        "title": "Kontainer kantor",
        "category": Category.objects.get(pk="kontainer-kantor"),
        "quantity": Decimal(3),
        "basis": "total",
        "unit": Unit.objects.get(pk="unit"),
        "start": START,
        "end": END,
        "area": Area.objects.get(pk="36.72"),
    } | more


def soon() -> dict:
    """Start and end three calendar months apart, from the first of the month after the next, by the real clock."""
    today = timezone.localdate()
    months = [today.year * 12 + today.month - 1 + n for n in (2, 5)]
    start, after = (date(number // 12, number % 12 + 1, 1) for number in months)
    return {"start": start, "end": after - timedelta(days=1)}


def draft(company: Company, by: User, **more) -> Need:
    return needs.draft_need(company, by=by, **complete(**more))


def opened(company: Company, by: User, **more) -> Need:
    return needs.open_need(draft(company, by, **more), by=by)


def colleague(company: Company, name: str) -> User:
    user = confirmed(offices.person(name))
    Membership.objects.create(
        user=user,
        organisation=company.organisation,
        role="staff",
        joined_on=timezone.localdate() - timedelta(1),
    )
    return user


def send(tab: Client, address: str, data: dict, **options):
    """Fill in a page of questions as it stands now and send it: what the page carries hidden travels along."""
    form = tab.get(address).context["form"]
    hidden = {field.html_name: field.value() for field in form.hidden_fields()}
    return tab.post(address, hidden | data, **options)


def without_tokens(html: str) -> str:
    """A page without what differs at every look: the form's token and the clock of a list that asks again."""
    html = re.sub(r"[A-Za-z0-9]{64}", "", html)
    return re.sub(r"(sejak=)\d+", r"\1", html)
