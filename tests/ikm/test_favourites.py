"""Favourites of a company, and suppliers side by side."""

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from ikm import comparison, favourites, suppliers
from ikm.models import Favourite, Ikm, ProcessCapability
from tests import offices
from tests.browsers import logged_in
from tests.ikm.suppliers import leaks, market

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(offices.MORNING):
        yield


@pytest.fixture
def cast():
    return market()


def star(client, ikm, kept="ya", **more):
    return client.post(reverse("ikm:favourite", args=[ikm.pk]), {"favorit": kept} | more)


# --- Favourites


def test_the_companys_people_share_them_with_a_note(client, cast):
    logged_in(cast.buyer, client)
    assertRedirects(star(client, cast.ikm), suppliers.address(cast.ikm), fetch_redirect_response=False)
    note = reverse("ikm:favourite_note", args=[cast.ikm.pk])
    assertRedirects(client.post(note, {"note": "Tanyakan rak tinggi."}), reverse("ikm:favourites"))
    assertContains(client.post(note, {"note": "x" * 301}), "error-summary")
    logged_in(cast.colleague, client)
    page = client.get(reverse("ikm:favourites"))
    for shown in (
        "CV Rak Baja Citangkil",
        "Tanyakan rak tinggi.",
        str(cast.buyer),
        "bebas 160\xa0pcs per bulan",
    ):
        assertContains(page, shown)
    assert leaks(page.content.decode()) == []
    assertContains(client.get(suppliers.address(cast.ikm)), 'value="tidak"')
    star(client, cast.ikm, "tidak")
    assertContains(client.get(reverse("ikm:favourites")), "Belum ada favorit")


def test_another_company_and_the_workshop_learn_nothing_of_it(client, cast):
    favourites.keep(cast.ikm, organisation=cast.company, by=cast.buyer)
    logged_in(cast.rival, client)
    assertNotContains(client.get(reverse("ikm:favourites")), "CV Rak Baja")
    assert client.get(reverse("ikm:favourite_note", args=[cast.ikm.pk])).status_code == 404
    star(client, cast.ikm, "tidak")
    assert Favourite.objects.of(cast.company).count() == 1
    for user in (cast.owner, cast.officer):
        logged_in(user, client)
        assert client.get(reverse("ikm:favourites")).status_code == 404
        assert star(client, cast.ikm).status_code == 404


def test_twice_is_once_and_the_first_note_stays(client, cast):
    kept = favourites.keep(cast.ikm, organisation=cast.company, by=cast.buyer)
    favourites.write_note(kept, note="Rapi.")
    logged_in(cast.colleague, client)
    star(client, cast.ikm)
    assert [(each.note, each.added_by) for each in Favourite.objects.all()] == [("Rapi.", cast.buyer)]


def test_with_htmx_the_star_alone_comes_back(client, cast):
    logged_in(cast.buyer, client)
    answer = client.post(
        reverse("ikm:favourite", args=[cast.ikm.pk]), {"favorit": "ya"}, headers={"HX-Request": "true"}
    )
    assertContains(answer, 'aria-pressed="true"')
    assertNotContains(answer, "<html")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_portal(client, cast, back):
    logged_in(cast.buyer, client)
    answer = star(client, cast.ikm, next=back)
    assertRedirects(answer, suppliers.address(cast.ikm), fetch_redirect_response=False)


def test_who_has_gone_is_named_can_be_let_go_and_not_be_chosen(client, cast):
    favourites.keep(cast.ikm, organisation=cast.company, by=cast.buyer)
    Ikm.objects.filter(pk__in=[cast.ikm.pk, cast.other.pk]).update(
        status="withdrawn", withdrawal_reason="Tutup."
    )
    logged_in(cast.buyer, client)
    page = client.get(reverse("ikm:favourites"))
    assertContains(page, "tidak tampil lagi")
    assertNotContains(page, reverse("ikm:supplier", args=[cast.ikm.organisation.ref]))
    assert star(client, cast.other).status_code == 404
    star(client, cast.ikm, "tidak")
    assert Favourite.objects.count() == 0


@pytest.mark.parametrize("kept", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(client, cast, kept, django_assert_max_num_queries):
    for number in range(kept):
        ikm = offices.workshop(cast.office, status="approved", name=f"CV {number}")
        favourites.keep(ikm, organisation=cast.company, by=cast.buyer)
    logged_in(cast.buyer, client)
    with django_assert_max_num_queries(11):
        client.get(reverse("ikm:favourites"))


# --- Side by side


def side_by_side(*ikms, more=""):
    return reverse("ikm:compare") + "?" + "&".join(f"ikm={ikm.pk}" for ikm in ikms) + more


def lines(response):
    return {
        line.label: [cell.text for cell in line.cells]
        for group in response.context["groups"]
        for line in group.lines
    }


def test_differences_are_seen_and_may_stand_alone(client, cast):
    ProcessCapability.objects.create(ikm=cast.other, process_id="cat-cair", machines="Kompresor")
    found = lines(client.get(side_by_side(cast.ikm, cast.other)))
    assert found["Pengecatan Cair"] == ["", "Ada"]
    assert found["Rak Gudang Palet"] == ["Bebas 160\xa0pcs per bulan"] * 2
    assert found["Pekerja"] == ["12\xa0orang", "3\xa0orang"]
    assert found["ISO 9001 Sistem Manajemen Mutu"] == [
        "Berlaku sampai 3 Mei 2028",
        "Tanggal akhir belum diisi",
    ]
    differing = lines(client.get(side_by_side(cast.ikm, cast.other, more="&beda=1")))
    assert "Las MIG/MAG (GMAW)" in found
    assert "Las MIG/MAG (GMAW)" not in differing
    assert differing["Pengecatan Cair"] == ["", "Ada"]


def test_a_fifth_is_refused_with_its_name(client, cast):
    more = [offices.workshop(cast.office, status="approved", name=f"CV {number}") for number in range(3)]
    page = client.get(side_by_side(cast.ikm, cast.other, *more))
    assertContains(page, "Paling banyak 4 pemasok berdampingan")
    assertContains(page, "Tidak ikut: CV 2.")
    assert len(page.context["columns"]) == comparison.MOST


def test_who_is_not_published_is_left_out_and_said(client, cast):
    draft = offices.workshop(cast.office, status="draft", name="CV Draf")
    page = client.get(side_by_side(cast.ikm, draft, more="&ikm=x&ikm=&ikm=-1&ikm=99999999999999999999999"))
    assertContains(page, "1 pemasok yang Anda pilih tidak tampil lagi.")
    assertNotContains(page, "CV Draf")


def test_nothing_chosen_says_what_to_do(client, cast):
    assertContains(client.get(reverse("ikm:compare")), "Belum ada yang dibandingkan")


def test_what_is_hidden_is_hidden_here_too(client, cast):
    Ikm.objects.filter(pk=cast.ikm.pk).update(hidden_fields=["workers", "machines"])
    for user in (None, cast.buyer):
        if user:
            logged_in(user, client)
        page = client.get(side_by_side(cast.ikm, cast.other))
        assert lines(page)["Pekerja"] == ["", "3\xa0orang"]
        assertContains(page, "2 mesin las CO2", count=1)
        assert leaks(page.content.decode()) == []


@pytest.mark.parametrize("many", [1, 3])
def test_four_ask_as_much_as_one(client, cast, many, django_assert_max_num_queries):
    ikms = [offices.workshop(cast.office, status="approved", name=f"CV {number}") for number in range(many)]
    logged_in(cast.buyer, client)
    with django_assert_max_num_queries(11):
        client.get(side_by_side(*ikms))
