"""Every role × every address × every method: who gets in, and how everybody else is turned away.

Who opens what stands in tests.journeys.places and, for what is open to more than the tables name, in `ALSO`. An address
that is in neither fails test_every_page.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from partnership_portal import urls
from partnership_portal.scrubbing import spellings
from tests.browsers import logged_in
from tests.journeys import places as table
from tests.journeys.test_every_page import lines
from tests.journeys.test_strangers import FOR_EVERYBODY, PUBLIC, everything

# "half_admin": the operator's password, and not yet the second step.
ROLES = "public owner phone_owner waiting buyer other_buyer officer far_officer half_admin".split()
# Those who own nothing of what is asked for: a plain run has them send forms too.
STRANGERS = {"public", "waiting", "other_buyer", "far_officer", "half_admin"}
OTHERS = ("head", "put", "patch", "delete", "options", "trace")
WORKSHOPS, BUYERS, OFFICERS = (
    {"owner", "phone_owner", "waiting"},
    {"buyer", "other_buyer"},
    {"officer", "far_officer"},
)
# Of those who get in besides the roles of the tables, at the object that the matrix asks for.
ALSO: dict[str, set[str]] = {
    # An officer of the office that reviews the workshop may fill it in.
    **dict.fromkeys(
        """ikm:certificate ikm:certificate_new ikm:certificate_restore ikm:certificate_retire ikm:check ikm:confirm
        ikm:machines ikm:product ikm:product_category ikm:product_details ikm:product_new ikm:product_restore
        ikm:product_retire ikm:recall ikm:section ikm:visible ikm:withdraw ikm:workshop matching:preview""".split(),
        {"officer"},
    ),
    # Pages of the own organisation, whatever its state.
    **dict.fromkeys("accounts:consent ikm:takeover industry:interests matching:answer".split(), WORKSHOPS),
    **dict.fromkeys(
        """industry:company industry:company_recall industry:company_section industry:company_submit industry:invite
        industry:many industry:many_template industry:need_new industry:needs ikm:favourite ikm:favourites""".split(),
        BUYERS,
    ),
    **dict.fromkeys(
        "accounts:cards accounts:claims ikm:register_for_owner ikm:duplicates ikm:imports".split(), OFFICERS
    ),
    # What the market may see of an open need, and say to it.
    **dict.fromkeys("industry:interest industry:interest_decline industry:quantity_words".split(), WORKSHOPS),
    **dict.fromkeys("industry:need industry:questions industry:attachment".split(), WORKSHOPS | OFFICERS),
    "ikm:directory_export": BUYERS | OFFICERS,
    "industry:promise": WORKSHOPS,
    "accounts:same_person": {"far_officer"},  # the only officer leads the office
    "industry:agree": {"owner"},
    "ikm:certificate_file": {"buyer"},  # introduced: both said yes
    "ikm:follow": {*ROLES},
}
# Doors that lead a stranger on, and the picture of what is published.
OPEN_DOORS = {"ikm:start", "industry:start", "ikm:product_photo"}
# What an empty form is told there: what it names does not exist, or only who leads may send it.
NAMES_NOTHING = {"accounts:choose", "accounts:members", "ikm:product", "ikm:product_new", "industry:invite"}


class Cell(NamedTuple):
    place: table.Place
    methods: frozenset[str]
    allowed: frozenset[str]
    is_public: bool


def asked_for(register: SimpleNamespace) -> Iterator[Cell]:
    """Each address of ours once, at one object: a workshop's before a buyer's before an office's."""
    rank = {"owner": 0, "buyer": 1, "officer": 2}
    views = {name: pattern.callback for name, pattern in table.walk(get_resolver().url_patterns)}
    everywhere = everything(register)
    chosen: dict[str, table.Place] = {}
    for place in sorted(everywhere, key=lambda place: rank.get(place.role, 3)):
        chosen.setdefault(place.name, place)
    for name, place in sorted(chosen.items()):
        if (methods := methods_of(views[name])) is None:
            continue
        allowed = {other.role for other in everywhere if other[1:] == place[1:]} | ALSO.get(name, set())
        if name in FOR_EVERYBODY:
            allowed |= {*ROLES}
        yield Cell(place, methods, frozenset(allowed), name in PUBLIC or name in OPEN_DOORS)


def methods_of(view) -> frozenset[str] | None:
    """What the method decorator of a view of ours lets in; None for views of others."""
    while view is not None:
        for cell in view.__closure__ or ():
            value = cell.cell_contents
            if isinstance(value, (list, tuple)) and value and {*value} <= {"GET", "HEAD", "POST"}:
                return frozenset(value)
        view = getattr(view, "__wrapped__", None)
    return None


