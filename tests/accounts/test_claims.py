""" "Ini usaha Anda?": the office decides, another person than the one who claims."""

import pytest
from django.core.exceptions import ValidationError

from accounts import claims
from accounts.models import Claim, Membership, Notification
from tests.accounts.people import join
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(cast) -> Claim:
    return claims.claim(cast.workshop, by=cast.nobody, message="Saya pemiliknya sejak 2014.")


def titles(user) -> list[str]:
    return [*Notification.objects.for_user(user).values_list("title", flat=True)]


def test_a_claim_waits_and_the_office_is_told_once(cast, claim):
    assert claims.claim(cast.workshop, by=cast.nobody) == claim
    assert (claim.state, Claim.objects.count()) == ("waiting", 1)
    assert titles(cast.officer) == ["Tanpa Usaha menyatakan CV Rak Baja sebagai usahanya"]


def test_a_member_has_nothing_to_claim(cast):
    with pytest.raises(ValidationError, match="sudah menjadi anggota"):
        claims.claim(cast.workshop, by=cast.staff)


@pytest.mark.parametrize("name", ["office", "operator"])
def test_offices_are_not_claimed(cast, name):
    with pytest.raises(ValueError, match="nobody claims"):
        claims.claim(getattr(cast, name), by=cast.nobody)


def test_accepting_makes_an_owner_and_tells_the_person_alone(cast, claim):
    claims.accept(claim, by=cast.officer)
    kept = Claim.objects.get(pk=claim.pk)
    assert (kept.state, kept.decided_by) == ("accepted", cast.officer)
    assert Membership.objects.get(user=cast.nobody, left_on=None).role == "owner"
    assert titles(cast.nobody) == ["CV Rak Baja sekarang ada di akun Anda"]
    assert titles(cast.owner) == []


def test_refusing_needs_a_reason_and_tells_it(cast, claim):
    with pytest.raises(ValidationError):
        claims.refuse(claim, by=cast.officer, reason="  ")
    claims.refuse(claim, by=cast.officer, reason="Bawa NIB asli ke kantor.")
    assert (Claim.objects.get(pk=claim.pk).state, Notification.objects.for_user(cast.nobody).get().text) == (
        "refused",
        "Bawa NIB asli ke kantor.",
    )
    assert cast.nobody.memberships.count() == 0


def test_a_claim_is_decided_once(cast, claim):
    claims.accept(claim, by=cast.officer)
    with pytest.raises(claims.Decided):
        claims.refuse(claim, by=cast.head, reason="Terlambat.")


def test_who_was_refused_may_ask_again(cast, claim):
    claims.refuse(claim, by=cast.officer, reason="Bawa NIB asli.")
    assert claims.claim(cast.workshop, by=cast.nobody).pk != claim.pk


def test_only_officers_of_the_reviewing_office_decide(cast, claim):
    for by in (cast.far_officer, cast.owner, cast.stranger):
        with pytest.raises(PermissionError):
            claims.accept(claim, by=by)


def test_nobody_decides_a_claim_of_their_own(cast):
    own = claims.claim(cast.workshop, by=cast.officer)
    with pytest.raises(claims.OwnClaim):
        claims.accept(own, by=cast.officer)
    claims.accept(own, by=cast.head)


# --- The pages


def test_the_queue_holds_the_offices_own_claims_oldest_first(cast, claim):
    second = claims.claim(cast.workshop, by=cast.stranger)
    lists = {
        name: [*logged_in(getattr(cast, name)).get("/dinas/pengakuan/").context["claims"]]
        for name in ("officer", "far_officer")
    }
    assert lists == {"officer": [claim, second], "far_officer": []}


def test_others_find_no_claim(cast, claim):
    path = f"/dinas/pengakuan/{claim.pk}/"
    people = (cast.officer, cast.far_officer, cast.owner, cast.nobody)
    assert [logged_in(each).get(path).status_code for each in people] == [200, 404, 404, 404]
    assert logged_in(cast.officer).get("/dinas/pengakuan/999999/").status_code == 404


def test_an_officer_decides_on_the_page(cast, claim):
    browser = logged_in(cast.officer)
    path = f"/dinas/pengakuan/{claim.pk}/"
    assert [*browser.post(path, {"decision": "refuse"}).context["form"].errors] == ["reason"]
    assert [*browser.post(path, {}).context["form"].errors] == ["decision"]
    assert browser.post(path, {"decision": "accept"}).url == "/dinas/pengakuan/"
    stale = browser.post(path, {"decision": "refuse", "reason": "x"}, follow=True)
    assert "Petugas lain sudah memutuskan" in stale.content.decode()
    assert Claim.objects.get(pk=claim.pk).state == "accepted"


def test_the_page_of_ones_own_claim_says_why_not(cast):
    own = claims.claim(cast.other, by=cast.far_officer)
    page = logged_in(cast.far_officer).post(
        f"/dinas/pengakuan/{own.pk}/", {"decision": "accept"}, follow=True
    )
    assert "pengakuan Anda sendiri" in page.content.decode()
    join(cast.far_office, cast.nobody, "officer")
    claims.accept(own, by=cast.nobody)
