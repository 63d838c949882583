"""What has been kept long enough goes, the day before it stays, and a draft's owner is told first."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import cards, claims, data_requests
from accounts.models import (
    Claim,
    DataExport,
    DataRequest,
    EntryCard,
    Invitation,
    Membership,
    Notification,
    Organisation,
    User,
)
from accounts.notices import notify
from ikm.models import Ikm
from partnership_portal import retention
from tests import offices
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAYS = {rule.slug: timedelta(days=rule.days) for rule in retention.RULES}
DAY = timedelta(days=1)


@pytest.fixture
def office():
    return offices.office()


def test_every_rule_runs_on_an_empty_register():
    done = retention.run(NOW)
    assert list(done) == [rule.slug for rule in retention.RULES]
    assert {value for value in done.values() if value} == set()


def test_a_rule_that_fails_does_not_stop_the_others(monkeypatch, caplog):
    broken = retention.Rule("broken", "", 1, lambda before, now: 1 // 0)
    monkeypatch.setattr(retention, "RULES", (broken, *retention.RULES))
    assert "broken" not in retention.run(NOW)
    assert "retention rule broken failed" in caplog.text


def test_unfinished_sign_ups(office):
    def person(name: str, days: int, **fields) -> User:
        return offices.person(name, joined_at=NOW - DAYS["sign_ups"] - timedelta(days=days), **fields)

    gone, recent = person("Ragu", 1), person("Baru", -1)
    confirmed, member = person("Pasti", 1), person("Anggota", 1)
    EmailAddress.objects.create(user=confirmed, email=confirmed.email, verified=True, primary=True)
    Membership.objects.create(user=member, organisation=office, role="officer")
    administrator = person("Pengelola", 1, is_staff=True)
    assert retention.run(NOW)["sign_ups"] == 1
    left = set(User.objects.filter(deleted_at=None))
    assert left == {recent, confirmed, member, administrator}
    gone.refresh_from_db()
    assert (gone.name, gone.email) == ("Akun dihapus", None)
    assert retention.run(NOW)["sign_ups"] == 0


def untouched(ikm: Ikm, since: timedelta) -> None:
    """As if nobody had touched the draft for so long."""
    Ikm.objects.filter(pk=ikm.pk).update(created_at=NOW - since)
    for model, key in ((Ikm, "pgh_obj"), (Organisation, "pgh_obj")):
        row = ikm.pk if model is Ikm else ikm.organisation_id
        model.pgh_event_model.objects.filter(**{key: row}).update(pgh_created_at=NOW - since)


def test_a_draft_that_nobody_touches_goes_a_month_after_its_owner_was_told(office):
    ikm = offices.workshop(office, name="CV Terlupa", status="draft", facts=False)
    offices.workshop(office, name="CV Baru Mulai", status="draft", facts=False)
    untouched(ikm, DAYS["drafts"] - 29 * DAY)
    assert retention.run(NOW)["drafts"] == 0
    told = Notification.objects.get(key__startswith="draft-ends-")
    assert (told.organisation, told.title) == (ikm.organisation, "Draf profil usaha Anda akan dihapus")
    retention.run(NOW + DAY)
    assert Notification.objects.filter(key__startswith="draft-ends-").count() == 1
    Notification.objects.filter(pk=told.pk).update(created_at=NOW)
    assert retention.run(NOW + 29 * DAY)["drafts"] == 0
    assert retention.run(NOW + 31 * DAY)["drafts"] == 1
    assert Organisation.objects.filter(name="CV Terlupa").count() == 0
    assert Organisation.objects.filter(name="CV Baru Mulai").count() == 1


def test_a_draft_that_is_touched_after_the_warning_stays(office):
    ikm = offices.workshop(office, name="CV Kembali", status="draft", facts=False)
    untouched(ikm, DAYS["drafts"] - 29 * DAY)
    retention.run(NOW)
    ikm.about = "Masih ada."
    ikm.save()
    assert retention.run(NOW + 40 * DAY)["drafts"] == 0
    assert Organisation.objects.filter(name="CV Kembali").count() == 1


def test_what_was_sent_in_once_is_no_forgotten_draft(office):
    for status in ("submitted", "approved", "returned", "withdrawn"):
        untouched(offices.workshop(office, name=status, status=status, facts=False), 2 * DAYS["drafts"])
    retention.run(NOW)
    assert Notification.objects.filter(key__startswith="draft-ends-").count() == 0


def test_old_news_lose_their_words_and_are_not_told_again(office):
    ani = offices.member(office, "Ani")
    for key, age in (("old", DAYS["notifications"] + DAY), ("new", DAYS["notifications"] - DAY)):
        notify(office, key=key, title="Kabar", text="Isi", url="/")
        Notification.objects.filter(key=key).update(created_at=NOW - age)
    assert retention.run(NOW)["notifications"] == 1
    assert [each.key for each in Notification.objects.for_user(ani)] == ["new"]
    assert notify(office, key="old", title="Kabar", text="Isi", url="/") is None


def test_cards_but_the_last_used_of_each_person(office):
    officer = offices.member(office, "Ani")
    owner = offices.person("Sumirah", phone="+6281200001111")
    of = offices.workshop(office, owner=owner).organisation
    long_ago = NOW - DAYS["cards"] - DAY
    made = [cards.issue(of, office=office, by=officer, person=owner)[0] for _ in range(3)]
    EntryCard.objects.update(issued_at=long_ago - DAY, expires_at=long_ago)
    EntryCard.objects.filter(pk=made[0].pk).update(used_at=long_ago - 2 * DAY)
    EntryCard.objects.filter(pk=made[1].pk).update(used_at=long_ago - DAY)
    assert retention.run(NOW)["cards"] == 2
    assert list(EntryCard.objects.all()) == [made[1]]
    assert set(EntryCard.pgh_event_model.objects.values_list("pgh_obj", flat=True)) == {made[1].pk}


def test_invitations_claims_requests_exports_and_sessions(office):
    officer, person = offices.member(office, "Ani"), offices.person("Sumirah")
    of = offices.workshop(office).organisation
    Invitation.objects.create(
        organisation=of,
        email="x@contoh.example",
        role="staff",
        invited_by=officer,
        expires_at=NOW - DAYS["invitations"] - DAY,
    )
    claim = claims.claim(of, by=person, message="Punya saya.")
    claims.refuse(claim, by=officer, reason="Bukan.")
    Claim.objects.update(decided_at=NOW - DAYS["claims"] - DAY)
    made = data_requests.ask(kind="other", by=person, text="Siapa melihat data saya?")
    data_requests.answer(made, state="done", by=officer, text="Petugas Ani.")
    DataRequest.objects.update(decided_at=NOW - DAYS["requests"] - DAY)
    DataExport.objects.create(user=person, begun_at=NOW - DAYS["exports"] - DAY, state="done", ended_at=NOW)
    logged_in(person)
    Session.objects.update(expire_date=NOW - DAY)
    done = retention.run(NOW)
    assert {slug: done[slug] for slug in "invitations claims requests exports sessions".split()} == {
        "invitations": 1,
        "claims": 1,
        "requests": 1,
        "exports": 1,
        "sessions": 1,
    }
    assert Claim.objects.count() + Claim.pgh_event_model.objects.count() == 0
    made.refresh_from_db()
    assert (made.state, made.text, made.answer) == ("done", "", "Dihapus.")
