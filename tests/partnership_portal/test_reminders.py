from datetime import date, timedelta
from itertools import product

import pytest
import time_machine

from accounts.models import Notification, ReminderPolicy
from ikm import profiles
from ikm.models import Certificate, Ikm
from industry.models import Interest, Need
from partnership_portal import reminders
from partnership_portal.tasks import remind
from tests import offices, races
from web.models import OutgoingMail

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(offices.MORNING) as traveller:
        yield traveller


@pytest.fixture
def office(db):
    return offices.office()


@pytest.fixture
def ikm(office) -> Ikm:
    return offices.workshop(office, status="approved", facts=False)


def age(ikm: Ikm, confirmed_on: date) -> Ikm:
    Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=confirmed_on)
    ikm.refresh_from_db()
    return ikm


def holds(ikm: Ikm, ends: date, **fields) -> Certificate:
    fields = {"kind_id": "iso-9001", "number": f"C {ends}"} | fields
    return Certificate.objects.create(ikm=ikm, valid_until=ends, changed_by=ikm.entered_by, **fields)


def told(of) -> list[str]:
    return list(Notification.objects.filter(organisation=of).order_by("pk").values_list("title", flat=True))


def each_day(clock, first: date, last: date) -> dict[date, int]:
    """How many reminders each day's run told, days without any left out."""
    found = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        clock.move_to(offices.MORNING + (day - TODAY))
        if count := reminders.run():
            found[day] = count
    return found


def test_a_profile_is_asked_after_at_five_six_nine_eleven_months_and_two_weeks_before_it_leaves(ikm, clock):
    age(ikm, TODAY)
    assert list(each_day(clock, TODAY, date(2027, 12, 31))) == [
        date(2027, 4, 24),
        date(2027, 5, 24),
        date(2027, 8, 24),
        date(2027, 10, 24),
        date(2027, 11, 10),
    ]
    texts = Notification.objects.order_by("pk").values_list("text", flat=True)
    assert texts[0].startswith("Terakhir Anda pastikan pada 24 November 2026. Pembeli lebih percaya")
    assert "Sesudah 24 November 2027 profil Anda tidak dicocokkan lagi." in texts[1]


def test_a_confirmation_starts_the_count_afresh(ikm, clock):
    age(ikm, date(2026, 6, 24))
    assert (reminders.run(), reminders.run()) == (1, 0)
    profiles.confirm(ikm, by=ikm.entered_by)
    assert reminders.run() == 0
    clock.move_to(offices.MORNING + timedelta(days=160))
    assert (reminders.run(), reminders.run()) == (1, 0)


def test_after_days_without_a_worker_only_the_nearest_step_is_told(ikm):
    age(ikm, date(2025, 12, 5))
    certificate = holds(ikm, TODAY + timedelta(days=20))
    assert reminders.run() == 2
    assert sorted(Notification.objects.values_list("key", flat=True)) == [
        f"certificate-{certificate.pk}-2026-12-14-30",
        f"confirm-{ikm.pk}-2025-12-05-14d",
    ]
    assert reminders.run() == 0


def test_who_left_the_lists_long_ago_hears_it_once(ikm):
    age(ikm, date(2024, 1, 1))
    assert (reminders.run(), reminders.run()) == (1, 0)
    assert told(ikm.organisation) == ["Profil Anda tidak lagi dicocokkan"]


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "withdrawn"])
def test_only_published_profiles_are_asked_after(office, status):
    age(offices.workshop(office, status=status, facts=False), date(2026, 1, 1))
    assert reminders.run() == 0


def test_the_reminder_is_one_tap_and_may_go_by_whatsapp(ikm, client, office):
    age(ikm, date(2026, 5, 1))
    reminders.run()
    news = Notification.objects.get()
    assert (news.sender, news.whatsapp) == (office, "+6281200000001")
    [mail] = OutgoingMail.objects.all()
    assert "http://" in mail.text
    assert news.url in mail.text
    assert list(Notification.objects.to_hand_over(office)) == [news]
    assert client.post(news.url).status_code == 200
    assert Ikm.objects.get().confirmed_on == TODAY
    # Nobody is asked, or sends the question on, when it is answered.
    assert not Notification.objects.unread().exists()
    assert not Notification.objects.to_hand_over(office).exists()


