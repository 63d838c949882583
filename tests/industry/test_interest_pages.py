"""The pages of interest: what each side reads and presses; what strangers, stale tabs and rivals see of it."""

import pytest
from django.urls import reverse

from accounts.models import Introduction, Notification
from industry import interests, needs
from industry.models import Interest, NeedSight
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from web.models import OutgoingMail


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


@pytest.fixture
def bench(cast):
    return cast.workshop.organisation


@pytest.fixture
def rival(cast):
    owner = people.confirmed(offices.person("Lain"))
    return offices.workshop(cast.office, owner=owner, status="approved", name="UD Saingan")


@pytest.fixture
def smith(cast):
    return logged_in(cast.smith)


@pytest.fixture
def buyer(cast):
    return logged_in(cast.owner)


def url(name: str, one) -> str:
    return reverse(f"industry:{name}", args=[one.pk])


def text(answer) -> str:
    return answer.content.decode()


# --- The workshop


def test_interested_with_a_message_and_a_number_read_back(smith, need):
    page = text(smith.get(url("need", need)))
    assert url("interest", need) in page
    assert url("interest_decline", need) in page
    answer = smith.post(url("interest", need), {"quantity": "2", "message": "Siap"}, follow=True)
    assert "Minat Anda sampai kepada pembeli. Jumlah: 2\N{NO-BREAK SPACE}unit (dua unit)." in text(answer)
    said = Interest.objects.get()
    assert (said.status, said.quantity, said.message) == ("interested", 2, "Siap")
    assert "Menunggu jawaban pembeli" in text(smith.get(url("need", need)))


def test_the_number_is_read_out_while_it_is_typed(smith, need):
    address = reverse("industry:quantity_words", args=[need.pk])
    assert "seribu dua ratus lima puluh unit" in text(smith.get(address, {"quantity": "1.250"}))
    assert "Terbaca" not in text(smith.get(address, {"quantity": "1,250"}))


def test_what_was_typed_stays_when_the_number_is_unclear(smith, need):
    answer = smith.post(url("interest", need), {"quantity": "1,250", "message": "Siap"})
    assert "bisa berarti" in text(answer)
    assert "Siap" in text(answer)
    assert not Interest.objects.exists()


def test_no_with_a_reason(smith, need):
    page = url("interest_decline", need)
    assert "Pilih alasannya." in text(smith.post(page, {}))
    assert "Tuliskan alasannya." in text(smith.post(page, {"reason": "other"}))
    answer = smith.post(page, {"reason": "other", "words": "Mesin rusak"}, follow=True)
    assert "Mesin rusak" in text(answer)
    assert "Anda boleh berubah pikiran" in text(smith.get(url("need", need)))


def test_a_stale_tab_is_told_in_words(cast, smith, need, bench):
    interests.answer(need, bench, by=cast.smith)
    interests.invite(need, [bench], by=cast.owner)
    answer = smith.post(url("interest_decline", need), {"reason": "full"}, follow=True)
    assert "sudah saling berminat" in text(answer)
    needs.close_need(need, reason="cancelled", by=cast.owner)
    assert smith.post(url("interest", need), {}).url == url("pair", Interest.objects.get())
    assert Interest.objects.get().status == "talks"


def test_who_is_not_published_is_led_to_the_profile(cast, need):
    draft = offices.workshop(
        cast.office, owner=people.confirmed(offices.person("Baru")), status="draft", name="UD Baru"
    )
    tab = logged_in(draft.entered_by)
    assert "Pembeli belum melihat usaha Anda" in text(tab.get(url("need", need)))
    assert tab.post(url("interest", need), {}).url == reverse("ikm:profile")
    assert not Interest.objects.exists()


def test_the_own_list_says_whose_turn_it_is(cast, smith, need, bench):
    assert "Belum ada minat" in text(smith.get(reverse("industry:interests")))
    interests.invite(need, [bench], by=cast.owner)
    page = text(smith.get(reverse("industry:interests")))
    assert "Jawab undangan" in page
    assert "<strong>Anda</strong>" in page
    assert "mengundang Anda" in text(smith.get(url("need", need)))


def test_opening_the_page_is_a_sight_once_a_day(smith, buyer, need):
    for tab in (smith, smith, buyer):
        tab.get(url("need", need))
    assert NeedSight.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_no_more_for_more_rows(
    cast, smith, buyer, need, bench, number, django_assert_max_num_queries
):
    for n in range(number):
        other = offices.workshop(
            cast.office, owner=people.confirmed(offices.person(f"W {n}")), status="approved", name=f"UD {n}"
        )
        interests.answer(need, other.organisation, by=other.entered_by)
        interests.answer(people.opened(cast.company, cast.owner, title=f"N {n}"), bench, by=cast.smith)
    pages = [(buyer, url("applicants", need)), (smith, reverse("industry:interests"))]
    pages += [(buyer, f"{reverse('industry:invite')}?ikm={cast.workshop.pk}"), (smith, url("need", need))]
    for tab, page in pages:
        tab.get(page)
        with django_assert_max_num_queries(12):
            assert tab.get(page).status_code == 200


