from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Edition
from ikm.directory.query import FACETS, Query
from ikm.directory.refreshing import refresh
from ikm.directory.vocabulary import code, vocabulary_of
from ikm.models import DirectoryEntry
from tests.ikm.directory.made_up import SHOPS, TODAY, ask, names

pytestmark = pytest.mark.usefixtures("register")

# What people type -> who must come first (all of these, in any order).
REAL_LIFE = [
    # everyday words and their relatives
    ("las", {"Bengkel Las Tamansari"}),
    ("pengelasan", {"Bengkel Las Tamansari"}),
    ("ngelas", {"Bengkel Las Tamansari"}),
    ("tukang las", {"Bengkel Las Tamansari"}),
    ("bengkel las", {"Bengkel Las Tamansari"}),
    ("pacul", {"CV Pacul Baja Gerem"}),
    ("cangkul", {"CV Pacul Baja Gerem"}),
    ("pagar", {"Bengkel Las Tamansari"}),
    ("pager besi", {"Bengkel Las Tamansari"}),
    ("kanopi", {"CV Kanopi Cibeber Indah"}),
    ("carport", {"CV Kanopi Cibeber Indah"}),
    ("golok", {"KUB Tempa Bulakan"}),
    ("bedog", {"KUB Tempa Bulakan"}),
    ("pandai besi", {"KUB Tempa Bulakan", "UD Sumber Tani Anyer"}),
    ("arit padi", {"UD Sumber Tani Anyer"}),
    ("as mesin", {"CV Bubut Ciwedus"}),
    ("bubut", {"CV Bubut Ciwedus"}),
    ("membubut", {"CV Bubut Ciwedus"}),
    ("gir", {"UD Frais Jombang"}),
    ("bos kuningan", {"CV CNC Presisi Serang"}),
    ("celup seng", {"PT Galvanis Rawa Arum"}),
    ("cat oven", {"CV Cat Oven Kramatwatu"}),
    ("sandblast", {"CV Pasir Semprot Cilegon"}),
    ("besi cor", {"UD Cor Ceper Baru"}),
    ("pengecoran", {"UD Cor Ceper Baru"}),
    ("impeler pompa", {"CV Impeler Jaya"}),
    ("gerobak bakso", {"UD Gerobak Mang Udin"}),
    ("rol konveyor", {"CV Roller Samangraya"}),
    ("rak gudang", {"UD Rak Gudang Cikande"}),
    ("tangki solar", {"CV Tangki Nusa"}),
    ("keranjang batu", {"CV Bronjong Pandeglang"}),
    ("rekondisi mesin", {"UD Servis Pompa Merak"}),
    ("reng baja ringan", {"CV Reng Bersama"}),
    ("panci", {"UD Dapur Baja Putih"}),
    # misspelled
    ("cangkol", {"CV Pacul Baja Gerem"}),
    ("cangkull", {"CV Pacul Baja Gerem"}),
    ("bubud", {"CV Bubut Ciwedus"}),
    ("stenlis", {"CV Tangki Nusa", "UD Dapur Baja Putih"}),
    ("stainles", {"CV Tangki Nusa", "UD Dapur Baja Putih"}),
    ("galvanizz", {"PT Galvanis Rawa Arum"}),
    ("kanoppi", {"CV Kanopi Cibeber Indah"}),
    ("bronjogn", {"CV Bronjong Pandeglang"}),
    ("inpeller", {"CV Impeler Jaya"}),
    ("samangrya", {"CV Roller Samangraya"}),
    # English
    ("welding", {"Bengkel Las Tamansari"}),
    ("hoe", {"CV Pacul Baja Gerem"}),
    ("gear", {"UD Frais Jombang"}),
    ("hinges", {"UD Engsel Bagendung"}),
    ("pressure vessel", {"CV Bejana Mandiri"}),
    ("powder coating", {"CV Cat Oven Kramatwatu"}),
    ("hot dip galvanizing", {"PT Galvanis Rawa Arum"}),
    ("conveyor roller", {"CV Roller Samangraya"}),
    ("stainless tank", {"CV Tangki Nusa"}),
    ("steel structure", {"PT Struktur Baja Ciwandan"}),
    ("anchor bolt", {"UD Angkur Lestari"}),
    ("sickle", {"UD Sumber Tani Anyer"}),
    # part numbers and marks
    ("UNP 100", {"CV Profil Merak"}),
    ("unp100", {"CV Profil Merak"}),
    ("WF 200x100", {"PT Struktur Baja Ciwandan"}),
    ("wf200", {"PT Struktur Baja Ciwandan"}),
    ("SS304", {"CV Tangki Nusa"}),
    ("ss 304", {"CV Tangki Nusa"}),
    ("M12x50", {"CV Baut Citra"}),
    ("baut m12", {"CV Baut Citra"}),
    ("M 12 x 50", {"CV Baut Citra"}),
    ("8x1200", {"CV Spandek Maju"}),
    ("spandek 8 x 1200", {"CV Spandek Maju"}),
    ("AISI 1045", {"CV Bubut Ciwedus"}),
    ("fcd450", {"UD Cor Ceper Baru"}),
    ("skd 11", {"CV Pisau Slitter"}),
    # names and places
    ("tamansari", {"Bengkel Las Tamansari"}),
    ("CV. Roller Samangraya", {"CV Roller Samangraya"}),
    ("mang udin", {"UD Gerobak Mang Udin"}),
    ("las cilegon", {"Bengkel Las Tamansari"}),
    ("cor klaten", {"UD Cor Ceper Baru", "CV Impeler Jaya"}),
    ("pandeglang", {"CV Bronjong Pandeglang"}),
    ("conveyor semen", {"CV Roller Samangraya"}),
]