def test_a_certificate_is_told_of_at_180_90_30_and_0_days(ikm, clock):
    ends = date(2027, 6, 30)
    holds(ikm, ends)
    days = each_day(clock, TODAY, date(2027, 8, 5))
    of_certificates = Notification.objects.filter(key__startswith="certificate-").order_by("pk")
    assert [day for day in days if (ends - day).days in {180, 90, 30, 0}] == [
        date(2027, 1, 1),
        date(2027, 4, 1),
        date(2027, 5, 31),
        ends,
    ]
    assert [row.title for row in of_certificates] == [
        "Sertifikat ISO 9001 Sistem Manajemen Mutu berakhir dalam 180 hari",
        "Sertifikat ISO 9001 Sistem Manajemen Mutu berakhir dalam 90 hari",
        "Sertifikat ISO 9001 Sistem Manajemen Mutu berakhir dalam 30 hari",
        "Sertifikat ISO 9001 Sistem Manajemen Mutu berakhir hari ini",
    ]
    assert of_certificates[0].url == f"/usaha/profil/{ikm.pk}/sertifikat/{ikm.certificates.get().pk}/"


def test_what_ran_out_long_ago_or_was_renewed_is_no_news(ikm, office):
    holds(ikm, TODAY - timedelta(days=31))
    holds(ikm, TODAY + timedelta(days=10), kind_id="iso-14001")
    holds(ikm, TODAY + timedelta(days=900), kind_id="iso-14001")
    holds(offices.workshop(office, status="withdrawn", facts=False, name="CV Pindah"), TODAY)
    retired = holds(ikm, TODAY, kind_id="iso-45001")
    Certificate.objects.filter(pk=retired.pk).update(retired_at=offices.MORNING)
    assert reminders.run() == 0


def test_a_new_date_is_a_new_count(ikm):
    certificate = holds(ikm, TODAY + timedelta(days=25))
    assert reminders.run() == 1
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=TODAY + timedelta(days=85))
    assert (reminders.run(), reminders.run()) == (1, 0)


def test_the_buyer_whose_csms_it_is_hears_too(ikm, office):
    buyer = offices.company(office, status="reviewed").organisation
    holds(ikm, TODAY + timedelta(days=30), kind_id="csms", for_company=buyer)
    assert (reminders.run(), reminders.run()) == (2, 0)
    [title] = told(buyer)
    assert title.startswith("CSMS")
    assert title.endswith("milik CV Rak Baja Citangkil berakhir dalam 30 hari")
    news = Notification.objects.get(organisation=buyer)
    assert (news.sender, news.whatsapp) == (None, "")


def need(office, *, ends: date, **fields) -> Need:
    company = offices.company(office, status="reviewed")
    return Need.objects.create(
        company=company,
        office=office,
        title="Rak gudang",
        category_id="rak-gudang",
        quantity=10,
        unit_id="pcs",
        start=TODAY - timedelta(days=30),
        end=ends,
        status="open",
        opened_at=offices.MORNING,
        **fields,
    )


def interested(of: Need, ikm: Ikm, status: str) -> Interest:
    return Interest.objects.create(
        need=of,
        organisation=ikm.organisation,
        status=status,
        moved_side="workshop",
        reason="full" if status == "declined" else "",
        **{f"{status}_at": offices.MORNING},
    )