# --- The buyer


def test_applicants_stand_under_what_is_to_be_done(cast, buyer, need, bench, rival):
    interests.answer(need, bench, by=cast.smith)
    interests.invite(need, [rival.organisation], by=cast.owner)
    groups = buyer.get(url("applicants", need)).context["groups"]
    assert [(group.slug, [row.interest.organisation for row in rows]) for group, rows in groups] == [
        ("berminat", [bench]),
        ("diundang", [rival.organisation]),
    ]
    assert "1 IKM menunggu jawaban Anda" in text(buyer.get(url("need", need)))
    office = logged_in(cast.officer).get(url("applicants", need))
    assert bench.name in text(office)
    assert reverse("industry:pair", args=[Interest.objects.first().pk]) not in text(office)


def test_invited_from_the_directory_for_a_chosen_need(cast, buyer, need):
    page = f"{reverse('industry:invite')}?ikm={cast.workshop.pk}"
    assert need.title in text(buyer.get(page))
    sent = {"ikm": cast.workshop.pk, "need": need.pk}
    answer = buyer.post(reverse("industry:invite"), sent, follow=True)
    assert "CV Rak Baja Citangkil diundang." in text(answer)
    assert "diundang" in text(buyer.get(page))
    again = buyer.post(reverse("industry:invite"), sent, follow=True)
    assert "Tidak ada yang dikirim lagi." in text(again)
    assert Interest.objects.get().status == "invited"


@pytest.mark.parametrize("sent", [{"ikm": "x"}, {"ikm": "9" * 30}, {"ikm": "0"}, {}, {"ikm": "²"}])
def test_no_such_workshop_or_need(cast, buyer, need, sent):
    assert buyer.get(reverse("industry:invite"), sent).status_code == 404
    if sent:
        assert buyer.post(reverse("industry:invite"), sent | {"need": need.pk}).status_code == 404
    good = {"ikm": cast.workshop.pk}
    for wrong in ("", "x", "0", "9" * 30):
        assert buyer.post(reverse("industry:invite"), good | {"need": wrong}).status_code == 404


def test_only_for_own_needs_and_published_workshops(cast, buyer, need):
    foreign = people.opened(cast.other, cast.stranger, title="Lain")
    sent = {"ikm": cast.workshop.pk, "need": foreign.pk}
    assert buyer.post(reverse("industry:invite"), sent).status_code == 404
    hidden = offices.workshop(cast.office, owner=offices.person("Baru"), status="submitted", name="UD Baru")
    assert buyer.get(f"{reverse('industry:invite')}?ikm={hidden.pk}").status_code == 404
    assert (
        logged_in(cast.smith).get(f"{reverse('industry:invite')}?ikm={cast.workshop.pk}").status_code == 404
    )


# --- The pair


def pair(cast, need, bench) -> Interest:
    interests.answer(need, bench, by=cast.smith)
    return Interest.objects.get()


def test_accepted_on_its_page_contacts_stand_on_both(cast, smith, buyer, need, bench):
    said = pair(cast, need, bench)
    answer = text(buyer.post(url("accept", said), follow=True))
    assert "Saling berminat: kontak keduanya kini terbuka." in answer
    assert "0812 0000 0001".replace(" ", "\N{NO-BREAK SPACE}") in answer
    assert "https://wa.me/6281200000001?text=Permisi%2C%20saya%20Owner%20dari%20PT%20Baja%20Selat" in answer
    assert "beli@contoh.example" in text(smith.get(url("pair", said)))
    assert Introduction.objects.count() == 1


def test_the_next_step_is_set_on_its_page(cast, smith, buyer, need, bench):
    said = pair(cast, need, bench)
    interests.invite(need, [bench], by=cast.owner)
    page = url("next_step", said)
    assert "Pilih langkahnya." in text(smith.post(page, {}))
    past = {"what": "2", "whose": "buyer", "due_on": "2026-11-01"}
    assert "Paling awal" in text(smith.post(page, past))
    answer = text(smith.post(page, past | {"due_on": "2026-12-01"}, follow=True))
    assert "Giliran PT Baja Selat: Kirim penawaran harga" in answer
    home = text(buyer.get(reverse("home")))
    assert "Kirim penawaran harga" in home


