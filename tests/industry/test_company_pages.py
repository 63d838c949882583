import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Claim, Membership, Notification, Organisation
from industry.models import Company
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from tests.industry.people import send

pytestmark = pytest.mark.django_db

START = {"name": "PT Kawat Citangkil", "sector": "Kawat", "area_kata": "Kecamatan Citangkil"}
START |= {"area_untuk": "Kecamatan Citangkil", "area": "36.72.08"}


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def buyer():
    return people.confirmed(offices.person("Sari"))


@pytest.fixture
def tab(buyer):
    return logged_in(buyer)


def address(section):
    return reverse("industry:company_section", args=[section])


def test_whoever_is_not_logged_in_registers_first(client):
    answer = client.get(reverse("industry:start"))
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_signup')}?next={reverse('industry:start')}"


def test_from_nothing_to_the_queue(office, buyer, tab):
    answer = tab.post(reverse("industry:start"), START)
    assert answer.url == address("tempat")
    assert tab.get(address("tempat")).status_code == 200
    place = {k: v for k, v in START.items() if "area" in k} | {"address": "Jl. Kawat 1"}
    assert send(tab, address("tempat"), place).url == address("kontak")
    page = tab.get(reverse("industry:company")).content.decode()
    assert "Lengkapi pendaftaran" in page
    refused = tab.post(reverse("industry:company_submit"), follow=True)
    assert "Belum bisa dikirim" in refused.content.decode()
    contact = {"contact_name": "Sari", "phone": "0254 391 234"}
    assert send(tab, address("kontak"), contact).url == reverse("industry:company")
    assert "Kirim untuk ditinjau" in tab.get(reverse("industry:company")).content.decode()
    tab.post(reverse("industry:company_submit"))
    company = Company.objects.get()
    assert (company.status, company.organisation.phone) == ("submitted", "+62254391234")
    assert Notification.objects.get(organisation=office).url == reverse("industry:review", args=[company.pk])
    page = tab.get(reverse("industry:company")).content.decode()
    assert "Tarik pendaftaran untuk diubah" in page
    again = tab.post(reverse("industry:company_submit"), follow=True)
    assert "sudah dikirim dan sedang ditinjau" in again.content.decode()
    assert Notification.objects.filter(organisation=office).count() == 1
    assert len(mail.outbox) == 0


def test_two_submits_of_the_first_page_are_one_company(office, tab):
    for _ in range(2):
        assert tab.post(reverse("industry:start"), START).url == address("tempat")
    assert Company.objects.count() == 1
    assert Membership.objects.count() == 1


def test_answers_that_are_wrong_stay_and_say_why(office, tab):
    tab.post(reverse("industry:start"), START)
    wrong = {"name": "N" * 200, "sector": "", "about": "a\x07b", "nib": "123", "npwp": "12"}
    answer = send(tab, address("identitas"), wrong)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>" in page
    assert "Kesalahan:" in page.split("</title>")[0]
    assert list(answer.context["form"].errors) == ["name", "sector", "about", "nib", "npwp"]
    assert "N" * 200 in page
    answer = send(tab, address("kontak"), {"contact_name": "Sari"})
    assert answer.context["form"].errors == {
        "phone": ["Isi telepon atau e-mail, supaya Anda dapat dihubungi."]
    }


def test_a_company_in_review_is_not_changed_but_can_be_recalled(office):
    cast = people.cast("submitted")
    tab = logged_in(cast.owner)
    for method in (tab.get, tab.post):
        answer = method(address("tempat"), {"address": "Jl. Lain"}, follow=True)
        assert "Tarik dulu bila ingin mengubahnya" in answer.content.decode()
    assert tab.get(reverse("industry:company_recall")).status_code == 405
    tab.post(reverse("industry:company_recall"))
    assert Company.objects.get(pk=cast.company.pk).status == "draft"
    assert tab.get(address("tempat")).status_code == 200


def test_who_has_no_confirmed_address_is_told_what_it_is_needed_for(office):
    shy = offices.person("Malu")
    offices.company(office, buyer=shy, status="submitted", name="PT Malu")
    page = logged_in(shy).get(reverse("industry:company")).content.decode()
    assert "Konfirmasi alamat Anda" in page
    assert reverse("industry:need_new") not in page


