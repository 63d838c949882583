import pytest
from django.template.loader import render_to_string

from accounts import consent
from accounts.models import Consent
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db


def test_consent_is_given_once_to_the_present_text_and_withdrawn(cast):
    assert consent.current(cast.workshop) is None
    given = consent.give(cast.workshop, by=cast.owner)
    assert (consent.give(cast.workshop, by=cast.staff), consent.current(cast.workshop)) == (given, given)
    assert (given.text_version, given.user) == (consent.TEXT_VERSION, cast.owner)
    consent.withdraw(cast.workshop, by=cast.owner)
    assert consent.current(cast.workshop) is None
    assert Consent.objects.get().withdrawn_at is not None
    again = consent.give(cast.workshop, by=cast.owner)
    assert again.pk != given.pk


def test_consent_to_an_older_text_is_not_consent_to_this_one(cast):
    Consent.objects.create(organisation=cast.workshop, user=cast.owner, text_version="2020-01")
    assert consent.current(cast.workshop) is None
    consent.withdraw(cast.workshop, by=cast.owner)
    assert Consent.objects.in_force().count() == 0


def test_the_text_of_each_version_in_use_exists():
    assert "dapat ditarik kapan saja" in render_to_string(consent.template_of())


def test_the_owner_gives_and_withdraws_on_the_page(cast):
    browser = logged_in(cast.owner)
    assert browser.post("/akun/persetujuan/", {"action": "give"}).url == "/akun/persetujuan/"
    assert browser.get("/akun/persetujuan/").context["consent"] == consent.current(cast.workshop)
    browser.post("/akun/persetujuan/", {"action": "withdraw"})
    browser.post("/akun/persetujuan/", {"action": "x"})
    assert consent.current(cast.workshop) is None


def test_the_privacy_page_is_for_everybody(client, db):
    page = client.get("/data-pribadi/")
    assert (page.status_code, consent.TEXT_VERSION in page.content.decode()) == (200, True)
