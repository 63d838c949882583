""" "Still correct" by a signed link, and what does not count as a confirmation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from ikm import certificates, confirming, processes, products, profiles
from ikm.models import Ikm, IkmEvent
from ikm.templatetags.ikm import confirmed_words
from tests import offices, races
from web.formats import phone

LONG_AGO = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(offices.MORNING) as traveller:
        yield traveller


@pytest.fixture
def ikm(db) -> Ikm:
    found = offices.workshop(offices.office(), status="approved")
    Ikm.objects.filter(pk=found.pk).update(confirmed_on=LONG_AGO)
    found.refresh_from_db()
    return found


def confirmed_on(ikm: Ikm) -> date:
    return Ikm.objects.get(pk=ikm.pk).confirmed_on


def test_a_look_confirms_nothing_and_one_tap_does(client, ikm):
    url = confirming.path_of(ikm)
    page = client.get(url)
    assert (page.status_code, confirmed_on(ikm)) == (200, LONG_AGO)
    assert client.head(url).status_code == 200
    assert confirmed_on(ikm) == LONG_AGO
    text = page.content.decode().replace("\xa0", " ")
    assert confirmed_words(LONG_AGO) == "dipastikan 7 bulan lalu"
    assert "dipastikan 7 bulan lalu" in text
    assert "Rak gudang" in text
    assert "200 pcs per bulan" in text

    done = client.post(url)
    assert (done.status_code, confirmed_on(ikm)) == (200, timezone.localdate())
    assert "tercatat masih benar hari ini" in done.content.decode()
    for again in (client.post(url), client.get(url)):
        assert again.status_code == 410
        assert "sudah dipakai" in again.content.decode()


def test_the_page_shows_no_contact_and_logs_nobody_in(client, ikm):
    of = ikm.organisation
    of.contact_name, of.email, of.npwp, of.address = (
        "Ibu Sari",
        "sari@contoh.example",
        "012345678901000",
        "Gang 9",
    )
    of.save()
    url = confirming.path_of(ikm)
    for page in (client.get(url), client.post(url)):
        text = page.content.decode()
        words = ("Ibu Sari", "sari@", "1000", "Gang 9", "81200000001", phone("+6281200000001"), "NIB")
        assert not [word for word in words if word in text]
    assert "_auth_user_id" not in client.session


def test_the_record_says_that_it_came_by_link(client, ikm):
    client.post(confirming.path_of(ikm))
    event = IkmEvent.objects.filter(pgh_obj=ikm, pgh_label="update").latest("pgh_id")
    assert (event.confirmed_on, event.pgh_context.metadata["actor"]) == (timezone.localdate(), "link")


def test_a_link_ends(client, ikm, clock):
    url = confirming.path_of(ikm)
    clock.shift(confirming.LASTS + timedelta(minutes=1))
    page = client.post(url)
    assert (page.status_code, confirmed_on(ikm)) == (410, LONG_AGO)
    assert "lewat waktunya" in page.content.decode()
    assert client.post(reverse("ikm:still_correct", args=["rusak"])).status_code == 410


def test_a_link_to_what_is_not_shown_is_void(client, ikm):
    url = confirming.path_of(ikm)
    profiles.withdraw(ikm, by=ikm.entered_by, reason="Pindah.")
    assert client.get(url).status_code == 410
    assert client.post(url).status_code == 410
    assert confirmed_on(ikm) == LONG_AGO


def test_a_confirmation_in_between_voids_older_links(client, ikm):
    url = confirming.path_of(ikm)
    profiles.confirm(ikm, by=ikm.entered_by)
    assert client.post(url).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_confirm_once():
    found = offices.workshop(offices.office(), status="approved")
    Ikm.objects.filter(pk=found.pk).update(confirmed_on=LONG_AGO)
    found.refresh_from_db()
    token = confirming.path_of(found).split("/")[-2]
    assert races.both(lambda number: confirming.confirm_by_link(token)) == ["LinkRefused", "done"]


def test_the_link_is_handed_over_as_it_is(ikm):
    news = notices.notify(
        ikm.organisation,
        key="x",
        title="Masih benar?",
        text="Periksa.",
        url=confirming.path_of(ikm),
        sender=ikm.organisation.reviewing_office,
    )
    assert "/usaha/masih-benar/" in notices.whatsapp_text(news)
    assert "/akun/kabar/" not in notices.whatsapp_text(news)


def test_from_home_it_is_one_tap(client, ikm):
    client.force_login(ikm.entered_by)
    page = client.get(reverse("home"))
    assert reverse("ikm:confirm", args=[ikm.pk]) in page.content.decode()
    done = client.post(reverse("ikm:confirm", args=[ikm.pk]), {"dari": "beranda"})
    assert (done.url, confirmed_on(ikm)) == (reverse("home"), timezone.localdate())


def test_saving_without_a_change_confirms_nothing(ikm):
    owner, product = ikm.entered_by, ikm.products.get()
    certificate = ikm.certificates.get()
    profiles.revise_section(ikm, section="size", by=owner, workers=ikm.workers)
    profiles.skip_section(ikm, section="certificates", by=owner)
    products.revise_product(product, by=owner, capacity_per_month=product.capacity_per_month)
    certificates.revise_certificate(certificate, by=owner, number=certificate.number)
    processes.state_processes(ikm, by=owner, held=["las-gmaw"], asked=["las-gmaw"])
    processes.describe_machines(ikm, by=owner, machines={"las-gmaw": "2 mesin las CO2"})
    assert confirmed_on(ikm) == LONG_AGO


def test_a_change_of_one_thing_does_not_vouch_for_the_rest(ikm):
    products.revise_product(ikm.products.get(), by=ikm.entered_by, capacity_per_month=Decimal(100))
    assert confirmed_on(ikm) == LONG_AGO