def test_remarks_of_the_office_stand_above_the_answers(office):
    cast = people.cast("returned")
    Company.objects.filter(pk=cast.company.pk).update(remarks="NIB bukan milik perusahaan ini.")
    page = logged_in(cast.owner).get(reverse("industry:company")).content.decode()
    assert "NIB bukan milik perusahaan ini." in page
    assert "Perbaiki menurut catatan, lalu kirim lagi" in page


def test_a_reviewed_company_is_warned_and_sent_again_for_another_name(cast):
    tab = logged_in(cast.owner)
    assert "sampai Dinas memeriksa ulang" in tab.get(address("identitas")).content.decode()
    said = {"name": "PT Nama Baru", "sector": "Baja", "about": "", "nib": "", "npwp": ""}
    answer = send(tab, address("identitas"), said, follow=True)
    assert "dikirim ke Dinas untuk ditinjau ulang" in answer.content.decode()
    assert Company.objects.get(pk=cast.company.pk).status == "submitted"


def test_a_stale_tab_shows_both_versions_and_can_be_sent_again(cast):
    tab, colleague = logged_in(cast.owner), logged_in(cast.staff)
    seen = tab.get(address("kontak")).context["form"]["seen"].value()
    colleague.post(address("kontak"), {"seen": seen, "contact_name": "Budi", "email": "beli@contoh.example"})
    mine = {"seen": seen, "contact_name": "Citra", "email": "beli@contoh.example"}
    answer = tab.post(address("kontak"), mine)
    assert answer.status_code == 409
    assert "Kesalahan:" in answer.content.decode().split("</title>")[0]
    assert answer.context["form"].conflict == [("Nama yang dihubungi", "Budi", "Citra")]
    page = answer.content.decode()
    assert "Budi" in page
    assert 'value="Citra"' in page
    fresh = answer.context["form"]["seen"].value()
    assert tab.post(address("kontak"), mine | {"seen": fresh}).status_code == 302
    assert Organisation.objects.get(pk=cast.company.organisation_id).contact_name == "Citra"


def test_unknown_sections_and_other_people_find_nothing(cast):
    assert logged_in(cast.owner).get(address("rahasia")).status_code == 404
    for person in (cast.smith, cast.officer):
        assert logged_in(person).get(reverse("industry:company")).status_code == 404
        assert logged_in(person).post(reverse("industry:company_submit")).status_code == 404
    assert Client().get(reverse("industry:company")).status_code == 302


def test_a_stranger_sees_and_changes_their_own_company_only(cast):
    tab = logged_in(cast.stranger)
    assert "PT Baja Selat" not in tab.get(reverse("industry:company")).content.decode()
    send(tab, address("kontak"), {"contact_name": "Orang Lain", "email": "a@b.example"})
    assert Organisation.objects.get(pk=cast.other.organisation_id).contact_name == "Orang Lain"
    assert Organisation.objects.get(pk=cast.company.organisation_id).contact_name == "Owner"


def test_a_registered_company_is_recognised_and_claimed(cast):
    newcomer = people.confirmed(offices.person("Baru"))
    tab = logged_in(newcomer)
    said = START | {"name": "Baja Selat, PT"}
    answer = tab.post(reverse("industry:start"), said)
    assert "Ini perusahaan Anda?" in answer.content.decode()
    assert not Membership.objects.filter(user=newcomer).exists()
    (candidate,) = answer.context["candidates"]
    claim = reverse("industry:company_claim", args=[candidate["token"]])
    assert logged_in(cast.stranger).get(claim).status_code == 404
    assert tab.get(reverse("industry:company_claim", args=["palsu"])).status_code == 404
    assert tab.get(claim).status_code == 200
    assert tab.post(claim, {"message": ""}).context["form"].errors
    tab.post(claim, {"message": "Staf pengadaan"})
    assert Claim.objects.get(user=newcomer).organisation == cast.company.organisation
    answer = tab.post(reverse("industry:start"), said | {"baru": "ya"})
    assert answer.url == address("tempat")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many_companies(cast, django_assert_max_num_queries, number):
    for n in range(number):
        offices.company(cast.office, name=f"PT Lain {n}")
    tab = logged_in(cast.owner)
    tab.get(reverse("industry:company"))
    with django_assert_max_num_queries(12):
        tab.get(reverse("industry:company"))
