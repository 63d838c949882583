"""What was stated, in words."""

from datetime import date
from decimal import Decimal

import pytest

from ikm import products, sections, summary
from ikm.models import Certificate, Product
from tests.ikm.people import around_a_workshop

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
GAP = "\u00a0"


@pytest.fixture
def people():
    return around_a_workshop(
        status="approved", facts=False, legal_form="CV", workers=12, investment_band="0-1"
    )


def row_of(people, **fields):
    product = Product.objects.create(
        ikm=people.ikm, name="Kanal C", category_id="kanal-c-baja-ringan", unit_id="batang", **fields
    )
    return summary.product_row(products.with_free([Product.objects.get(pk=product.pk)], on=TODAY)[0])


def test_a_quantity_is_said_in_figures_and_in_words(people):
    row = row_of(people, capacity_per_month=Decimal("1250.5"), committed_per_month=250)
    assert row.lines == [
        (f"1.250,5{GAP}batang per bulan", "seribu dua ratus lima puluh koma lima batang"),
        (f"Terpakai 250{GAP}batang, bebas 1.000,5{GAP}batang per bulan", ""),
    ]


def test_what_is_missing_is_named_with_what_it_costs(people):
    row = row_of(people)
    assert row.lines == [("Kesanggupan belum diisi", "Tanpa angka ini, kapasitas belum bisa dibandingkan.")]


def test_the_rest_of_a_product_stands_in_one_line(people):
    row = row_of(people, lead_time_days=7, unit_mass_kg=Decimal("5.5"), min_order=100, material="G550")
    assert row.lines[-1].text == (
        f"Siap kirim dalam 7 hari · berat satuan 5,5{GAP}kg · pesanan terkecil 100{GAP}batang · bahan: G550"
    )


@pytest.mark.parametrize(
    ("kind", "until", "text"),
    [
        ("iso-9001", date(2026, 11, 24), "Berlaku sampai 24 November 2026"),
        ("iso-9001", date(2026, 11, 23), "Berakhir 23 November 2026"),
        ("iso-9001", None, "Tanggal akhir belum diisi"),
        ("wps-pqr", None, "Berlaku terus"),
    ],
)
def test_validity(people, kind, until, text):
    row = Certificate(ikm=people.ikm, kind_id=kind, valid_until=until)
    assert summary.validity(row, on=TODAY).text == text


def test_an_area_is_said_from_small_to_large(people):
    place = summary.parts(sections.contents(people.ikm), on=TODAY)[1]
    assert [line.text for row in place.rows for line in row.lines] == ["Kecamatan Pulomerak, Kota Cilegon"]


def test_seven_parts_in_the_order_of_the_list(people):
    found = summary.parts(sections.contents(people.ikm), on=TODAY)
    assert [part.section.slug for part in found] == list(sections.BY_SLUG)
    assert [part.is_done for part in found] == [True, True, True, False, False, False, False]


def test_how_a_fact_was_seen(people):
    fact = Product(evidence="verified", method="visit", checked_on=date(2026, 5, 3))
    assert summary.proof_of(fact) == "kunjungan, 3 Mei 2026"
    assert summary.proof_of(Product()) == ""
