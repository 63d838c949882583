"""Kartu masuk: used once, for a fortnight, by its holder; old sessions end; guessing does not pay."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import cards
from accounts.models import EntryCard, Notification, Organisation, User
from accounts.organisations import create_organisation
from tests.accounts.people import PASSWORD, join, person
from tests.browsers import logged_in

pytestmark = pytest.mark.django_db

NUMBER, PIN = "+6281273940512", "480213"


@pytest.fixture
def unclaimed(cast) -> Organisation:
    return create_organisation(kind="ikm", name="Bengkel Tempa", area=cast.workshop.area, by=None)


def issued(cast, organisation, **fields):
    return cards.issue(organisation, office=cast.office, by=cast.officer, **fields)


def for_newcomer(cast, unclaimed):
    return issued(cast, unclaimed, name="Pak Jaka", phone=NUMBER)


# --- Issuing


def test_a_new_owner_needs_a_name_and_a_number_only(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    assert re.fullmatch(r"[0-9]{8}", code)
    assert (card.user.name, card.user.phone, card.user.email, card.user.has_usable_password()) == (
        "Pak Jaka",
        NUMBER,
        None,
        False,
    )
    assert [(each.organisation, each.role) for each in card.user.memberships.all()] == [(unclaimed, "owner")]
    assert (card.office, card.organisation, card.issued_by) == (cast.office, unclaimed, cast.officer)


def test_the_code_is_kept_nowhere(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    assert re.fullmatch(r"[0-9a-f]{64}", card.code_hash)
    assert code not in str(EntryCard.objects.filter(pk=card.pk).values().get())


def test_a_person_with_that_number_and_no_work_yet_becomes_the_owner(cast, unclaimed):
    known = person("Jaka", phone=NUMBER)
    card, _code = for_newcomer(cast, unclaimed)
    assert (card.user, User.objects.filter(phone=NUMBER).count()) == (known, 1)


def test_a_member_gets_a_way_back_in_also_with_a_new_number(cast):
    card, _code = issued(cast, cast.workshop, person=cast.owner, phone=NUMBER)
    assert (card.user, User.objects.get(pk=cast.owner.pk).phone) == (cast.owner, NUMBER)


def test_a_new_card_ends_the_older_one_of_the_person(cast):
    _first, code = issued(cast, cast.workshop, person=cast.owner)
    issued(cast, cast.workshop, person=cast.owner)
    assert cards.find(cast.owner.email, code) is None


def test_the_workshop_is_told(cast):
    issued(cast, cast.workshop, person=cast.owner)
    assert Notification.objects.get(organisation=cast.workshop).title == "Kartu masuk dibuat untuk Pemilik"


def refusal_of(call) -> str:
    with pytest.raises(ValidationError) as refusal:
        call()
    return refusal.value.messages[0]


def test_paper_opens_no_account_that_reaches_further(cast, unclaimed):
    company = create_organisation(kind="company", name="PT Baja", area=cast.workshop.area, by=None)
    buyer = join(company, person("Pembeli", phone=NUMBER), "staff")
    assert refusal_of(lambda: for_newcomer(cast, unclaimed)) == (
        "Nomor ini sudah dipakai anggota usaha atau perusahaan lain."
    )
    join(cast.workshop, buyer, "staff")
    assert "juga bekerja untuk PT Baja" in refusal_of(lambda: issued(cast, cast.workshop, person=buyer))
    join(cast.workshop, cast.head, "staff")
    assert "langkah kedua" in refusal_of(lambda: issued(cast, cast.workshop, person=cast.head))
    assert EntryCard.objects.count() == 0


def test_a_workshop_with_an_owner_gets_no_second_one_by_paper(cast):
    assert "sudah punya pemilik" in refusal_of(lambda: issued(cast, cast.workshop, name="Lain", phone=NUMBER))
    assert "bukan anggota" in refusal_of(lambda: issued(cast, cast.workshop, person=cast.stranger))


def test_a_number_of_somebody_else_is_not_given_to_a_member(cast):
    person("Lain", phone=NUMBER)
    assert "dipakai akun lain" in refusal_of(
        lambda: issued(cast, cast.workshop, person=cast.owner, phone=NUMBER)
    )


def test_only_an_officer_of_the_reviewing_office_issues(cast):
    far = {"office": cast.far_office, "by": cast.far_officer}
    for organisation, more in (
        (cast.workshop, far),
        (cast.other, {"office": cast.office, "by": cast.officer}),
        (cast.workshop, {"office": cast.office, "by": cast.owner}),
    ):
        with pytest.raises(PermissionError):
            cards.issue(organisation, person=cast.owner, **more)


# --- Using


def test_a_card_is_found_by_number_in_any_spelling_and_its_code(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    spellings = ["0812 7394 0512", "+62 812-7394-0512", "6281273940512"]
    assert [cards.find(each, f"{code[:4]} {code[4:]}") for each in spellings] == [card] * 3


def test_neither_another_code_nor_another_number_finds_it(cast, unclaimed):
    _card, code = for_newcomer(cast, unclaimed)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    person("Lain", phone="+6281211112222")
    assert [
        cards.find(NUMBER, wrong),
        cards.find("081211112222", code),
        cards.find("081299998888", code),
        cards.find("", code),
        cards.find(NUMBER, ""),
    ] == [None] * 5


def test_a_card_sets_a_pin_once(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    holder = cards.redeem(card, pin=PIN)
    assert User.objects.get(pk=holder.pk).check_password(PIN)
    assert cards.find(NUMBER, code) is None
    with pytest.raises(ValidationError, match="sudah dipakai"):
        cards.redeem(card, pin="739105")


def test_an_easy_pin_uses_nothing_up(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    with pytest.raises(ValidationError):
        cards.redeem(card, pin="123456")
    assert cards.find(NUMBER, code) == card


def test_a_card_ends_after_a_fortnight(cast, unclaimed, clock):
    card, code = for_newcomer(cast, unclaimed)
    token = cards.token_of(card, code)
    clock.shift(timedelta(days=14))
    assert (cards.find(NUMBER, code), cards.by_token(token)) == (None, None)


def test_a_withdrawn_card_and_a_person_made_inactive_stay_out(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    token = cards.token_of(card, code)
    User.objects.filter(phone=NUMBER).update(is_active=False)
    assert (cards.find(NUMBER, code), cards.by_token(token)) == (None, None)
    User.objects.filter(phone=NUMBER).update(is_active=True)
    cards.withdraw(card, by=cast.officer)
    assert (cards.find(NUMBER, code), cards.by_token(token)) == (None, None)


def test_a_token_is_signed(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    token = cards.token_of(card, code)
    assert cards.by_token(token) == card
    assert [cards.by_token(each) for each in ("", "x", f"{token}x", token[1:])] == [None] * 4


# --- The pages


def test_from_the_office_to_the_owners_home(cast, unclaimed):
    office = logged_in(cast.officer)
    page = office.get("/dinas/kartu/?q=tempa")
    assert [*page.context["workshops"]] == [unclaimed]
    sent = office.post(
        f"/dinas/kartu/baru/{unclaimed.pk}/",
        {"holder": "baru", "name": "Pak Jaka", "phone": "0812 7394 0512"},
    )
    card = EntryCard.objects.get()
    assert sent.url == f"/dinas/kartu/{card.pk}/"
    printed = office.get(sent.url)
    code = printed.context["code"]
    assert code in printed.content.decode()
    assert '<svg viewBox="0 0' in printed.content.decode()

    phone = Client()
    entered = phone.post("/akun/kartu/", {"login": "0812 7394 0512", "code": code})
    assert entered.url == "/akun/kartu/pin/"
    assert phone.post(entered.url, {"pin": "123456", "again": "123456"}).status_code == 200
    assert phone.post(entered.url, {"pin": PIN, "again": PIN}).url == "/beranda/"
    assert phone.get("/akun/").context["user"] == card.user
    assert phone.get("/akun/kartu/pin/").url == "/akun/kartu/"

    later = Client()
    assert later.post("/akun/masuk/", {"login": "081273940512", "password": PIN}).url == "/beranda/"


def test_the_qr_leads_to_the_pin_and_looking_uses_nothing_up(cast, unclaimed, client):
    card, code = for_newcomer(cast, unclaimed)
    path = f"/akun/kartu/{cards.token_of(card, code)}/"
    assert [client.get(path).url, client.get(path).url] == ["/akun/kartu/pin/"] * 2
    assert client.post("/akun/kartu/pin/", {"pin": PIN, "again": PIN}).url == "/beranda/"
    assert client.get(path).url == "/akun/kartu/"


def test_the_holders_old_sessions_end_and_so_does_who_else_used_the_device(cast):
    elsewhere = logged_in(cast.owner)
    device = logged_in(cast.stranger)
    card, code = issued(cast, cast.workshop, person=cast.owner)
    device.get(f"/akun/kartu/{cards.token_of(card, code)}/")
    device.post("/akun/kartu/pin/", {"pin": PIN, "again": PIN})
    assert device.get("/akun/").context["user"] == cast.owner
    assert elsewhere.get("/akun/").status_code == 302
    assert not User.objects.get(pk=cast.owner.pk).check_password(PASSWORD)


def test_the_code_is_shown_in_the_session_that_made_it_and_only_there(cast, unclaimed):
    office = logged_in(cast.officer)
    office.post(f"/dinas/kartu/baru/{unclaimed.pk}/", {"holder": "baru", "name": "Jaka", "phone": NUMBER})
    path = f"/dinas/kartu/{EntryCard.objects.get().pk}/"
    assert office.get(path).context["code"] is not None
    assert logged_in(cast.head).get(path).context["code"] is None
    assert [logged_in(each).get(path).status_code for each in (cast.far_officer, cast.owner)] == [404, 404]


def test_after_five_wrong_codes_a_number_waits_an_hour(cast, unclaimed, clock):
    _card, code = for_newcomer(cast, unclaimed)
    wrong = f"{(int(code) + 1) % 10**8:08}"

    def tried(code: str, login: str = NUMBER):
        return Client().post("/akun/kartu/", {"login": login, "code": code})

    spellings = [NUMBER, "0812 7394 0512", "6281273940512", NUMBER, "081273940512"]
    assert [tried(wrong, each).status_code for each in spellings] == [200] * 5
    assert "60 menit" in tried(code).content.decode()
    clock.shift(timedelta(minutes=61))
    assert tried(code).url == "/akun/kartu/pin/"


def test_one_address_tries_thirty_times_an_hour(cast):
    for number in range(30):
        Client().post("/akun/kartu/", {"login": f"08121111{number:04}", "code": "00000000"})
    answer = Client().post("/akun/kartu/", {"login": "081299990000", "code": "00000000"})
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_the_answer_does_not_tell_whether_a_number_is_known(cast, unclaimed):
    for_newcomer(cast, unclaimed)
    answers = [
        Client().post("/akun/kartu/", {"login": login, "code": "00000000"}).context["form"].errors.as_json()
        for login in (NUMBER, "081299990000")
    ]
    assert answers[0] == answers[1]


def test_cards_are_listed_for_the_office_and_withdrawn_there(cast, unclaimed):
    card, code = for_newcomer(cast, unclaimed)
    listed = {
        name: [*logged_in(getattr(cast, name)).get("/dinas/kartu/").context["page"]]
        for name in ("head", "far_officer")
    }
    assert listed == {"head": [card], "far_officer": []}
    assert logged_in(cast.far_officer).post(f"/dinas/kartu/{card.pk}/batalkan/").status_code == 404
    assert logged_in(cast.head).post(f"/dinas/kartu/{card.pk}/batalkan/").url == "/dinas/kartu/"
    assert cards.find(NUMBER, code) is None


@pytest.mark.parametrize("name", ["other", "office", "operator"])
def test_no_card_for_what_is_not_a_workshop_of_the_office(cast, name):
    path = f"/dinas/kartu/baru/{getattr(cast, name).pk}/"
    assert logged_in(cast.officer).get(path).status_code == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "holder"),
        ({"holder": "baru"}, "name"),
        ({"holder": "999999"}, "holder"),
        ({"holder": "baru", "name": "Jaka", "phone": "0254 391234"}, "phone"),
    ],
)
def test_the_form_asks_for_what_is_missing(cast, unclaimed, data, field):
    response = logged_in(cast.officer).post(f"/dinas/kartu/baru/{unclaimed.pk}/", data)
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_issuing_is_recorded_with_its_officer(cast, unclaimed):
    from pghistory.models import Events

    logged_in(cast.officer).post(
        f"/dinas/kartu/baru/{unclaimed.pk}/", {"holder": "baru", "name": "Jaka", "phone": NUMBER}
    )
    [event] = Events.objects.tracks(EntryCard.objects.get())
    assert (event.pgh_context["actor"], "code_hash" in event.pgh_data) == (str(cast.officer.pk), False)
