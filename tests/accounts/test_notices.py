"""News is told once: on the home page, by mail, and by a hand-over that logs nobody in."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Notification
from accounts.notices import notify
from tests.accounts.people import join, person
from web.models import OutgoingMail

pytestmark = pytest.mark.django_db

NEWS = {"title": "Profil disetujui", "text": "Profil Anda tampil.", "url": "/usaha/profil/"}


def mails() -> list[tuple[str, str]]:
    return sorted(OutgoingMail.objects.values_list("to", "subject"))


def test_the_same_news_is_told_once(cast):
    first = notify(cast.workshop, key="ikm-1-approved", **NEWS)
    assert notify(cast.workshop, key="ikm-1-approved", **NEWS) is None
    assert [*Notification.objects.all()] == [first]
    assert mails() == [
        ("pemilik@contoh.example", "Profil disetujui"),
        ("staf@contoh.example", "Profil disetujui"),
    ]


def test_members_who_left_and_people_without_address_get_no_mail(cast):
    cast.staff.memberships.update(left_on=timezone.localdate())
    join(cast.workshop, person("Tanpa Surel", phone="+6281211112222"), "staff")
    notify(cast.workshop, key="k", **NEWS)
    assert mails() == [("pemilik@contoh.example", "Profil disetujui")]


def test_news_for_one_person_is_for_that_person_alone(cast):
    news = notify(cast.workshop, key="k", user=cast.nobody, **NEWS)
    assert mails() == [("tanpa.usaha@contoh.example", "Profil disetujui")]
    assert [[*Notification.objects.for_user(each)] for each in (cast.nobody, cast.owner)] == [[news], []]


def test_news_of_an_organisation_is_for_those_who_work_there_now(cast):
    news = notify(cast.workshop, key="k", **NEWS)
    cast.staff.memberships.update(left_on=timezone.localdate())
    readers = (cast.owner, cast.staff, cast.stranger)
    assert [[*Notification.objects.for_user(each)] for each in readers] == [[news], [], []]


def test_lazy_texts_are_written_in_the_recipients_language(cast):
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(language="en")
    news = notify(cast.workshop, key="k", title=_("Keluar"), text="…", url="/")
    assert news.title in {"Keluar", "Log out", "Sign out"}
    assert "Yth." not in OutgoingMail.objects.get(to="pemilik@contoh.example").text or news.title == "Keluar"


def test_a_sender_may_hand_over_where_a_number_is_known(cast):
    assert notify(cast.workshop, key="1", sender=cast.office, **NEWS).whatsapp == ""
    join(cast.workshop, person("Bu Sri", phone="+6281211112222"), "staff")
    by_member = notify(cast.workshop, key="2", sender=cast.office, **NEWS)
    cast.workshop.whatsapp = "+6281200000001"
    by_organisation = notify(cast.workshop, key="3", sender=cast.office, **NEWS)
    without_sender = notify(cast.workshop, key="4", **NEWS)

    assert (by_member.whatsapp, by_organisation.whatsapp, without_sender.whatsapp) == (
        "+6281211112222",
        "+6281200000001",
        "",
    )
    assert [*Notification.objects.to_hand_over(cast.office)] == [by_member, by_organisation]


def test_news_for_one_person_goes_to_no_other_telephone(cast):
    cast.workshop.whatsapp = "+6281200000001"
    jaka = person("Jaka", phone="+6281211112222")
    numbers = [
        notify(cast.workshop, key=each.name, sender=cast.office, user=each, **NEWS).whatsapp
        for each in (cast.nobody, jaka)
    ]
    assert numbers == ["", "+6281211112222"]


def test_handing_over_is_kept_with_the_first_who_did_it(cast):
    cast.workshop.whatsapp = "+6281200000001"
    news = notify(cast.workshop, key="k", sender=cast.office, **NEWS)
    notices.hand_over(news, by=cast.officer)
    notices.hand_over(news, by=cast.head)
    assert Notification.objects.get(pk=news.pk).handed_over_by == cast.officer
    assert [*Notification.objects.to_hand_over(cast.office)] == []


def test_only_those_it_is_for_mark_it_read(cast):
    news = notify(cast.workshop, key="k", **NEWS)
    notices.mark_read(news, by=cast.stranger)
    assert Notification.objects.get(pk=news.pk).read_at is None
    notices.mark_read(news, by=cast.staff)
    read_at = Notification.objects.get(pk=news.pk).read_at
    notices.mark_read(news, by=cast.owner)
    assert (read_at is not None, Notification.objects.get(pk=news.pk).read_at) == (True, read_at)


def test_all_of_ones_own_are_marked_read_and_nobody_elses(cast):
    own, other = notify(cast.workshop, key="1", **NEWS), notify(cast.other, key="2", **NEWS)
    notices.mark_all_read(by=cast.owner)
    read = {each.pk: each.read_at is not None for each in Notification.objects.all()}
    assert read == {own.pk: True, other.pk: False}


def test_the_text_for_whatsapp_greets_tells_and_links(cast):
    news = notify(cast.workshop, key="k", sender=cast.office, **NEWS)
    lines = notices.whatsapp_text(news).split("\n\n")
    assert lines[:3] == ["Yth. Pemilik,", "Profil disetujui", "Profil Anda tampil."]
    assert lines[3].startswith(f"{settings.SITE_URL}/akun/kabar/")
    assert lines[4] == "Salam, Dinas Cilegon"


def test_a_link_leads_to_its_news_for_sixty_days(cast, clock):
    news = notify(cast.workshop, key="k", sender=cast.office, **NEWS)
    token = notices.link_of(news).rstrip("/").rpartition("/")[2]
    assert notices.by_token(token) == news
    assert notices.by_token(f"{token}x") is None
    clock.shift(timedelta(days=61))
    assert notices.by_token(token) is None
