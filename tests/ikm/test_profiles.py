"""From the first line to the withdrawal: who may, what is remembered, what is refused."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import consent
from accounts.access import roles_of
from accounts.models import Evidence, Membership, Notification, Organisation
from catalogue.models import Area
from ikm import profiles, sections
from ikm.models import Ikm
from ikm.signals import supply_changed
from tests import offices
from tests.ikm.people import around_a_workshop
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def siti():
    return offices.person("Siti Aminah", phone="+6281234567890")


def citangkil():
    return Area.objects.get(code="36.72.08.1007")


def started(by, **fields):
    return profiles.start_profile(by=by, name="CV Maju Jaya", area=citangkil(), **fields)


def complete(ikm, *, by):
    """Everything that a submission needs."""
    profiles.revise_section(ikm, section="size", by=by, workers=9, investment_band="0-1")
    offices.add_facts(ikm, by=by)
    consent.give(ikm.organisation, by=by)
    return Ikm.objects.get(pk=ikm.pk)


def stored(ikm):
    return Ikm.objects.select_related("organisation").get(pk=ikm.pk)


# --- Start


def test_a_profile_begins_with_what_is_known_already(office, siti):
    ikm = stored(started(siti, nib="0001234567890"))

    of = ikm.organisation
    assert (of.kind, of.name, of.nib, of.area_id) == ("ikm", "CV Maju Jaya", "0001234567890", "36.72.08.1007")
    assert (of.contact_name, of.whatsapp, of.email) == ("Siti Aminah", "+6281234567890", siti.email)
    assert of.reviewing_office == office
    assert (ikm.status, ikm.legal_form, ikm.entered_by, ikm.changed_by) == ("draft", "CV", siti, siti)
    assert Membership.objects.get(organisation=of).role == "owner"


def test_the_number_that_was_typed_wins_over_the_login_number(siti):
    assert started(siti, whatsapp="+6281999999999").organisation.whatsapp == "+6281999999999"


def test_the_same_name_again_is_the_same_draft(siti):
    first = started(siti)
    assert profiles.start_profile(by=siti, name="cv. maju  JAYA", area=citangkil()) == first
    assert Organisation.objects.of_kind("ikm").count() == 1


def test_another_person_or_another_name_is_another_draft(siti):
    started(siti)
    started(offices.person("Budi"))
    profiles.start_profile(by=siti, name="CV Maju Sentosa", area=citangkil())
    assert Ikm.objects.count() == 3


def test_an_officer_enters_it_for_an_owner_who_comes_later(office):
    officer = offices.member(office, "Ani")
    ikm = profiles.start_profile(
        by=officer, name="UD Tekuk", role=None, area=citangkil(), contact_name="Pak Udin"
    )
    assert not Membership.objects.filter(organisation=ikm.organisation).exists()
    assert (ikm.entered_by, ikm.organisation.contact_name, ikm.organisation.email) == (
        officer,
        "Pak Udin",
        "",
    )
    assert roles_of(officer, ikm.organisation) == {"officer"}


# --- Roles


def test_roles_follow_the_organisation_and_its_office():
    people = around_a_workshop()
    roles = {
        who: roles_of(getattr(people, who), people.ikm.organisation)
        for who in ("owner", "staff", "officer", "stranger")
    }
    assert roles == {"owner": {"owner"}, "staff": {"staff"}, "officer": {"officer"}, "stranger": set()}


def test_who_left_has_no_role():
    people = around_a_workshop()
    Membership.objects.filter(user=people.staff).update(left_on=date.today())
    assert roles_of(people.staff, people.ikm.organisation) == set()


# --- Answers


def test_a_section_saves_and_is_remembered_as_done(siti):
    ikm = profiles.revise_section(started(siti), section="size", by=siti, workers=12, investment_band="1-5")
    ikm = stored(ikm)
    assert (ikm.workers, ikm.investment_band, ikm.done_sections) == (12, "1-5", ["size"])


def test_answers_go_to_the_profile_and_to_its_organisation(siti):
    ikm = started(siti)
    profiles.revise_section(
        ikm, section="identity", by=siti, name="PT Maju", legal_form="PT", nib="9" * 13, npwp=""
    )
    ikm = stored(ikm)
    assert (ikm.organisation.name, ikm.legal_form, ikm.organisation.nib) == ("PT Maju", "PT", "9" * 13)


def test_a_foreign_answer_is_a_mistake_of_the_programmer(siti):
    with pytest.raises(TypeError, match="status"):
        profiles.revise_section(started(siti), section="size", by=siti, status="approved")


@pytest.mark.parametrize(
    ("section", "fields", "evidence"),
    [
        ("identity", {"nib": "1234567890123"}, "claimed"),
        ("place", {"address": "Jl. Baru 1"}, "claimed"),
        ("size", {"workers": 30}, "verified"),
        ("contact", {"phone": "+62254391234"}, "verified"),
        ("identity", {"about": "Rak dan palet."}, "verified"),
    ],
)
def test_only_a_new_identity_makes_the_profile_a_claim_again(section, fields, evidence):
    people = around_a_workshop(
        status="approved", evidence="verified", checked_on=date(2026, 11, 1), method="visit"
    )
    profiles.revise_section(people.ikm, section=section, by=people.owner, **fields)
    ikm = stored(people.ikm)
    assert (ikm.evidence, ikm.status) == (evidence, "approved")


def test_another_area_moves_the_draft_to_its_office(office, siti):
    serang = offices.office("36.04", name="Dinas Serang")
    ikm = started(siti)
    area = Area.objects.get(code="36.04.05")
    profiles.revise_section(ikm, section="place", by=siti, area=area, address="", postcode="")
    assert stored(ikm).organisation.reviewing_office == serang


def test_a_stale_tab_is_told_what_is_stored(siti):
    ikm = started(siti)
    seen = fingerprint({"workers": None, "investment_band": ""})
    profiles.revise_section(ikm, section="size", by=siti, seen=seen, workers=5, investment_band="0-1")
    with pytest.raises(Stale) as stale:
        profiles.revise_section(ikm, section="size", by=siti, seen=seen, workers=7, investment_band="0-1")
    assert stale.value.stored == {"workers": 5, "investment_band": "0-1"}
    assert stored(ikm).workers == 5


def test_a_double_submit_of_the_same_answers_is_no_conflict(siti):
    ikm = started(siti)
    seen = fingerprint({"workers": None, "investment_band": ""})
    for _ in range(2):
        profiles.revise_section(ikm, section="size", by=siti, seen=seen, workers=5, investment_band="0-1")
    assert stored(ikm).workers == 5


# --- The task list


def test_a_new_profile_has_done_what_the_start_asked(siti):
    assert sections.done(sections.contents(started(siti))) == {
        "identity": True,
        "place": True,
        "size": False,
        "products": False,
        "processes": False,
        "certificates": False,
        "contact": False,
    }


def test_none_yet_is_an_answer_for_processes_and_certificates_only(siti):
    ikm = started(siti)
    for section in ("certificates", "processes", "products"):
        profiles.skip_section(ikm, section=section, by=siti)
    done = sections.done(sections.contents(stored(ikm)))
    assert (done["certificates"], done["processes"], done["products"]) == (True, True, False)


def test_consent_that_was_taken_back_is_asked_again(siti):
    ikm = complete(started(siti), by=siti)
    assert sections.missing(sections.contents(ikm)) == []
    consent.withdraw(ikm.organisation, by=siti)
    assert sections.missing(sections.contents(ikm)) == ["contact"]


def test_after_a_section_comes_the_next_open_one_and_in_the_end_none(siti):
    ikm = started(siti)
    held = sections.contents(ikm)
    assert sections.next_after(held, "size") == "products"
    assert sections.next_after(held, "contact") == "size"
    assert sections.next_after(sections.contents(complete(ikm, by=siti)), "contact") is None


# --- Submit, recall, confirm, withdraw


def test_submitting_says_that_all_is_so_and_tells_the_office_once(office, siti):
    ikm = profiles.submit(complete(started(siti), by=siti), by=siti)
    assert (ikm.status, ikm.submitted_by, ikm.confirmed_on is not None) == ("submitted", siti, True)
    notice = Notification.objects.get(organisation=office)
    assert notice.url == reverse("ikm:review", args=[ikm.pk])
    assert "CV Maju Jaya" in notice.title


def test_an_incomplete_profile_is_not_sent_and_says_what_is_missing(siti):
    with pytest.raises(profiles.NotComplete) as refused:
        profiles.submit(started(siti), by=siti)
    assert refused.value.missing == ["size", "products", "processes", "certificates", "contact"]


def test_a_second_submit_is_no_step(siti):
    ikm = profiles.submit(complete(started(siti), by=siti), by=siti)
    with pytest.raises(StepRefused):
        profiles.submit(ikm, by=siti)


def test_a_stranger_takes_no_step(office, siti):
    ikm = complete(started(siti), by=siti)
    stranger = offices.person("Orang Lain")
    with pytest.raises(StepRefused):
        profiles.submit(ikm, by=stranger)


def test_what_is_reviewed_is_not_changed_by_its_owner_but_by_an_officer():
    people = around_a_workshop(status="submitted")
    with pytest.raises(StepRefused):
        profiles.revise_section(people.ikm, section="size", by=people.owner, workers=3, investment_band="0-1")
    profiles.revise_section(people.ikm, section="size", by=people.officer, workers=3, investment_band="0-1")
    assert stored(people.ikm).workers == 3


def test_recall_gives_it_back_and_a_new_submit_tells_the_office_again(office, siti):
    ikm = profiles.submit(complete(started(siti), by=siti), by=siti)
    ikm = profiles.recall(ikm, by=siti)
    assert (ikm.status, ikm.submitted_at) == ("draft", None)
    profiles.submit(ikm, by=siti)
    assert Notification.objects.filter(organisation=office).count() == 2


def test_an_officer_does_not_recall():
    people = around_a_workshop(status="submitted")
    with pytest.raises(StepRefused):
        profiles.recall(people.ikm, by=people.officer)


def test_confirming_is_for_published_profiles_and_their_people():
    people = around_a_workshop(status="approved")
    assert profiles.confirm(people.ikm, by=people.staff).confirmed_on is not None
    with pytest.raises(StepRefused):
        profiles.confirm(people.ikm, by=people.stranger)
    Ikm.objects.filter(pk=people.ikm.pk).update(status="draft")
    with pytest.raises(StepRefused):
        profiles.confirm(people.ikm, by=people.owner)


def test_withdrawing_needs_a_reason_and_can_be_undone_by_sending_again():
    people = around_a_workshop(status="approved", legal_form="CV")
    with pytest.raises(ValueError):
        profiles.withdraw(people.ikm, by=people.owner, reason="  ")
    ikm = profiles.withdraw(people.ikm, by=people.owner, reason="Pindah kota.")
    assert (ikm.status, ikm.withdrawal_reason) == ("withdrawn", "Pindah kota.")
    Organisation.objects.filter(pk=ikm.organisation_id).update(contact_name="Pak Asli")
    profiles.revise_section(ikm, section="size", by=people.owner, workers=3, investment_band="0-1")
    consent.give(ikm.organisation, by=people.owner)
    ikm = profiles.submit(stored(ikm), by=people.owner)
    assert (ikm.status, ikm.withdrawal_reason) == ("submitted", "")


def test_staff_does_not_withdraw():
    people = around_a_workshop(status="approved")
    with pytest.raises(StepRefused):
        profiles.withdraw(people.ikm, by=people.staff, reason="Iseng.")


def test_the_right_hears_of_every_change_after_commit(siti, django_capture_on_commit_callbacks):
    heard = []

    def listen(ikm_ids, **_):
        heard.append(ikm_ids)

    supply_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            ikm = started(siti)
            assert heard == []
    finally:
        supply_changed.disconnect(listen)
    assert heard == [[ikm.pk]]


def test_a_rejected_identity_that_is_changed_is_a_claim_again():
    people = around_a_workshop(status="approved")
    profiles.revise_section(people.ikm, section="identity", by=people.owner, nib="1" * 13)
    ikm = stored(people.ikm)
    assert (ikm.evidence, ikm.changed_by) == (Evidence.CLAIMED, people.owner)
