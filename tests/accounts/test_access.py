"""A page opens for the kind of organisation acted for; who could act for one is led to the chooser."""

import pytest

from tests.accounts.people import join
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db

CARDS = "/dinas/kartu/"
CONSENT = "/akun/persetujuan/"


def test_the_right_kind_enters_and_others_find_nothing(cast):
    assert logged_in(cast.officer).get(CARDS).status_code == 200
    assert [logged_in(each).get(CARDS).status_code for each in (cast.owner, cast.nobody)] == [404, 404]


def test_the_right_role_enters(cast):
    people = (cast.owner, cast.staff, cast.stranger)
    assert [logged_in(each).get(CONSENT).status_code for each in people] == [200, 404, 200]


def test_strangers_log_in_first(client):
    assert client.get(CARDS).url == "/akun/masuk/?next=/dinas/kartu/"


def test_who_works_for_several_is_led_to_the_chooser_and_back(cast):
    join(cast.other, cast.officer, "owner")
    browser = logged_in(cast.officer)
    membership = cast.officer.memberships.get(organisation=cast.other)

    led = browser.get(f"{CONSENT}?a=1")
    assert led.url == "/akun/pilih/?next=%2Fakun%2Fpersetujuan%2F%3Fa%3D1&jenis=ikm"
    page = browser.get(led.url)
    assert [each.organisation for each in page.context["memberships"]] == [cast.other]
    chosen = browser.post("/akun/pilih/", {"membership": membership.pk, "next": f"{CONSENT}?a=1"})

    assert chosen.url == f"{CONSENT}?a=1"
    assert browser.get(CONSENT).context["organisation"] == cast.other
    assert browser.get(CARDS).status_code == 302


@pytest.mark.parametrize("pk", ["0", "999999", "x", ""])
def test_nobody_chooses_what_is_not_theirs(cast, pk):
    assert logged_in(cast.owner).post("/akun/pilih/", {"membership": pk}).status_code == 404


def test_another_persons_membership_cannot_be_chosen(cast):
    foreign = cast.stranger.memberships.get()
    assert logged_in(cast.owner).post("/akun/pilih/", {"membership": foreign.pk}).status_code == 404


def test_a_membership_that_ended_is_not_acted_for_any_more(cast):
    browser = logged_in(cast.staff)
    assert browser.get("/akun/anggota/").status_code == 200
    cast.staff.memberships.update(left_on="2026-11-24")
    assert browser.get("/akun/anggota/").status_code == 404


@pytest.mark.parametrize("next_url", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)"])
def test_the_chooser_leads_to_this_portal_only(cast, next_url):
    membership = cast.owner.memberships.get()
    response = logged_in(cast.owner).post("/akun/pilih/", {"membership": membership.pk, "next": next_url})
    assert response.url == "/beranda/"