@pytest.mark.parametrize(("typed", "first"), REAL_LIFE)
def test_what_people_type_finds_whom_they_mean(typed, first):
    assert set(names(ask(typed))[: len(first)]) == first


def test_words_of_one_meaning_find_the_same():
    for same in (
        ["las", "pengelasan", "welding", "ngelas"],
        ["pacul", "cangkul", "cangkol"],
        ["UNP 100", "unp-100"],
    ):
        assert len({frozenset(names(ask(typed))) for typed in same}) == 1


def test_a_slip_is_told():
    assert ask("cangkull").corrected == (("cangkull", ("cangkul",)),)
    assert ask("cangkul").corrected == ()


def test_a_word_that_nobody_says_is_left_out_and_told():
    found = ask("cangkul qwertz")
    assert (names(found), found.unknown) == (["CV Pacul Baja Gerem"], ("qwertz",))
    alone = ask("qwertz")
    assert (alone.total, alone.unknown, alone.advice) == (0, ("qwertz",), ())


def test_nothing_asked_shows_everybody_the_proven_first():
    found = ask()
    assert (found.total, found.pages) == (len(SHOPS), 2)
    assert all(row.evidence == "verified" for row in found.rows[:5])
    again = ask(page=2)
    assert len(set(names(found)) | set(names(again))) == len(SHOPS)
    assert ask(page=3).rows == ()
    assert ask(page=10**9).rows == ()


def test_a_row_says_what_matched():
    row = ask(kategori=["paku-baut"]).rows[0]
    assert row.name in {"CV Baut Citra", "UD Angkur Lestari"}
    assert [(offer.is_matched, offer.category_label) for offer in row.offers] in (
        [(True, "Baut dan Mur")],
        [(True, "Angkur dan U-Bolt")],
    )
    tank = ask("SS304").rows[0]
    assert (tank.area_label, tank.confirmed_on, tank.evidence) == (
        "Waringinkurung",
        date(2026, 10, 1),
        "claimed",
    )
    assert [(offer.free, offer.unit) for offer in tank.offers] == [(Decimal(6), "unit")]
    assert [held.process for held in tank.capabilities] == ["las-gtaw", "fabrikasi-tangki"]


def test_choices_of_one_filter_are_or_and_filters_are_and():
    both = ask(kategori=["cangkul", "golok"])
    assert set(names(both)) == {"CV Pacul Baja Gerem", "KUB Tempa Bulakan"}
    assert names(ask(kategori=["cangkul", "golok"], proses=["asah-poles"])) == ["KUB Tempa Bulakan"]
    assert set(names(ask(kategori=["perkakas-pertanian"]))) == set(names(both)) | {"UD Sumber Tani Anyer"}


def test_a_certificate_fulfils_others_and_counts_on_a_day():
    held = {"PT Struktur Baja Ciwandan", "CV CNC Presisi Serang"}
    automotive = {"PT Pres Komponen Dringo"}
    assert set(names(ask(sertifikat=["iso-9001"]))) == held | automotive
    assert set(names(ask(sertifikat=["iatf-16949"]))) == automotive
    assert set(names(ask(sertifikat=["iso-9001"], berlaku="2027-06-30"))) == held | automotive
    assert names(ask(sertifikat=["iso-9001"], berlaku="2027-07-01")) == []
    assert names(ask(sertifikat=["sni-8399-2022"])) == ["CV Reng Bersama"]
    assert names(ask(sertifikat=["sni-8399-2022"], terperiksa="1")) == []


