""" "Ini usaha Anda?": looked for before a second profile of one workshop begins."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Claim, Notification
from ikm.models import Ikm, Product
from ikm.views import start
from tests import offices

pytestmark = pytest.mark.django_db
START = "/usaha/mulai/"
ANSWERS = {
    "name": "CV Roler Samangraya",
    "area": "36.72.08.1006",
    "area_kata": "Samangraya",
    "area_untuk": "Samangraya",
    "whatsapp": "0812 3456 7890",
    "nib": "",
}


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def siti(client, office):
    siti = offices.person("Siti Aminah")
    client.force_login(siti)
    return siti


@pytest.fixture
def known(office):
    ikm = offices.workshop(office, name="CV Roller Samangraya", status="approved", facts=False)
    Product.objects.create(ikm=ikm, name="Roller", category_id="roller-konveyor", unit_id="pcs")
    return ikm


def token(page):
    return re.search(r"/usaha/mulai/milik-saya/([^/]+)/", page.content.decode())[1]


def test_who_has_no_account_makes_one_first_and_comes_back(client):
    response = client.get(START)
    assert response["Location"] == f"{reverse('account_signup')}?next=/usaha/mulai/"


def test_an_unknown_workshop_begins_at_once(client, siti):
    response = client.post(START, ANSWERS)
    ikm = Ikm.objects.get()
    assertRedirects(response, reverse("ikm:workshop", args=[ikm.pk]))
    assert (ikm.organisation.name, ikm.organisation.whatsapp) == ("CV Roler Samangraya", "+6281234567890")
    assertContains(client.get(reverse("ikm:profile")), "CV Roler Samangraya")


def test_a_double_click_begins_one_profile(client, siti):
    for _ in range(2):
        client.post(START, ANSWERS)
    assert Ikm.objects.count() == 1


def test_a_similar_one_is_shown_with_just_enough_to_recognise_it(client, siti, known):
    page = client.post(START, ANSWERS)
    assertContains(page, "CV Roller Samangraya")
    assertContains(page, "Komponen Konveyor dan Alat Angkat")
    assertNotContains(page, "+6281200000001")
    assertNotContains(page, known.entered_by.email)
    assert Ikm.objects.count() == 1


def test_none_of_them_begins_a_new_one(client, siti, known):
    client.post(START, ANSWERS | {"baru": "1"})
    assert Ikm.objects.count() == 2


def test_yes_mine_is_a_claim_that_the_office_decides(client, siti, known, office):
    address = reverse("ikm:claim", args=[token(client.post(START, ANSWERS))])
    assertContains(client.get(address), "CV Roller Samangraya usaha Anda?")
    for _ in range(2):
        assert client.post(address, {"message": "Saya pemiliknya."})["Location"] == reverse("home")
    claim = Claim.objects.get()
    assert (claim.user, claim.organisation, claim.message) == (siti, known.organisation, "Saya pemiliknya.")
    assert Notification.objects.filter(organisation=office).count() == 1


def test_a_token_is_good_for_who_got_it_only(client, siti, known):
    address = reverse("ikm:claim", args=[token(client.post(START, ANSWERS))])
    client.force_login(offices.person("Orang Lain"))
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert client.get(reverse("ikm:claim", args=["karangan"])).status_code == 404


def test_who_works_there_already_is_told(client, siti, known):
    address = reverse("ikm:claim", args=[token(client.post(START, ANSWERS))])
    offices.Membership.objects.create(user=siti, organisation=known.organisation, role="staff")
    client.post(address, {"message": ""})
    assert not Claim.objects.exists()


def test_my_own_workshops_are_named(client, siti):
    client.post(START, ANSWERS)
    assertContains(client.get(START), "CV Roler Samangraya")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Bagian ini belum diisi."),
        ({"name": "x" * 10_000}, "Paling banyak 160 huruf."),
        ({"name": "\u200b\x07"}, "tidak dapat dicetak"),
        ({"area": "", "area_kata": "", "area_untuk": ""}, "Tulis dengan kata sehari-hari"),
        ({"area": "99.99", "area_kata": "zzqqxx", "area_untuk": "zzqqxx"}, "Tidak ada yang mirip"),
        ({"area": "36", "area_kata": "Banten", "area_untuk": "Banten"}, "bukan provinsi"),
        ({"nib": "12"}, "NIB terdiri dari 13 angka; Anda menulis 2."),
        ({"whatsapp": "0254 391 234"}, "Tulis nomor ponsel Indonesia"),
    ],
)
def test_what_is_refused_is_said_and_kept(client, siti, typed, message):
    page = client.post(START, ANSWERS | typed)
    assertContains(page, message)
    assertContains(page, "error-summary")
    assert not Ikm.objects.exists()


def test_searching_again_and_again_is_slowed_down(client, siti, known, monkeypatch):
    monkeypatch.setattr(start, "SEARCHES", 2)
    assert [client.post(START, ANSWERS).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("count", [1, 3])
def test_candidates_ask_as_much_for_three_as_for_one(
    client, siti, known, office, count, django_assert_max_num_queries
):
    for number in range(1, count):
        ikm = offices.workshop(office, name=f"CV Roller Samangraya {number}", status="approved")
        Product.objects.create(ikm=ikm, name="Roller", category_id="roller-konveyor", unit_id="pcs")
    with django_assert_max_num_queries(12):
        client.post(START, ANSWERS)
