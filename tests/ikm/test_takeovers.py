"""An owner takes over what the office wrote: invitation, a look, consent, corrections under the two-person rule."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts import consent, memberships
from accounts.facts import SamePerson
from accounts.history import acting_as
from accounts.models import Consent, Evidence, Invitation, Membership, Organisation, User
from ikm import products, reviews, takeovers
from ikm.models import Ikm
from tests import offices
from tests.browsers import logged_in
from web.lifecycle import StepRefused
from web.models import OutgoingMail


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(offices.MORNING) as traveller:
        yield traveller


@pytest.fixture
def office(db) -> Organisation:
    return offices.office()


@pytest.fixture
def ani(office) -> User:
    return offices.member(office, "Ani")


@pytest.fixture
def budi(office) -> User:
    return offices.member(office, "Budi")


@pytest.fixture
def rahmat(db) -> User:
    return offices.person("Rahmat")


def written_by(officer: User, office: Organisation, *, status: str = "approved") -> Ikm:
    """Entered by an officer; nobody works there."""
    with acting_as(str(officer.pk)):
        ikm = offices.workshop(office, owner=officer, status=status)
    ikm.organisation.memberships.all().delete()
    return ikm


@pytest.fixture
def ikm(ani, office) -> Ikm:
    return written_by(ani, office)


def invited(ikm: Ikm, by: User, **address) -> Invitation:
    return memberships.invite_owner(
        ikm.organisation, by=by, **(address or {"email": "rahmat@contoh.example"})
    )


def test_an_officer_invites_the_owner_by_mail(ikm, ani, rahmat):
    invitation = invited(ikm, ani)
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ("rahmat@contoh.example", "Profil CV Rak Baja Citangkil menunggu Anda")
    assert "Ani dari Dinas Cilegon menulis profil CV Rak Baja Citangkil" in mail.text
    assert takeovers.standing(ikm) == (takeovers.NOBODY, None, None, [invitation])
    memberships.accept(invitation, by=rahmat)
    assert takeovers.standing(ikm) == (takeovers.JOINED, rahmat, None, [])
    takeovers.take_over(ikm, by=rahmat)
    given = Consent.objects.get()
    assert (given.user, given.text_version) == (rahmat, consent.TEXT_VERSION)
    assert takeovers.standing(ikm) == (takeovers.TAKEN, rahmat, given, [])


def test_only_the_office_that_answers_for_it_invites(ikm, office, rahmat):
    elsewhere = offices.member(offices.office("36.04", name="Dinas Serang"), "Cici")
    for by in (rahmat, elsewhere):
        with pytest.raises(PermissionError):
            invited(ikm, by)
    company = offices.company(office)
    with pytest.raises(PermissionError):
        memberships.invite_owner(company.organisation, by=rahmat, email="x@contoh.example")


def test_a_workshop_with_an_owner_is_not_given_away(office, ani):
    with pytest.raises(ValidationError, match="sudah punya pemilik"):
        invited(offices.workshop(office), ani)


def test_of_two_invited_the_first_takes_it(ikm, ani, rahmat):
    one, two = invited(ikm, ani), invited(ikm, ani, phone="+6281200000009")
    memberships.accept(one, by=rahmat)
    with pytest.raises(ValidationError, match="sudah punya pemilik"):
        memberships.accept(two, by=offices.person("Orang lain"))
    assert [member.user for member in ikm.organisation.memberships.current()] == [rahmat]


def test_who_checks_a_workshop_does_not_own_it(ikm, ani, budi):
    with pytest.raises(ValidationError, match="tidak dapat menjadi pemiliknya"):
        memberships.accept(invited(ikm, ani), by=budi)


def test_an_officer_takes_the_invitation_back(ikm, ani, budi, rahmat):
    invitation = invited(ikm, ani)
    with pytest.raises(PermissionError):
        memberships.withdraw_invitation(invitation, by=rahmat)
    memberships.withdraw_invitation(invitation, by=budi)
    with pytest.raises(ValidationError):
        memberships.accept(invitation, by=rahmat)


def taken(ikm: Ikm, by: User) -> Ikm:
    Membership.objects.create(user=by, organisation=ikm.organisation, role="owner")
    return takeovers.take_over(ikm, by=by)


def test_taking_over_confirms_a_published_profile_and_proves_nothing(ikm, rahmat):
    Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=date(2026, 1, 5))
    found = taken(ikm, rahmat)
    assert found.confirmed_on == timezone.localdate()
    assert {fact.evidence for fact in found.products.all()} == {Evidence.CLAIMED}
    assert takeovers.take_over(ikm, by=rahmat).confirmed_on == timezone.localdate()
    assert Consent.objects.count() == 1


def test_a_draft_is_only_consented_to(ani, office, rahmat):
    draft = written_by(ani, office, status="draft")
    assert (taken(draft, rahmat).confirmed_on, Consent.objects.get().user) == (None, rahmat)


def test_nobody_else_takes_over(ikm, ani, rahmat):
    staff = offices.person("Siti")
    Membership.objects.create(user=staff, organisation=ikm.organisation, role="staff")
    for by in (ani, staff, rahmat):
        with pytest.raises(StepRefused):
            takeovers.take_over(ikm, by=by)


def test_what_an_officer_ticked_ends_with_the_owners_own_word(ikm, ani, rahmat):
    ticked = consent.give(ikm.organisation, by=ani)
    assert not consent.is_own(ticked)
    assert takeovers.waits_for(ikm, rahmat)
    taken(ikm, rahmat)
    assert not takeovers.waits_for(ikm, rahmat)
    ticked.refresh_from_db()
    assert (ticked.withdrawn_at is not None, consent.current(ikm.organisation).user) == (True, rahmat)
    assert Ikm.objects.get().status == "approved"


def test_what_the_owner_changes_another_person_checks(ikm, office, ani, budi, rahmat):
    product = ikm.products.get()
    reviews.check_facts(ikm, by=budi, office=office, decisions={product: ("verified", "visit")})
    taken(ikm, rahmat)
    product = products.revise_product(ikm.products.get(), by=rahmat, capacity_per_month=Decimal(900))
    assert (product.evidence, product.changed_by) == (Evidence.CLAIMED, rahmat)
    # Ani entered it: still another officer's turn.
    with pytest.raises((SamePerson, reviews.SamePerson)):
        reviews.check_facts(ikm, by=ani, office=office, decisions={ikm.products.get(): ("verified", "visit")})
    reviews.check_facts(ikm, by=budi, office=office, decisions={ikm.products.get(): ("verified", "visit")})
    assert ikm.products.get().evidence == Evidence.VERIFIED


# --- Pages


def test_the_owner_sees_what_was_written_and_consents(client, ikm, ani, rahmat):
    client.force_login(rahmat)
    invitation = invited(ikm, ani)
    page = client.get(reverse("accounts:invitation", args=[invitation.token])).content.decode()
    assert "Ini usaha saya, ambil alih" in page
    joined = client.post(reverse("accounts:invitation", args=[invitation.token]))
    assert joined.url == reverse("ikm:takeover")
    page = client.get(joined.url).content.decode()
    assert "Ditulis oleh Ani" in page
    assert "Rak gudang" in page
    refused = client.post(joined.url)
    assert "Centang bila Anda setuju." in refused.content.decode()
    assert Consent.objects.count() == 0
    home = client.get(reverse("home"))
    assert (home.context["step"].title, home.context["step"].url) == (
        "Ambil alih profil usaha Anda",
        joined.url,
    )
    assert client.post(joined.url, {"consent": "on"}).url == reverse("ikm:profile")
    assert takeovers.standing(ikm).state == takeovers.TAKEN
    assert client.get(joined.url).url == reverse("ikm:profile")
    assert client.get(reverse("home")).context["step"].title != "Ambil alih profil usaha Anda"


def test_who_wrote_the_profile_has_nothing_to_take_over(client, office):
    ikm = offices.workshop(office, status="approved")
    client.force_login(ikm.entered_by)
    assert client.get(reverse("ikm:takeover")).url == reverse("ikm:profile")
    assert client.get(reverse("home")).context["step"].url != reverse("ikm:takeover")


def test_the_office_sees_who_has_taken_over(ikm, ani, office, rahmat):
    client = logged_in(ani)
    url = reverse("ikm:owner", args=[ikm.pk])
    assert "belum ada pemilik" in client.get(url).content.decode()
    sent = client.post(url, {"contact": "0812 0000 0009"})
    assert sent.url == url
    invitation = Invitation.objects.get()
    page = client.get(url).content.decode()
    assert "https://wa.me/6281200000009?text=" in page
    withdrawn = reverse("ikm:owner_invitation_withdraw", args=[ikm.pk, invitation.pk])
    assert client.post(withdrawn).url == url
    assert not Invitation.objects.open().exists()
    taken(ikm, rahmat)
    page = client.get(url).content.decode()
    assert "diberikan Rahmat pada 24 November 2026, teks 2026-11" in " ".join(page.split())
    assert "Undang pemilik" not in page
    assert "sudah punya pemilik" in client.post(url, {"contact": "0812 0000 0009"}).content.decode()


def test_the_list_of_the_office_by_hands(ikm, ani, office, rahmat):
    joined = written_by(ani, office, status="submitted")
    Membership.objects.create(user=offices.person("Siti"), organisation=joined.organisation, role="owner")
    own = written_by(ani, office)
    taken(own, rahmat)
    client = logged_in(ani)

    def listed(state: str) -> list[Ikm]:
        return list(client.get(reverse("ikm:of_the_office"), {"pemilik": state}).context["page"])

    assert (listed("belum"), listed("masuk"), listed("pegang")) == ([ikm], [joined], [own])
    assert listed("lain") == listed("")


def test_another_office_finds_nothing(ikm, office):
    elsewhere = offices.member(offices.office("36.04", name="Dinas Serang"), "Cici")
    assert logged_in(elsewhere).get(reverse("ikm:owner", args=[ikm.pk])).status_code == 404
    assert logged_in(ikm.entered_by).get(reverse("ikm:owner", args=[ikm.pk + 1])).status_code == 404


def test_the_contact_section_asks_the_owner_again(client, ikm, ani, rahmat):
    consent.give(ikm.organisation, by=ani)
    Membership.objects.create(user=rahmat, organisation=ikm.organisation, role="owner")
    client.force_login(rahmat)
    url = reverse("ikm:section", args=[ikm.pk, "contact"])
    page = client.get(url)
    assert 'name="consent"' in page.content.decode()
    answers = {"contact_name": "Rahmat", "whatsapp": "0812 0000 0001", "consent": "on"}
    client.post(url, answers | {"seen": page.context["form"].initial["seen"]})
    assert consent.current(ikm.organisation).user == rahmat
    assert 'name="consent"' not in client.get(url).content.decode()
