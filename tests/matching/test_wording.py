"""Every code of the rule has words, to a buyer and to an owner; numbers and dates read as people write them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings

from catalogue.models import Area
from matching import advice, wording
from matching.advice import STEPS, advise, best_of
from matching.facts import CRITERIA
from matching.fulfilment import NEAREST
from matching.names import names_of, short
from matching.pair import best_match, candidates
from matching.steps import steps
from matching.wording import REASONS, REQUIREMENTS, WHY_MISSING, Wording, place, segments, standing
from tests.matching.making import POLICY, VOCABULARY, certificate, ikm, match, need, offer, process
from tests.matching.strategies import AS_OF, bundles, letters
from tests.matching.test_scoring import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def names():
    return names_of(1)


@pytest.fixture
def buyer(names):
    return Wording(names)


@pytest.fixture
def owner(names):
    return Wording(names, for_owner=True)


def reasons(words, found, criterion):
    return words.reasons(found.by_criterion[criterion], found)


# --- Nothing without words


@given(bundles().flatmap(lambda bundle: letters(bundle).map(lambda promises: (bundle, promises))))
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_every_match_can_be_told_to_both(names, drawn):
    supply, demand = facts(*drawn)
    for wanted in demand:
        for workshop in supply:
            offers = tuple(replace(each, key=i) for i, each in enumerate(workshop.offers))
            stored = replace(workshop, key=1, offers=offers)
            for found in candidates(wanted, stored, VOCABULARY, POLICY, AS_OF):
                tell(Wording(names), found)
                tell(Wording(names, for_owner=True), found)


def tell(words, found):
    said = [line for part in found.parts for line in words.reasons(part, found)]
    said += [words.asked(p.finding, p.criterion) for p in found.parts]
    said += [words.offered(p.finding, p.criterion) for p in found.parts]
    said += words.missing(found) + words.missing_of(found.entry(), found.need.category)
    assert len(words.missing(found)) == len(found.missing)
    kinds = [r for r in found.requirements if r.slug in words.names.kinds]
    assert bool(words.held(found)) is any(r.met for r in kinds)
    for step in steps(found, VOCABULARY):
        if step.action == "state_unit_mass" and VOCABULARY.units[found.offer.unit].dimension == "mass":
            continue
        told = advise(step, found, words.names, for_owner=words.for_owner)
        said += [told.text, told.result]
        assert bool(told.url) is (words.for_owner and step.who == "ikm")
    assert [line for line in said if not line or "%" in line.replace(" %", "") or "gettext" in line] == []


def test_no_reason_of_the_rule_is_left_out():
    assert set(wording.CRITERIA) == set(CRITERIA)
    assert {criterion for criterion, _reason in REASONS} == {
        "category",
        "process",
        "capacity",
        "lead_time",
        "proximity",
    }
    assert set(REQUIREMENTS) == {"met", "met_by_other", "absent", "none_recorded", *NEAREST}
    assert set(WHY_MISSING) == set(NEAREST)


def test_owner_and_buyer_are_addressed_as_themselves():
    for third, second in REASONS.values():
        assert "Anda" not in str(third)
        assert str(second)
    for action, (third, second) in STEPS.items():
        assert "Anda" not in str(third)
        assert "IKM ini" not in str(second), action


# --- By example


def test_categories_read_within_the_sentence(buyer, owner):
    under = match(need(category="rangka-atap"))
    assert reasons(buyer, under, "category") == ["Reng baja ringan termasuk rangka atap baja ringan."]
    assert reasons(owner, under, "category") == ["Reng baja ringan Anda termasuk rangka atap baja ringan."]
    with override("en"):
        assert buyer.names.category_said("reng-baja-ringan") == "roof batten"


def test_capacity_in_both_units_and_why_it_is_unknown(buyer, owner):
    found = match(need(unit="kg"), ikm(offer(unit_mass_kg=Decimal("2.6"), capacity_per_month=Decimal(20))))
    finding = found.by_criterion["capacity"].finding
    assert (buyer.asked(finding, "capacity"), buyer.offered(finding, "capacity")) == (
        "100\u00a0kg per bulan",
        "bebas 20\u00a0batang = 52\u00a0kg per bulan",
    )
    assert reasons(buyer, found, "capacity") == ["Kapasitas bebasnya 52 % dari yang diminta."]
    no_mass = match(need(unit="kg"))
    assert reasons(owner, no_mass, "capacity") == [
        "Belum bisa dibandingkan: berat satu batang belum disebut."
    ]
    hours = match(need(unit="jam-mesin"))
    assert reasons(buyer, hours, "capacity") == [
        "Belum bisa dibandingkan: batang dan jam mesin tidak bisa saling dihitung."
    ]
    dozens = match(need(unit="lusin"), ikm(offer(unit="kg")))
    assert reasons(buyer, dozens, "capacity") == ["Belum bisa dibandingkan: berat satu pcs belum disebut."]


def test_a_certificate_says_until_when_and_what_that_means(buyer):
    wanted = need(required_certificates=("iso-9001", "smk3"), preferred_certificates=("juru-las-kelas-3",))
    workshop = ikm(
        certificates=(
            certificate("iatf-16949", valid_until=date(2027, 3, 5)),
            certificate("smk3", valid_until=date(2026, 12, 15)),
            certificate("juru-las-kelas-1", evidence="claimed"),
        )
    )
    found = match(wanted, workshop)
    assert reasons(buyer, found, "certification") == [
        "ISO 9001: terpenuhi oleh IATF 16949, berlaku sampai 5 Maret 2027, sebelum kebutuhan selesai.",
        "SMK3: berakhir 15 Desember 2026, sebelum pekerjaan mulai.",
    ]
    assert buyer.missing(found) == ["SMK3 (berakhir 15 Desember 2026, sebelum mulai)"]
    assert buyer.missing_of(found.entry(), wanted.category) == ["SMK3"]
    assert buyer.held(found) == [
        ("IATF 16949", "verified", "sampai 5 Maret 2027", "berakhir sebelum kebutuhan selesai"),
        ("Juru Las Kelas I", "claimed", "sampai 31 Desember 2027", ""),
    ]


def test_a_certificate_that_fulfils_two_kinds_is_named_once(buyer):
    wanted = need(required_certificates=("iso-9001",), preferred_certificates=("iatf-16949",))
    found = match(wanted, ikm(certificates=(certificate("iatf-16949"),)))
    assert [held.name for held in buyer.held(found)] == ["IATF 16949"]


def test_what_is_missing_besides_certificates(buyer):
    bare = match(need(required_processes=("las-gmaw",)), ikm(offer(category="kanal-c-baja-ringan")))
    assert buyer.missing(bare) == ["belum menawarkan reng baja ringan", "belum mencatat prosesnya"]
    csms = match(need(required_certificates=("csms",)))
    assert buyer.before_start(csms.before_start) == "CSMS"


def test_standings(names):
    assert standing(match()) == "Memenuhi syarat · terperiksa"
    assert standing(match(workshop=ikm(offer(evidence="claimed")))) == "Memenuhi syarat"
    near = match(need(required_certificates=("iso-9001",)))
    assert standing(near.entry()) == "Kurang satu"
    assert standing(match(need(required_certificates=("iso-9001", "smk3", "tkdn")))) == "Kurang 3 hal"


def test_places_beside_another_are_said_short():
    village, city = Area.objects.get(pk="36.72.03.1004"), Area.objects.get(pk="36.72")
    district = village.parent
    assert place(village) == f"{village.name}, {city.name}"
    assert place(village, beside=district) == village.name
    assert place(district, beside=Area.objects.get(pk="36.04")) == f"{district.name}, {city.name}"
    assert (place(city), place(city.parent), place(None)) == (city.name, city.parent.name, "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ISO 9001 Sistem Manajemen Mutu", "ISO 9001"),
        ("ISO 3834-2 Mutu Pengelasan Lengkap", "ISO 3834-2"),
        ("SMK3 (PP 50/2012)", "SMK3"),
        ("SPPT SNI 0331:2018 Cangkul", "SPPT SNI 0331:2018 Cangkul"),
        ("Laporan Uji Laboratorium KAN (ISO/IEC 17025)", "Laporan Uji Laboratorium KAN"),
    ],
)
def test_names_of_certificates_as_people_call_them(name, said):
    assert short(name) == said


def test_the_bar_shows_what_the_row_says():
    entry = match(need(max_lead_time_days=9), ikm(offer(lead_time_days=None))).entry()
    assert [(s.label, s.points, s.maximum, s.unknown) for s in segments(entry)] == [
        ("kategori", 500, 500, False),
        ("kapasitas", 334, 334, False),
        ("waktu pengerjaan", 0, 83, True),
        ("jarak", 83, 83, False),
    ]


# --- Advice


def told(names, found, for_owner=True):
    return advise(best_of(found, VOCABULARY), found, names, for_owner=for_owner)


def test_a_certificate_to_get_with_what_it_brings(names):
    found = match(need(required_certificates=("iso-9001",)), ikm(offer(key=2), key=1))
    owners = told(names, found)
    assert (owners.text, owners.standing, owners.url) == (
        "Peroleh ISO 9001",
        "Memenuhi syarat",
        "/usaha/profil/1/bagian/certificates/",
    )
    assert owners.result == "Memenuhi syarat, nilai 100,0"
    assert (owners.kind.pk, owners.kind_name) == ("iso-9001", "ISO 9001")
    assert told(names, found, for_owner=False) == (
        "IKM ini memperoleh ISO 9001",
        owners.result,
        owners.standing,
        "",
        owners.kind,
    )


def test_a_weight_that_she_cannot_state_is_not_asked_of_her(names):
    dozens = match(need(unit="lusin"), ikm(offer(unit="kg")))
    assert [step.action for step in steps(dozens, VOCABULARY)][:1] == ["state_unit_mass"]
    assert best_of(dozens, VOCABULARY) is None
    tons = match(need(unit="ton"), ikm(offer(key=2), key=1))
    assert told(names, tons).text == "Isi berat satu batang"
    assert told(names, tons).result.startswith("Memenuhi syarat · terperiksa, nilai sampai ")


def test_what_only_proves_says_how_far_the_proof_goes(names):
    wanted = need(required_processes=("las-gmaw",))
    found = match(
        wanted, ikm(offer(evidence="claimed"), processes=(process(evidence="claimed"),), evidence="claimed")
    )
    assert told(names, found) == (
        "Minta Dinas memeriksa produk dan kapasitas ini",
        "bukti naik menjadi 71 %",
        "",
        "",
        None,
    )


def test_what_only_the_buyer_issues_is_asked_of_the_buyer(names):
    found = match(need(required_certificates=("csms",)))
    assert told(names, found, for_owner=False).text == "Anda menilai dan menerbitkan CSMS bagi IKM ini"
    assert (told(names, found).text, told(names, found).url) == ("Minta CSMS kepada pembeli", "")


def test_new_products_start_with_their_category(names):
    workshop = ikm(offer(category="kanal-c-baja-ringan", key=2), key=1)
    found = best_match(need(), workshop, VOCABULARY, POLICY, AS_OF)
    assert told(names, found).url == "/usaha/profil/1/produk/baru/?kategori=reng-baja-ringan"
    assert advice.new_product_url(1, "x") == "/usaha/profil/1/produk/baru/?kategori=x"