@pytest.fixture
def browsers(register, monkeypatch) -> dict[str, Client]:
    """One a role. The page of 404, which test_strangers reads, is left out: only its status counts here."""
    bare = lambda request, exception: HttpResponse(status=404)  # noqa: E731
    monkeypatch.setattr(urls, "handler404", bare, raising=False)
    admin = User.objects.create_superuser(email="admin@contoh.example", name="Admin")
    found = {role: Client() for role in ROLES}
    found["half_admin"].force_login(admin)
    for role in set(ROLES) - {"public", "half_admin"}:
        logged_in(register.people[role], found[role])
    return found


def answered(browser: Client, url: str, method: str) -> HttpResponse:
    """The answer; whatever it changed is taken back, in the database and in the browser."""
    kept = browser.cookies.output()
    with transaction.atomic():
        answer = getattr(browser, method)(url)
        if answer.streaming:
            answer.getvalue()
        transaction.set_rollback(True)
    if browser.cookies.output() != kept:
        browser.cookies = SimpleCookie()
        browser.cookies.load(kept.replace("Set-Cookie: ", "").replace("\r\n", "; "))
    return answer


def outcome(answer: HttpResponse) -> str:
    """ "in", or how somebody was turned away: "log in", "second step", "choose", "404", "405"."""
    status, to = answer.status_code, answer.headers.get("Location", "").split("?")[0]
    if status in {302, 303} and to in {reverse("account_login"), reverse("admin:login")}:
        return "log in"
    if status in {302, 303} and to in {reverse("accounts:second_factor"), reverse("mfa_reauthenticate")}:
        return "second step"
    if status in {302, 303} and to == reverse("accounts:choose"):
        return "choose"
    return "in" if status in {200, 302, 303, 400, 409, 410, 422} else str(status)


def expected(cell: Cell, role: str, method: str) -> set[str]:
    if role == "public" and not cell.is_public:
        return {"log in"}
    if role == "half_admin" and not cell.is_public and cell.place.name != "set_language":
        return {"second step"}
    if method.upper() not in cell.methods:
        return {"405"}
    if cell.place.name == "error_page":
        return {"404"}
    if cell.is_public or role in cell.allowed:
        return {"in", "404"} if method == "post" and cell.place.name in NAMES_NOTHING else {"in"}
    return {"404", "choose"}


def text_of(answer: HttpResponse) -> str:
    """A page, a part or a workbook as the text that stands in it."""
    if answer.streaming:
        return ""
    if not answer.content.startswith(b"PK"):
        return answer.content.decode()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))


def contacts_of(register) -> set[str]:
    """How the workshop and the buyer, of whom the matrix asks, are reached: open to who was introduced alone."""
    found = set()
    for each in (register.ikm["owner"].organisation, register.company.organisation):
        found |= {each.email} | spellings(each.phone) | spellings(each.whatsapp)
    return {text for text in found if len(text) > 5}


def walked(register, browsers, role: str, methods: Iterable[str], pages_too: bool) -> str:
    """What differs from what is expected, contacts that a stranger is told included.

    Without `pages_too` a role's own pages are left to test_every_page.
    """
    wrong, own = [], {place.url for place in everything(register) if place.role == role}
    contacts = contacts_of(register)
    for cell in asked_for(register):
        for method in methods:
            if method == "get" and cell.place.url in own and not pages_too:
                continue
            answer = answered(browsers[role], cell.place.url, method)
            found = outcome(answer)
            if role in STRANGERS and cell.place.name != "dev_mail":  # the sample's letter box
                found += "".join(f" tells {each}" for each in contacts if each in text_of(answer))
            if found not in expected(cell, role, method):
                wrong.append((role, method, cell.place.name, cell.place.url, found, sorted(cell.allowed)))
    return lines(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_in_where(register, browsers, role):
    assert len(list(asked_for(register))) > 100
    methods = ("get", "post") if role in STRANGERS else ("get",)
    assert walked(register, browsers, role, methods, pages_too=False) == ""


@pytest.mark.full
@pytest.mark.parametrize("role", sorted({*ROLES} - STRANGERS))
def test_who_may_send_what_where(register, browsers, role):
    assert walked(register, browsers, role, ("post",), pages_too=True) == ""


@pytest.mark.parametrize(
    "role", ["public", *(pytest.param(role, marks=pytest.mark.full) for role in ROLES[1:])]
)
def test_no_other_method_opens_anything(register, browsers, role):
    assert walked(register, browsers, role, OTHERS, pages_too=True) == ""


@pytest.mark.full
@pytest.mark.parametrize("role", ROLES)
def test_the_pages_too(register, browsers, role):
    assert walked(register, browsers, role, ("get",), pages_too=True) == ""


@pytest.mark.parametrize("role", ROLES)
def test_nobody_enters_the_administration_without_the_second_step(register, browsers, role):
    names = ["index", "accounts_user_changelist", "accounts_organisation_changelist", "ikm_ikm_changelist"]
    names += ["industry_company_changelist", "matching_scoringpolicy_changelist"]
    found = {outcome(answered(browsers[role], reverse(f"admin:{name}"), "get")) for name in names}
    assert found <= {"log in", "second step", "403", "404"}
