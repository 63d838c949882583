"""Invitation, acceptance, leaving, and the switch of an office with one officer."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts import memberships
from accounts.models import Invitation, Membership, Organisation
from accounts.people import has_confirmed_address
from tests.accounts.people import area, join, person
from tests.browsers import logged_in
from web.models import OutgoingMail

pytestmark = pytest.mark.django_db


def current(organisation: Organisation) -> list[tuple[str, str]]:
    members = organisation.memberships.current().order_by("pk")
    return [(member.user.name, member.role) for member in members]


def invited(cast, **fields) -> Invitation:
    return memberships.invite(
        cast.workshop, by=cast.owner, **{"role": "staff", "email": "baru@contoh.example"} | fields
    )


def test_an_invitation_goes_by_mail_with_its_link(cast):
    invitation = invited(cast)
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ("baru@contoh.example", "Undangan bergabung dengan CV Rak Baja")
    assert f"{settings.SITE_URL}/akun/undangan/{invitation.token}/" in mail.text


def test_a_second_invitation_to_the_same_address_renews_the_first(cast, clock):
    first = invited(cast)
    clock.shift(timedelta(days=3))
    again = invited(cast, email="Baru@Contoh.example", role="owner")
    assert (again.pk, again.role, again.expires_at - first.expires_at >= timedelta(days=3)) == (
        first.pk,
        "owner",
        True,
    )
    assert OutgoingMail.objects.count() == 2


def test_an_invitation_by_number_sends_nothing_itself(cast):
    assert invited(cast, email="", phone="+6281211112222").phone == "+6281211112222"
    assert OutgoingMail.objects.count() == 0


def test_only_who_leads_invites(cast):
    for by in (cast.staff, cast.stranger, cast.nobody, cast.officer):
        with pytest.raises(PermissionError):
            memberships.invite(cast.workshop, by=by, role="staff", email="x@contoh.example")
    assert (
        memberships.invite(cast.office, by=cast.head, role="officer", email="x@contoh.example").role
        == "officer"
    )


def test_where_nobody_leads_every_member_does(cast):
    assert memberships.leads(cast.far_office, cast.far_officer) is True
    assert memberships.leads(cast.office, cast.officer) is False


def test_a_role_of_another_kind_of_organisation_is_refused(cast):
    with pytest.raises(ValueError, match="no role head in ikm"):
        invited(cast, role="head")


def test_a_member_is_not_invited(cast):
    with pytest.raises(ValidationError, match="sudah menjadi anggota"):
        invited(cast, email="STAF@contoh.example")


def test_accepting_makes_a_member_once(cast):
    invitation = invited(cast)
    memberships.accept(invitation, by=cast.nobody)
    assert current(cast.workshop)[-1] == ("Tanpa Usaha", "staff")
    with pytest.raises(ValidationError, match="sudah dipakai"):
        memberships.accept(invitation, by=cast.stranger)


def test_an_invitation_ends_after_a_fortnight(cast, clock):
    invitation = invited(cast)
    clock.shift(timedelta(days=14))
    with pytest.raises(ValidationError, match="lewat waktunya"):
        memberships.accept(invitation, by=cast.nobody)


def test_a_withdrawn_invitation_does_not_work(cast):
    invitation = invited(cast)
    with pytest.raises(PermissionError):
        memberships.withdraw_invitation(invitation, by=cast.staff)
    memberships.withdraw_invitation(invitation, by=cast.owner)
    with pytest.raises(ValidationError):
        memberships.accept(invitation, by=cast.nobody)


def test_the_link_of_a_mail_confirms_the_address_it_went_to(cast):
    newcomer = person("Baru")
    newcomer.emailaddress_set.update(verified=False)
    memberships.accept(invited(cast, email="baru@contoh.example"), by=newcomer)
    assert has_confirmed_address(newcomer) is True


def test_a_link_that_was_passed_on_confirms_nothing(cast):
    newcomer = person("Lain Lagi")
    newcomer.emailaddress_set.update(verified=False)
    memberships.accept(invited(cast), by=newcomer)
    assert has_confirmed_address(newcomer) is False


def test_who_is_a_member_already_becomes_an_owner_and_is_never_lowered(cast):
    memberships.join(cast.workshop, cast.staff, role="owner")
    memberships.join(cast.workshop, cast.owner, role="staff")
    assert current(cast.workshop) == [("Pemilik", "owner"), ("Staf", "owner")]


def test_leaving_keeps_the_row_with_its_day(cast):
    membership = cast.staff.memberships.get()
    memberships.leave(membership, by=cast.staff)
    assert Membership.objects.get(pk=membership.pk).left_on == date(2026, 11, 24)
    assert current(cast.workshop) == [("Pemilik", "owner")]


def test_who_leads_removes_others_and_nobody_else_does(cast):
    membership = cast.staff.memberships.get()
    for by in (cast.stranger, cast.nobody, cast.officer):
        with pytest.raises(PermissionError):
            memberships.leave(membership, by=by)
    memberships.leave(membership, by=cast.owner)
    assert current(cast.workshop) == [("Pemilik", "owner")]


def test_the_last_who_leads_stays(cast):
    with pytest.raises(ValidationError, match="pemilik lain"):
        memberships.leave(cast.owner.memberships.get(), by=cast.owner)
    memberships.join(cast.workshop, cast.staff, role="owner")
    memberships.leave(cast.owner.memberships.get(), by=cast.owner)
    assert current(cast.workshop) == [("Staf", "owner")]


# --- One officer


def test_an_office_with_one_officer_may_let_one_person_enter_and_check(cast):
    memberships.allow_same_person(cast.far_office, allowed=True, by=cast.far_officer)
    assert Organisation.objects.get(pk=cast.far_office.pk).allows_same_person is True
    memberships.allow_same_person(cast.far_office, allowed=False, by=cast.far_officer)
    assert Organisation.objects.get(pk=cast.far_office.pk).allows_same_person is False


def test_an_office_with_two_may_not(cast):
    with pytest.raises(ValidationError, match="satu petugas"):
        memberships.allow_same_person(cast.office, allowed=True, by=cast.head)


def test_only_who_leads_the_office_decides_it(cast):
    for office, by in (
        (cast.office, cast.officer),
        (cast.far_office, cast.head),
        (cast.workshop, cast.owner),
    ):
        with pytest.raises(PermissionError):
            memberships.allow_same_person(office, allowed=True, by=by)


def test_a_second_officer_ends_it(cast):
    memberships.allow_same_person(cast.far_office, allowed=True, by=cast.far_officer)
    invitation = memberships.invite(
        cast.far_office, by=cast.far_officer, role="officer", phone="+6281211112222"
    )
    memberships.accept(invitation, by=cast.nobody)
    assert Organisation.objects.get(pk=cast.far_office.pk).allows_same_person is False


def test_the_switch_stands_in_the_record_of_changes_with_who_did_it(cast):
    logged_in(cast.far_officer).post("/akun/anggota/satu-petugas/", {"allowed": "1"})
    last = (
        apps.get_model("accounts.OrganisationEvent").objects.filter(pgh_obj=cast.far_office).latest("pgh_id")
    )
    who = last.pgh_context.metadata
    assert (last.allows_same_person, who["actor"], who["organisation"]) == (
        True,
        str(cast.far_officer.pk),
        cast.far_office.pk,
    )


# --- The pages


def test_an_owner_invites_on_the_page_and_the_number_gets_a_whatsapp_link(cast):
    browser = logged_in(cast.owner)
    response = browser.post("/akun/anggota/", {"role": "staff", "contact": "0812-1111-2222"})
    assert response.url == "/akun/anggota/"
    page = browser.get("/akun/anggota/")
    [invitation] = page.context["invitations"]
    assert invitation.whatsapp_link.startswith("https://wa.me/6281211112222?text=")
    assert [each.user for each in page.context["members"]] == [cast.owner, cast.staff]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"role": "staff"}, "contact"),
        ({"role": "staff", "contact": "0254 391234"}, "contact"),
        ({"role": "staff", "contact": "baru@"}, "contact"),
        ({"role": "staff", "contact": "x" * 10_000}, "contact"),
        ({"role": "head", "contact": "a@contoh.example"}, "role"),
        ({"contact": "a@contoh.example"}, "role"),
    ],
)
def test_an_invitation_needs_one_address_and_a_role_of_the_house(cast, data, field):
    response = logged_in(cast.owner).post("/akun/anggota/", data)
    assert (response.status_code, [*response.context["form"].errors]) == (200, [field])


def test_staff_see_the_members_but_do_not_invite(cast):
    browser = logged_in(cast.staff)
    assert browser.get("/akun/anggota/").context["may_lead"] is False
    assert browser.post("/akun/anggota/", {"role": "staff", "contact": "a@contoh.example"}).status_code == 404


def test_a_stranger_cannot_touch_members_or_invitations_of_others(cast):
    invitation, membership = invited(cast), cast.staff.memberships.get()
    browser = logged_in(cast.stranger)
    assert [
        browser.post(f"/akun/undangan/{invitation.pk}/batalkan/").status_code,
        browser.get(f"/akun/anggota/{membership.pk}/akhiri/").status_code,
        browser.post(f"/akun/anggota/{membership.pk}/akhiri/").status_code,
        browser.get("/akun/anggota/999999/akhiri/").status_code,
    ] == [404, 404, 404, 404]


def test_staff_may_leave_but_not_remove_the_owner(cast):
    browser = logged_in(cast.staff)
    owner, own = cast.owner.memberships.get(), cast.staff.memberships.get()
    assert browser.get(f"/akun/anggota/{owner.pk}/akhiri/").status_code == 404
    assert browser.get(f"/akun/anggota/{own.pk}/akhiri/").status_code == 200
    assert browser.post(f"/akun/anggota/{own.pk}/akhiri/").url == "/beranda/"
    assert current(cast.workshop) == [("Pemilik", "owner")]


def test_an_invited_stranger_logs_in_first_and_acts_for_the_organisation_then(cast, client):
    path = f"/akun/undangan/{invited(cast).token}/"
    assert b"Buat akun" in client.get(path).content
    assert client.post(path).status_code == 200
    browser = logged_in(cast.nobody)
    assert browser.post(path).url == "/beranda/"
    assert browser.get("/akun/anggota/").context["organisation"] == cast.workshop
    assert "sudah dipakai" in client.get(path).content.decode()


def test_an_unknown_token_is_not_found(client, cast):
    assert client.get("/akun/undangan/tidak-ada/").status_code == 404


def test_an_office_of_one_sees_the_switch_explained(cast):
    lone = join(cast.far_office, person("Kepala Jauh"), "head")
    cast.far_officer.memberships.update(left_on=date(2026, 11, 24))
    page = logged_in(lone).get("/akun/anggota/").content.decode()
    assert "Izinkan satu petugas memasukkan dan memeriksa" in page
    assert (
        "Pengecualian hanya untuk Dinas dengan satu petugas"
        in logged_in(cast.head).get("/akun/anggota/").content.decode()
    )


def test_area_of_the_cast_is_real():
    assert area("36.72").name
