import datetime
from decimal import Decimal

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from web import formats

TODAY = datetime.date(2026, 11, 24)


@pytest.fixture(params=["id", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def page(source, **context):
    return Template("{% load web %}" + source).render(Context(context))


def test_numbers_look_the_same_in_both_languages(language):
    assert formats.quantity(Decimal("1250.500"), "kg") == "1.250,5\u00a0kg"
    assert formats.quantity(None, "kg") == ""
    assert formats.money(1234567) == "Rp1.234.567"
    assert formats.money(Decimal("-0.5")) == "−Rp1"
    assert formats.points(931) == "93,1"
    assert formats.points(300) == "30,0"
    assert formats.points_range(620, 820) == "62,0–82,0"
    assert formats.points_range(620, 620) == "62,0"


def test_dates_and_times(language):
    moment = datetime.datetime(2026, 11, 24, 6, 5, tzinfo=datetime.UTC)
    assert page("{{ day }} · {{ moment }} · {{ moment.time }}", day=TODAY, moment=moment) == (
        "24 November 2026 · 24 November 2026, 13.05 WIB · 06.05 WIB"
    )
    assert page("{{ moment|time }} {{ moment|long_date }}", moment=moment) == "13.05 WIB 24 November 2026"


def test_months_in_the_readers_language():
    assert formats.long_date(datetime.date(2027, 5, 3)) == "3 Mei 2027"
    with translation.override("en"):
        assert formats.long_date(datetime.date(2027, 5, 3)) == "3 May 2027"


def test_a_late_evening_in_utc_is_the_next_day_in_cilegon():
    assert (
        formats.long_date(datetime.datetime(2026, 11, 24, 18, 0, tzinfo=datetime.UTC)) == "25 November 2026"
    )


@pytest.mark.parametrize(
    ("since", "said"),
    [(24, "hari ini"), (23, "1 hari kerja"), (20, "2 hari kerja"), (17, "5 hari kerja"), (25, "hari ini")],
)
def test_age(since, said):
    assert formats.age(TODAY.replace(day=since), TODAY) == said


@pytest.mark.parametrize(
    ("on", "today", "said"),
    [
        ((2026, 11, 27), (2026, 11, 24), "3 hari kerja lagi"),
        ((2026, 11, 24), (2026, 11, 24), "hari ini"),
        ((2026, 11, 29), (2026, 11, 27), "sebelum hari kerja berikutnya"),
        ((2026, 11, 27), (2026, 11, 29), "baru lewat"),
        ((2026, 11, 20), (2026, 11, 24), "lewat 2 hari kerja"),
    ],
)
def test_due(on, today, said):
    assert formats.due(datetime.date(*on), datetime.date(*today)) == said


def test_age_and_due_in_a_template_count_from_today():
    with time_machine.travel(datetime.datetime(2026, 11, 24, 3, 0, tzinfo=datetime.UTC)):
        source = "{{ since|age }}, {{ on|due }}{{ none|due }}{{ none|age }}"
        assert page(source, since=TODAY.replace(day=20), on=TODAY.replace(day=27), none=None) == (
            "2 hari kerja, 3 hari kerja lagi"
        )


def test_the_echo_says_the_number_in_words():
    shown = formats.echo(1250, symbol="kg", name="Kilogram", per_month=True)
    assert shown == "1.250\u00a0kg per bulan (seribu dua ratus lima puluh kilogram)"
    assert formats.echo(2, symbol="ton", name="Ton (1.000 kg)") == "2\u00a0ton (dua ton)"
    with translation.override("en"):
        assert formats.echo(Decimal("2.5"), symbol="kg", name="Kilogram").endswith(
            "(two point five kilogram)"
        )


def test_contacts():
    assert formats.phone("+6281234567890") == "0812\u00a03456\u00a07890"
    assert formats.phone("+62254391234") == "0254\u00a03912\u00a034"
    assert formats.phone("+6561234567") == "+6561234567"
    assert formats.phone("") == ""
    assert formats.wa_link("+6281234567890", "Halo, 100% & 1=1") == (
        "https://wa.me/6281234567890?text=Halo%2C%20100%25%20%26%201%3D1"
    )
    assert formats.wa_link("") == ""


def test_npwp_is_masked_for_pages():
    assert formats.npwp("012345674901000") == "01.234.567.4-901.000"
    assert formats.npwp("3672011212800001") == "3672\u00a00112\u00a01280\u00a00001"
    assert formats.mask_npwp("3672011212800001") == "••••\u00a00001"
    assert formats.mask_npwp("") == ""


def test_filters():
    source = (
        "{{ q|quantity:'kg' }} {{ q|quantity }} {{ m|money }} {{ s|percent_points }} {{ s|points_range:s }} "
        "{{ p|phone }} {{ p|wa_link:'a b' }} {{ n|mask_npwp }}"
    )
    context = {"q": Decimal("1250"), "m": 5000, "s": 931, "p": "+6281234567890", "n": "012345674901000"}
    assert page(source, **context).replace("\u00a0", " ") == (
        "1.250 kg 1.250 Rp5.000 93,1 93,1 0812 3456 7890 https://wa.me/6281234567890?text=a%20b •••• 1000"
    )