def test_free_capacity_is_converted_exactly():
    def able(amount, unit, **more):
        return set(names(ask(bebas=amount, satuan=unit, **more)))

    # 4,000 batang of 2.6 kg are 10,400 kg; 40 ton are 40,000 kg.
    assert able("10400", "kg", kategori=["baja-ringan"]) == {"CV Reng Bersama"}
    assert able("10401", "kg", kategori=["baja-ringan"]) == set()
    assert able("40", "ton") == {"PT Struktur Baja Ciwandan", "PT Galvanis Rawa Arum"}
    assert able("3.333", "lusin") == {"CV Baut Citra"}  # 40,000 pieces
    assert able("3.334", "lusin") == set()
    assert able("100", "batang") == {"CV Reng Bersama"}


def test_free_capacity_counts_for_the_category_asked_for():
    assert names(ask(bebas="200", satuan="pcs", kategori=["poros-shaft"])) == ["CV Bubut Ciwedus"]
    facet = ask(bebas="500", satuan="pcs").by_name["kategori"]
    assert (facet.count("cangkul"), facet.count("golok"), facet.count("bushing")) == (1, 0, 1)


def test_most_free_first():
    assert names(ask(urut="kapasitas"))[:2] == ["PT Galvanis Rawa Arum", "PT Struktur Baja Ciwandan"]
    assert names(ask(urut="kapasitas", bebas="1", satuan="pcs"))[:3] == [
        "CV Baut Citra",
        "PT Pres Komponen Dringo",
        "UD Engsel Bagendung",
    ]


def test_the_home_area_comes_first():
    first = names(ask(dekat="33.10"))
    assert set(first[:2]) == {"UD Cor Ceper Baru", "CV Impeler Jaya"}
    assert len(first) == 20
    assert names(ask("las", dekat="36.73"))[0] == "Bengkel Las Tamansari"  # whose name says it
    assert names(ask(urut="terbaru", dekat="36.01"))[0] == "CV Bronjong Pandeglang"


def test_what_does_not_exist_is_ignored_and_named():
    found = ask(kategori=["tidak-ada", "cangkul"], wilayah=["99"], bebas="5", satuan="hasta", dekat="98")
    assert found.ignored == (
        ("kategori", "tidak-ada"),
        ("wilayah", "99"),
        ("satuan", "hasta"),
        ("dekat", "98"),
    )
    assert found.query == replace(Query(kategori=("cangkul",)), ignored=found.ignored)
    assert names(found) == ["CV Pacul Baja Gerem"]


def test_with_nothing_found_the_filter_to_drop_is_named():
    found = ask("cangkul", proses=["las-smaw"], wilayah=["36.72"])
    assert found.total == 0
    assert [(each.facet, each.count) for each in found.advice] == [("q", 1), ("proses", 1)]
    for each in found.advice:
        assert ask(**dict(q_and_more(each.query))).total == each.count


def test_with_nothing_found_the_word_to_drop_is_named():
    found = ask("cangkul kanopi")
    assert {(each.facet, each.value, each.count) for each in found.advice} == {
        ("q", "cangkul", 2),
        ("q", "kanopi", 1),
    }


def q_and_more(query: Query):
    yield "text", query.q
    for facet in FACETS:
        yield facet, getattr(query, facet)


def test_at_most_three_statements_and_as_many_with_more_rows():
    vocabulary_of(Edition.current_version())
    for asked, most in (
        ({}, 2),
        ({"text": "las"}, 3),
        ({"text": "bubud"}, 3),
        ({"text": "las", "wilayah": ["36.72"], "bukti": ["verified"]}, 3),
        ({"bebas": "10", "satuan": "kg", "urut": "kapasitas", "dekat": "36.72"}, 3),
        ({"text": "cangkul", "proses": ["las-smaw"]}, 3),
    ):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            ask(**asked)
        assert len(statements) == most, asked


def test_the_shared_words_have_codes_of_their_own():
    vocabulary = vocabulary_of(Edition.current_version())
    counted = [term for term in vocabulary.names if not (term.startswith("wilayah/") and term.count(".") > 1)]
    assert len({code(term) for term in counted}) == len(counted)


def test_only_public_facts_are_kept():
    private = ["+6281200000001", "Pemilik Semua", "pemilik.semua@contoh.example"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM ikm_directoryentry e")
        rows = "\n".join(row for (row,) in cursor.fetchall())
    assert DirectoryEntry.objects.count() == len(SHOPS)
    assert [each for each in private if each in rows] == []


def test_nothing_typed_breaks_it():
    for typed in (
        "'",
        "\\",
        "& | ! ( ) :*",
        "a" * 10_000,
        "%",
        "\x00",
        "<->",
        "las' | 'x",
        "🔧",
        "12",
        "x",
        "- -",
        "的",
    ):
        ask(typed)
    assert refresh(today=TODAY) == 0
