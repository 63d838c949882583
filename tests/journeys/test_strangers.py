"""Who may not open something learns nothing of it: what is there looks like what is not."""

import re

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.journeys import places as table
from tests.journeys.test_every_page import browser_of, lines

STRANGERS = ["newcomer", "returned", "other_buyer", "far_officer"]
# Keys of rows; the other arguments of addresses are words.
KEYS = {"pk", "invitation", "product", "certificate", "ikm", "organisation_pk"}
MISSING = 999_999_999
TOKEN = re.compile(r"[A-Za-z0-9]{64}")  # Django's form token is another one in every answer
FOR_WORKSHOPS = {"returned"}
FOR_OFFICES = {"far_officer"}
# What the market or everybody who is logged in may see, besides those whom the tables name.
OPEN_TO = {
    "industry:need": FOR_WORKSHOPS | FOR_OFFICES,
    "industry:promise": FOR_WORKSHOPS,
    # What a workshop that is not published may do with a need is said in words.
    "industry:interest": FOR_WORKSHOPS,
    "industry:interest_decline": FOR_WORKSHOPS,
    "industry:quantity_words": FOR_WORKSHOPS,
    "industry:questions": FOR_WORKSHOPS | FOR_OFFICES,
    "industry:attachment": FOR_WORKSHOPS | FOR_OFFICES,
    "ikm:product_photo": set(STRANGERS),
    "ikm:report": set(STRANGERS),
    "ikm:favourite": {"other_buyer"},
}
# Pages without a key that everybody who is logged in has.
FOR_EVERYBODY = """home accounts:settings accounts:person accounts:choose accounts:notifications accounts:read_all
    ikm:alerts ikm:search_save
    accounts:hand_over accounts:members
    own_data own_data_delete own_data_prepare own_data_download data_request_new
    ikm:start industry:start ikm:profile set_language catalogue:options""".split()
PUBLIC = """ikm:directory ikm:supplier ikm:compare ikm:report ikm:product_photo
    start privacy matching:method health set_language account_login account_signup account_request_login_code
    account_reset_password account_reset_password_done account_reset_password_from_key_done account_inactive
    accounts:card_entry accounts:card_scanned accounts:invitation accounts:news accounts:unsubscribe
    ikm:still_correct account_confirm_email dev_mail styles
    error_page""".split()


def everything(register) -> list[table.Place]:
    return [*table.places(register), *table.actions(register), *table.parts(register)]


def opened(browser, place: table.Place, method: str) -> HttpResponse:
    answer = getattr(browser, method)(place.url)
    if answer.streaming:
        answer.getvalue()
    return answer


def told(answer: HttpResponse, path: str) -> tuple[int, str, str]:
    """What a person or a program could tell two answers apart by: all but one's own address and the form token."""
    body = TOKEN.sub("", "" if answer.streaming else answer.content.decode())
    return answer.status_code, answer.headers.get("Location", "").replace(path, ""), body.replace(path, "")


@pytest.mark.parametrize("role", STRANGERS)
def test_a_stranger_sees_the_same_as_for_what_does_not_exist(register, role):
    browser, wrong, checked = browser_of(register, role), [], set()
    posted = {place.name for place in table.actions(register)}
    nowhere = told(browser.get("/tidak/ada/"), "/tidak/ada/")
    for place in everything(register):
        keys = place.arguments.keys() & KEYS
        if not keys or place.role == role or place.url in checked or role in OPEN_TO.get(place.name, ()):
            continue
        checked.add(place.url)
        method, path = "post" if place.name in posted else "get", reverse(place.name, kwargs=place.arguments)
        there = told(opened(browser, place, method), path)
        if there == nowhere:
            continue
        missing = place._replace(arguments=place.arguments | dict.fromkeys(keys, MISSING))
        not_there = told(opened(browser, missing, method), reverse(place.name, kwargs=missing.arguments))
        if there != not_there or there[0] != 404:
            wrong.append((role, method, place.url, there[0], not_there[0]))
    assert len(checked) > 40
    assert lines(wrong) == ""


@pytest.mark.parametrize("role", STRANGERS)
def test_pages_of_another_role_are_not_there(register, role):
    """404, or the chooser for somebody who works for several: never the page."""
    browser, wrong = browser_of(register, role), []
    kinds = {
        "newcomer": "newcomer",
        "returned": "owner",
        "other_buyer": "buyer waiting_buyer",
        "far_officer": "officer head operator",
    }
    own = {place.name for place in everything(register) if place.role in kinds.get(role, "").split()}
    for place in everything(register):
        free = place.name.startswith(("account_", "mfa_")) or place.name in {*FOR_EVERYBODY, *PUBLIC}
        if place.arguments.keys() & KEYS or free or place.name in own:
            continue
        status = opened(browser, place, "get").status_code
        if status not in {404, 405}:
            wrong.append((role, place.url, status))
    assert lines(wrong) == ""


def test_somebody_who_is_not_logged_in_is_led_to_the_log_in(register):
    wrong = []
    for place in everything(register):
        answer = opened(browser_of(register, "public"), place, "get")
        leads_in = answer.status_code == 302 and answer["Location"].split("?")[0] in {
            reverse("account_login"),
            reverse("account_signup"),
            reverse("start"),  # from the page that logs out
        }
        if place.name not in PUBLIC and not leads_in:
            wrong.append((place.url, answer.status_code, answer.headers.get("Location")))
        if place.name in PUBLIC and leads_in:
            wrong.append((place.url, "leads to the log-in"))
    assert lines(wrong) == ""


@pytest.mark.parametrize(
    "key", [2**63, *(pytest.param(key, marks=pytest.mark.full) for key in (0, 2**31, 10**40))]
)
def test_impossible_keys_are_not_there(register, key):
    browsers, wrong, seen = {}, [], set()
    posted = {place.name for place in table.actions(register)}
    for place in everything(register):
        browser = browsers.get(place.role) or browsers.setdefault(
            place.role, browser_of(register, place.role)
        )
        for name in place.arguments.keys() & KEYS:
            odd = place._replace(arguments=place.arguments | {name: key})
            if odd.url not in seen:
                seen.add(odd.url)
                status = opened(browser, odd, "post" if place.name in posted else "get").status_code
                if status != 404:
                    wrong.append((place.role, odd.url, status))
    assert lines(wrong) == ""
