import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import strip_tags

from web import icons
from web.fields import QuantityField
from web.templatetags import face


class Order(forms.Form):
    item = forms.CharField(label="Barang?")
    amount = QuantityField(
        label="Jumlah", unit="kg", per_month=True, required=False, help_text="Contoh: 1.250"
    )
    kind = forms.ChoiceField(label="Jenis", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])

    def clean(self):
        raise forms.ValidationError("Keduanya tidak cocok.")


def page(source, **context):
    return Template("{% load face %}" + source).render(Context(context))


def words(html):
    """The text of a piece of HTML, one space between words."""
    return " ".join(strip_tags(html).split())


def test_each_error_leads_to_its_field():
    assert list(face.error_lines(Order({"amount": "x y"}))) == [
        ("id_item", "Barang", "Bidang ini tidak boleh kosong."),
        ("id_amount", "Jumlah", "“x y” tidak terbaca sebagai satu angka. Contoh: 1.250 atau 12,5."),
        ("id_kind_0", "Jenis", "Bidang ini tidak boleh kosong."),
        ("", "", "Keduanya tidak cocok."),
    ]


def test_errors_of_a_formset_carry_the_ids_of_their_rows():
    rows = forms.formset_factory(Order, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-1-item": "besi", "form-1-kind": "a"}
    lines = list(face.error_lines(rows(data)))
    assert ("id_form-0-item", "Barang", "Bidang ini tidak boleh kosong.") in lines
    assert ("id_form-1-item", "Barang", "Bidang ini tidak boleh kosong.") not in lines


@pytest.mark.parametrize("form", [None, "", Order(), "formulir"])
def test_no_summary_where_nothing_is_wrong(form):
    assert page("{% error_summary form %}", form=form).strip() == ""


def test_a_page_without_a_form_has_no_summary():
    assert page("{% error_summary form formset %}").strip() == ""


def test_a_field_says_its_unit_help_and_error_where_the_input_points_to():
    html = page("{% load crispy_forms_filters %}{{ form|crispy }}", form=Order({"amount": "x y"}))
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'id="id_amount_helptext"' in html
    assert 'id="id_amount_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Jumlah (kg per bulan) (opsional)" in words(html)
    assert "Barang? (opsional)" not in words(html)


def test_radios_are_a_group_that_says_its_error():
    html = page("{% load crispy_forms_filters %}{{ form|crispy }}", form=Order({}))
    assert 'aria-describedby="id_kind_error"' in html
    assert 'id="id_kind_error"' in html


def test_standing_words():
    assert words(page("{% standing 'qualified' proven=True %}")) == "Memenuhi syarat · terperiksa"
    assert words(page("{% standing 'qualified' %}")) == "Memenuhi syarat"
    assert words(page("{% standing 'near' proven=True %}")) == "Kurang satu"
    assert words(page("{% standing 'partial' missing=3 %}")) == "Kurang 3 hal"
    assert words(page("{% standing 'partial' %}")) == "Lainnya"


def test_evidence_words():
    assert words(page("{% evidence_tag 'claimed' %}")) == "menurut pengakuan"
    assert (
        words(page("{% evidence_tag 'verified' 'dilihat 3 Mei 2026' %}")) == "terperiksa · dilihat 3 Mei 2026"
    )
    assert words(page("{% evidence_tag 'rejected' %}")) == "ditolak"


def test_an_unknown_tone_is_quietly_information():
    assert 'class="notice notice-info"' in page("{% notice 'a' 'debug' %}")
    assert 'role="alert"' in page("{% notice 'a' 'error' %}")


def test_names_are_escaped_everywhere():
    html = page(
        "{% tag x %}{% notice x title=x %}{% next_step x text=x url=x action=x %}{% empty x x url=x action=x %}"
        "{% evidence_tag 'claimed' x %}{% breadcrumb x x %}",
        x="<b>&\"'",
    )
    assert "<b>" not in html


def test_pagination_keeps_the_query():
    request = RequestFactory().get("/", {"q": "bubut", "page": "2"})
    context = RequestContext(request, {"page": Paginator(range(173), 20).page(2)})
    html = Template("{% load face %}{% pagination page %}").render(context)
    assert 'href="?q=bubut&amp;page=1"' in html
    assert 'href="?q=bubut&amp;page=3"' in html
    assert words(html) == "Sebelumnya 21–40 dari 173 · halaman 2 dari 9 Berikutnya"


def test_an_empty_list_has_no_pagination():
    assert page("{% pagination page %}", page=Paginator([], 20).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("current", "state", "target"),
    [("nilai", "ascending", "-nilai"), ("-nilai", "descending", "nilai"), ("nama", "none", "nilai")],
)
def test_a_head_sorts_the_other_way_when_it_is_sorted_by(current, state, target):
    request = RequestFactory().get("/", {"q": "las", "page": "3", "urut": current})
    html = page("{% sort_header 'nilai' 'Nilai' current=current %}", request=request, current=current)
    assert (
        html
        == f'<th scope="col" class="" aria-sort="{state}"><a href="?q=las&amp;urut={target}">Nilai</a></th>'
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456", "+628123456"),
        ("(0254) 391", "+62254391"),
        ("", ""),
    ],
)
def test_numbers_of_the_office(number, expected):
    assert face.international(number) == expected


@pytest.mark.django_db
def test_a_form_that_waited_too_long_says_how_to_keep_what_was_typed():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "siti"})
    assert answer.status_code == 403
    assert "Isian Anda belum hilang" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pemberitahuan", "Pem-be-ri-ta-huan"),
        ("Kebutuhan cocok", "Kebutuhan cocok"),
        ("Notifications", "No-ti-fi-ca-tions"),
        ("Pengembangan", "Pe-ngem-ba-ngan"),
    ],
)
def test_long_words_break_between_syllables(text, expected):
    assert face.soft_hyphens(text).replace("\u00ad", "-") == expected


@pytest.mark.parametrize("name", sorted(icons.DRAWINGS))
def test_drawings_are_hidden_from_screen_readers(name):
    assert icons.draw(name).startswith('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"')