def test_a_need_that_ends_is_told_of_at_5_and_1_days(office, ikm, clock):
    ending = need(office, ends=TODAY + timedelta(days=6))
    others = {
        status: offices.workshop(office, status="approved", facts=False, name=f"CV {status}")
        for status in ("invited", "declined")
    }
    interested(ending, ikm, "interested")
    for status, workshop in others.items():
        interested(ending, workshop, status)
    assert each_day(clock, TODAY, TODAY + timedelta(days=9)) == {
        TODAY + timedelta(days=1): 3,
        TODAY + timedelta(days=5): 3,
    }
    assert told(ending.company.organisation) == [
        "Batas waktu 5 hari lagi: Rak gudang",
        "Batas waktu 1 hari lagi: Rak gudang",
    ]
    assert len(told(ikm.organisation)) == len(told(others["invited"].organisation)) == 2
    assert told(others["declined"].organisation) == []
    invited = Notification.objects.filter(organisation=others["invited"].organisation).first()
    assert invited.text.startswith("PT Baja Samudra mengundang Anda. Jawab sebelum lewat 30 November 2026")
    assert invited.url == f"/kebutuhan/{ending.pk}/" or invited.url.endswith(f"/{ending.pk}/")


def test_a_closed_need_is_not_told_of(office):
    ending = need(office, ends=TODAY + timedelta(days=1))
    Need.objects.filter(pk=ending.pk).update(
        status="closed", closed_at=offices.MORNING, close_reason="cancelled"
    )
    assert reminders.run() == 0


def test_the_days_are_policy(ikm):
    ReminderPolicy.objects.create(confirm_months=[2], leaving_days=[], certificate_days=[7], need_days=[])
    age(ikm, date(2026, 9, 24))
    holds(ikm, TODAY + timedelta(days=20))
    assert reminders.run() == 1
    assert Notification.objects.get().key == f"confirm-{ikm.pk}-2026-09-24-2m"


def test_one_that_fails_does_not_keep_the_others(ikm, office, monkeypatch, caplog):
    other = offices.workshop(office, status="approved", facts=False, name="CV Lain")
    for each in (ikm, other):
        age(each, date(2026, 5, 1))
    path_of = reminders.confirming.path_of

    def broken(of: Ikm) -> str:
        if of.pk == ikm.pk:
            raise ValueError("away")
        return path_of(of)

    monkeypatch.setattr(reminders.confirming, "path_of", broken)
    assert reminders.run() == 1
    assert f"reminder confirm-{ikm.pk}" in caplog.text
    monkeypatch.undo()
    assert reminders.run() == 1


def test_the_language_is_the_owners(ikm):
    owner = ikm.entered_by
    owner.language = "en"
    owner.save()
    age(ikm, date(2026, 5, 1))
    holds(ikm, TODAY + timedelta(days=30))
    reminders.run()
    assert "24 November 2026" not in Notification.objects.get(key__startswith="confirm").title
    assert Notification.objects.get(key__startswith="certificate").title.startswith(
        ("Sertifikat", "ISO", "Cert")
    )


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_each_thing_once():
    place = offices.office()
    for number in range(5):
        workshop = offices.workshop(place, status="approved", facts=False, name=f"CV {number}")
        holds(age(workshop, date(2026, 5, 1)), TODAY + timedelta(days=30))
    assert races.both(lambda number: remind()) == ["done", "done"]
    assert (Notification.objects.count(), OutgoingMail.objects.count()) == (10, 10)
    remind()
    assert (Notification.objects.count(), OutgoingMail.objects.count()) == (10, 10)


def test_the_nearest_step_is_the_last_that_has_come():
    choices = [[], [0], [5, 1], [180, 90, 30, 0], [0, 30, 90, 180], [14]]
    for days, before in product(choices, range(200)):
        found = reminders.nearest(reminders.days_before(days, TODAY), TODAY - timedelta(days=before))
        come = [count for count in days if count >= before]
        assert found == (str(min(come)) if come else None), (days, before)


def test_the_statements_do_not_grow_with_what_was_told(ikm, office, django_assert_num_queries):
    for number in range(3):
        age(offices.workshop(office, status="approved", facts=False, name=f"CV {number}"), date(2026, 5, 1))
    assert reminders.run() == 3
    with django_assert_num_queries(5):  # policy, profiles, what was told of them, certificates, needs
        assert reminders.run() == 0