def test_refused_agreed_ended_and_taken_back_on_pages(cast, smith, buyer, need, bench, rival):
    said = pair(cast, need, bench)
    assert smith.post(url("refuse", said), {"reason": "chosen"}).status_code == 302
    assert Interest.objects.get().status == "interested"
    assert "Ditarik kembali" in text(smith.post(url("take_back", said), follow=True))
    interests.answer(need, bench, by=cast.smith)
    answer = buyer.post(
        url("refuse", said), {"reason": "capacity", "words": "Perlu dua giliran"}, follow=True
    )
    assert "Perlu dua giliran" in text(answer)
    assert "Perlu dua giliran" in text(smith.get(url("pair", said)))
    interests.invite(need, [bench], by=cast.owner)
    interests.answer(need, bench, by=cast.smith)
    assert "Kesepakatan dicatat" in text(buyer.post(url("agree", said), follow=True))
    smith.post(url("end", said), {"reason": "price"})
    assert Interest.objects.get().status == "ended"
    assert "Pembicaraan ini sudah diakhiri." in text(buyer.post(url("next_step", said), follow=True))


def test_strangers_find_no_pair(cast, need, bench, rival):
    said = pair(cast, need, bench)
    for person in (cast.stranger, rival.entered_by, cast.officer):
        tab = logged_in(person)
        for name in ("pair", "refuse", "end", "next_step"):
            assert tab.get(url(name, said)).status_code == 404
        for name in ("accept", "agree", "take_back"):
            assert tab.post(url(name, said)).status_code == 404
    assert Interest.objects.get().status == "interested"


# --- Nobody sees rivals, and no contact before both agree


def test_a_workshop_sees_nothing_of_another(cast, smith, need, bench, rival):
    def pages() -> list[str]:
        found = [url("need", need), reverse("industry:interests"), url("questions", need)]
        found += [reverse("home"), reverse("matching:owner_matches"), url("interest", need)]
        return [text(smith.get(page)) for page in found]

    pages()  # the first look of the day is noted
    before = pages()
    interests.answer(need, rival.organisation, by=rival.entered_by, message="Kami murah")
    interests.invite(need, [rival.organisation], by=cast.owner)
    strip = people.without_tokens
    assert [strip(page) for page in pages()] == [strip(page) for page in before]


CONTACTS = {
    "workshop": (
        "+6281200000001",
        "81200000001",
        "0812\N{NO-BREAK SPACE}0000",
        "pandai@contoh.example",
        "Jl. Pandai Besi 7",
    ),
    "buyer": ("beli@contoh.example", "+62254000777", "54000777", "Jl. Industri 1"),
}


def test_contacts_are_nowhere_before_both_agree(cast, smith, buyer, need, bench):
    """In no page either side has, no mail, no news that it may hand over."""
    bench.email, bench.address, bench.phone = "pandai@contoh.example", "Jl. Pandai Besi 7", "+6281200000001"
    bench.save()
    company = cast.company.organisation
    company.phone = "+62254000777"
    company.save()

    def read(tab, pages: list[str]) -> str:
        return "\n".join(text(tab.get(page)) for page in pages)

    def of_buyer() -> str:
        pages = [url("need", need), url("applicants", need), url("questions", need), reverse("home")]
        pages += [reverse("accounts:notifications"), reverse("accounts:hand_over")]
        pages += [
            reverse("matching:need_ranking", args=[need.pk]),
            reverse("matching:funnel", args=[need.pk]),
        ]
        pages += [f"{reverse('industry:invite')}?ikm={cast.workshop.pk}"]
        pages += [url("pair", one) for one in Interest.objects.all()]
        return read(buyer, pages)

    def of_workshop() -> str:
        pages = [url("need", need), url("questions", need), reverse("industry:interests"), reverse("home")]
        pages += [reverse("accounts:notifications"), reverse("accounts:hand_over"), url("interest", need)]
        pages += [url("pair", one) for one in Interest.objects.all()]
        return read(smith, pages)

    def leaks() -> list[str]:
        sent = "\n".join(mail.subject + mail.text for mail in OutgoingMail.objects.all())
        sent += "\n".join(one.title + one.text for one in Notification.objects.all())
        numbers = {one.whatsapp for one in Notification.objects.filter(sender=company)}
        sent += " ".join(numbers)
        return [word for word in CONTACTS["workshop"] if word in of_buyer() + sent] + [
            word for word in CONTACTS["buyer"] if word in of_workshop() + sent
        ]

    assert leaks() == []
    interests.invite(need, [bench], by=cast.owner)
    assert leaks() == []
    interests.decline(need, bench, reason="full", by=cast.smith)
    assert leaks() == []
    interests.answer(need, bench, by=cast.smith, message="Siap")
    assert leaks() == []
    said = Interest.objects.get()
    interests.invite(need, [bench], by=cast.owner)
    assert {"pandai@contoh.example", "Jl. Pandai Besi 7"} <= set(leaks())
    assert "beli@contoh.example" in text(smith.get(url("pair", said)))
