from datetime import date

import pytest
from django import forms
from django.urls import reverse

from accounts.models import User
from catalogue.choosing import UnitField, WordField
from catalogue.models import Category, Unit

pytestmark = pytest.mark.django_db


class Choice(forms.Form):
    category = WordField("kategori", label="Barang")
    area = WordField("wilayah", label="Tempat", required=False)


def posted(**data):
    return Choice({"category_kata": "", **data})


def test_the_exact_name_needs_no_choice_in_either_language():
    assert posted(category_kata="roller  KONVEYOR").is_valid()
    assert posted(category_kata="conveyor roller").is_valid()


def test_a_misspelt_word_comes_back_as_a_choice_and_the_choice_is_taken():
    form = posted(category_kata="roler konveyor")
    assert form.errors["category"] == ["Pilih salah satu yang sesuai."]
    page = str(form["category"])
    assert 'value="roller-konveyor"' in page
    assert 'name="category_untuk" value="roler konveyor"' in page

    chosen = posted(
        category_kata="roler konveyor", category_untuk="roler konveyor", category="roller-konveyor"
    )
    assert chosen.is_valid()
    assert chosen.cleaned_data["category"].slug == "roller-konveyor"
    assert chosen.cleaned_data["area"] is None


def test_a_choice_made_for_other_words_does_not_count():
    form = posted(category_kata="alat angkat", category_untuk="roler konveyor", category="roller-konveyor")
    assert not form.is_valid()
    assert "checked" not in str(form["category"])


def test_what_is_stored_stands_chosen_and_stays():
    roller = Category.objects.get(slug="roller-konveyor")
    page = str(Choice(initial={"category": roller})["category"])
    assert 'value="Roller Konveyor"' in page
    assert page.count("checked") == 1
    same = posted(
        category_kata="Roller Konveyor", category_untuk="Roller Konveyor", category="roller-konveyor"
    )
    assert same.is_valid()


@pytest.mark.parametrize(
    "hostile",
    ["tidak-ada", "perkakas", "' OR 1=1 --", "rol\x00ler", "x" * 10_000, "\ud800"],
)
def test_foreign_and_hostile_keys_are_no_choice(hostile):
    form = posted(category=hostile, category_kata="q", category_untuk="q")
    assert not form.is_valid()
    assert str(form["category"])


@pytest.mark.parametrize("text", ["", "   ", "zzzzqqqq", "x" * 10_000, "a\x00b", "<script>"])
def test_words_that_lead_nowhere_are_kept_with_a_message(text):
    form = posted(category_kata=text)
    assert len(form.errors["category"]) == 1
    assert "<script>" not in str(form["category"])


def test_nothing_similar_offers_the_families():
    page = str(posted(category_kata="zzzzqqqq")["category"])
    assert "Kelompok mana yang terdekat?" in page
    assert 'value="komponen-konveyor"' in page


def test_a_retired_word_is_refused_unless_it_is_the_stored_one():
    Category.objects.filter(slug="roller-konveyor").update(retired_on="2026-01-01")
    data = {"category": "roller-konveyor", "category_kata": "r", "category_untuk": "r"}
    assert posted(**data).errors["category"] == ["“Roller Konveyor” tidak dipakai lagi. Pilih yang lain."]
    form = posted(**data)
    form.fields["category"].initial = "roller-konveyor"
    assert form.is_valid()


def test_areas_say_what_they_are_and_where():
    form = posted(category_kata="Roller Konveyor", area_kata="cilegon")
    page = str(form["area"])
    assert "Kecamatan Cilegon" in page
    assert "Kota Cilegon, Banten" in page
    assert posted(category_kata="Roller Konveyor", area_kata="Kota Cilegon").is_valid()


def test_the_swapped_part_is_what_the_page_itself_draws(client):
    client.force_login(User.objects.create_user(email="a@b.example", name="A"))
    address = reverse("catalogue:options", args=["kategori"])
    part = client.get(address, {"nama": "category", "category_kata": "roler"})
    assert part.status_code == 200
    assert part.content.decode().strip() in str(posted(category_kata="roler")["category"])
    assert client.get(address, {"nama": "<b>", "<b>_kata": "roler"}).status_code == 404
    assert client.get(reverse("catalogue:options", args=["lain"]), {"nama": "a"}).status_code == 404
    assert client.post(address).status_code == 405


class Amount(forms.Form):
    unit = UnitField(label="Satuan")


def test_units_stand_in_groups_and_say_their_symbol_once():
    choices = list(Amount().fields["unit"].choices)
    assert choices[0] == ("", "Pilih satuan")
    groups = {str(label): [str(name) for _, name in units] for label, units in choices[1:]}
    assert list(groups)[:2] == ["Berat", "Jumlah potong"]
    assert "Kilogram (kg)" in groups["Berat"]
    assert "Potong (pcs)" in groups["Jumlah potong"]


@pytest.mark.parametrize("value", ["", "tidak-ada", "k\x00g", "x" * 10_000])
def test_a_unit_that_is_none_is_refused(value):
    assert len(Amount({"unit": value}).errors["unit"]) == 1


def test_a_retired_unit_is_offered_only_where_it_is_stored():
    kodi = Unit.objects.get(pk="kodi")
    kodi.retired_on = date(2026, 1, 1)
    kodi.save()
    assert not Amount({"unit": "kodi"}).is_valid()
    form = Amount({"unit": "kodi"})
    form.fields["unit"].offer(kodi)
    assert form.is_valid()
