"""What the pages read: the kept numbers, whether they are behind, and the same computed on the spot."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation
from industry import needs
from industry.models import Company, Need
from matching import policies
from matching.explanation import explain
from matching.lists import refresh
from matching.models import IkmRanking, NeedRanking
from matching.names import names_of
from matching.reading import (
    is_over,
    read_need,
    read_workshop,
    takes_part,
    told_to_buyer,
    told_to_owner,
)
from matching.records import Records
from matching.rows import NeedSaid, WorkshopSaid, axis, in_the_way
from matching.snapshot import load_ikms, load_needs, need_facts, possible_needs, with_conditions
from matching.stale import Inputs
from matching.wording import segments
from tests.matching import people
from tests.matching.people import END, TODAY


@pytest.fixture
def kept(cast):
    refresh()
    return cast


def reading_of(need):
    return read_need(told_to_buyer(Need.objects.all()).get(pk=need.pk))


def needs_of(ikm):
    return read_workshop(Ikm.objects.select_related("organisation").get(pk=ikm.pk))


def names(reading):
    return [str(row.other) for row in reading.rows]


def said_of(need):
    reading = reading_of(need)
    told = told_to_buyer(Need.objects.all()).get(pk=need.pk)
    return [WorkshopSaid(row, told, reading.names, reading.inputs.vocabulary) for row in reading.rows]


# --- Facts from rows


def test_rows_and_snapshot_give_the_same_facts(sample):
    product = Product.objects.exclude(pool="").first()
    Reservation.objects.create(
        product=product, starts=TODAY, ends=END, quantity_per_month=Decimal(5), serves_need=3
    )
    Product.objects.filter(pk=product.pk + 1).update(retired_at=people.offices.SUBMITTED_AT)
    ikms = Ikm.objects.select_related("organisation").order_by("pk")
    assert [Records.of(ikm).facts for ikm in ikms] == load_ikms(Ikm.objects.all())
    complete = [
        need_facts(need) for need in with_conditions(Need.objects.select_related("company")).order_by("pk")
    ]
    assert [need for need in complete if need] == load_needs(Need.objects.all())


def test_no_need_that_could_match_is_left_out(sample):
    inputs, wanted = Inputs.now(TODAY), load_needs(Need.objects.taking_part(TODAY))
    refresh()
    for ranking in IkmRanking.objects.filter(takes_part=True):
        mine = Records.of(Ikm.objects.select_related("organisation").get(pk=ranking.pk)).facts
        possible = load_needs(possible_needs(Need.objects.taking_part(TODAY), mine, inputs.vocabulary))
        assert {entry.need_key for entry in ranking.entries} <= {need.key for need in possible}
        assert len(possible) < len(wanted)


# --- A need


def test_the_kept_list_with_its_counts_names_and_facts(kept):
    reading = reading_of(kept.need)
    assert names(reading) == ["CV Pasti", "CV Mampu", "UD Hampir", "UD Lain"]
    assert (reading.counts, reading.total, reading.is_behind) == ((2, 2, 0), 4, False)
    assert [row.rank for row in reading.rows] == ["1", "2", "3", "4"]
    assert reading.computed_at == NeedRanking.objects.get(pk=kept.need.pk).computed_at
    assert [row.match.entry() for row in reading.rows] == [row.entry for row in reading.rows]
    assert [str(row.other) for row in reading.of_standing("near")] == ["UD Hampir", "UD Lain"]


def test_a_row_says_what_it_is_about(kept):
    proven, claimed, near, route = said_of(kept.need)
    assert (proven.score, proven.entry.evidence_percent, proven.capacity) == (
        "95,0",
        100,
        ("enough", "300", "200\u00a0pcs", ""),
    )
    assert (claimed.capacity.state, claimed.capacity.free, claimed.rank) == ("part", "90", "2")
    assert [(held.name, held.evidence, held.until) for held in proven.held] == [
        ("ISO 9001", "verified", "sampai 31 Maret 2028")
    ]
    assert (near.missing, near.before_start, near.held) == (["ISO 9001"], "CSMS", [])
    assert route.missing == ["belum menawarkan rak gudang palet"]
    assert (route.capacity.state, route.capacity.why) == (
        "unknown",
        "Belum bisa dibandingkan: kapasitasnya disebut untuk barang lain.",
    )
    assert route.score == "47,5–72,5"
    assert (proven.place, proven.url) == (
        "Pulomerak",
        f"/kebutuhan/{kept.need.pk}/kecocokan/{kept.proven.pk}/",
    )


def test_a_certificate_that_ends_too_early_is_flagged(kept):
    proofs = Certificate.objects.filter(ikm=kept.proven)
    proofs.update(valid_until=date(2027, 3, 1))
    refresh()
    assert said_of(kept.need)[0].held[0].warning == "berakhir sebelum kebutuhan selesai"
    proofs.update(valid_until=date(2026, 12, 15))
    refresh()
    missing = {str(said.ikm): said.missing for said in said_of(kept.need)}
    assert missing["CV Pasti"] == ["ISO 9001 (berakhir 15 Desember 2026, sebelum mulai)"]


def test_the_marks_stand_in_the_middle_of_their_segments(kept):
    marks = axis(segments(reading_of(kept.need).rows[0].entry))
    assert [(m.number, m.middle, m.label, m.maximum) for m in marks][:3] == [
        (1, "15.00", "kategori", "30,0"),
        (2, "37.50", "proses", "15,0"),
        (3, "55.00", "sertifikat wajib", "20,0"),
    ]
    assert len(marks) == 7


BEHIND = {
    "its own quantity": lambda c: Need.objects.filter(pk=c.need.pk).update(quantity=Decimal(7)),
    "its own conditions": lambda c: c.need.required_processes.clear(),
    "a product in it": lambda c: Product.objects.filter(ikm=c.proven).update(capacity_per_month=Decimal(7)),
    "a proof in it": lambda c: Certificate.objects.filter(ikm=c.proven).delete(),
    "a workshop that leaves": lambda c: Ikm.objects.filter(pk=c.proven.pk).update(
        status="withdrawn", withdrawal_reason="tutup"
    ),
    "a workshop that is deleted": lambda c: c.proven.organisation.delete(),
    "a new candidate": lambda c: people.workshop(c.office, "CV Baru"),
    "one that joins by its processes": lambda c: ProcessCapability.objects.create(
        ikm=Ikm.objects.get(organisation__name="UD Pagar"), process_id="las-gmaw"
    ),
    "the weights": lambda c: policies.put_in_force(
        policies.draft_policy((1,) * 7, by=c.officer), by=c.officer
    ),
}


@pytest.mark.parametrize("change", BEHIND)
def test_a_list_is_behind_after_a_change_and_shows_the_old_numbers(kept, change):
    fences = people.workshop(kept.office, "UD Pagar", category="pagar-besi")
    fences.processes.all().delete()
    refresh()
    before = [row.entry for row in reading_of(kept.need).rows]
    BEHIND[change](kept)
    reading = reading_of(kept.need)
    gone = {kept.proven.pk} if change == "a workshop that is deleted" else set()
    assert reading.is_behind
    assert [row.entry for row in reading.rows] == [e for e in before if e.ikm_key not in gone]
    refresh()
    reading = reading_of(kept.need)
    assert not reading.is_behind
    assert [row.entry for row in reading.rows] == [row.match.entry() for row in reading.rows] != before


def test_news_that_cannot_touch_the_list_do_not_disturb_it(kept):
    cutter = people.workshop(kept.office, "UD Cangkul", category="cangkul")
    ProcessCapability.objects.filter(ikm=cutter).delete()
    draft = people.workshop(kept.office, "UD Draf", status="draft")
    refresh()
    Product.objects.filter(ikm__in=[cutter, draft]).update(capacity_per_month=Decimal(1))
    people.need(kept.other, title="Lain")
    assert not reading_of(kept.need).is_behind


def test_another_day_is_behind_until_it_is_computed(kept):
    with time_machine.travel("2026-11-25 00:30+07:00"):
        assert reading_of(kept.need).is_behind
        refresh()
        assert not reading_of(kept.need).is_behind


def test_a_list_that_nobody_has_computed_yet_is_computed_now(cast):
    reading = reading_of(cast.need)
    assert (names(reading), reading.is_behind, reading.computed_at, reading.token) == (
        ["CV Pasti", "CV Mampu", "UD Hampir", "UD Lain"],
        True,
        None,
        "",
    )


def test_a_draft_is_previewed_as_it_will_be_kept(kept):
    fresh = needs.copy_need(kept.need, start=people.START, end=people.END, by=kept.buyer)
    preview = reading_of(fresh)
    assert (preview.is_behind, preview.computed_at, preview.counts) == (False, None, (2, 2, 0))
    needs.open_need(fresh, by=kept.buyer)
    refresh()
    assert [row.entry for row in reading_of(fresh).rows] == [row.entry for row in preview.rows]


def test_the_needs_of_a_company_that_waits_are_previewed(kept):
    Company.objects.filter(pk=kept.company.pk).update(
        status="submitted", submitted_at=people.offices.SUBMITTED_AT
    )
    reading = reading_of(kept.need)
    assert (len(reading.rows), reading.is_behind, reading.computed_at) == (4, False, None)


def test_nothing_is_read_of_what_is_incomplete_or_over(kept):
    draft = Need.objects.create(company=kept.company, title="Belum lengkap", category_id="rak-gudang")
    assert reading_of(draft) is None
    needs.close_need(kept.need, reason="filled", by=kept.buyer)
    assert reading_of(kept.need) is None
    past = people.need(kept.company, title="Lewat", end=TODAY - timedelta(days=1), start=date(2026, 1, 1))
    assert (is_over(past, TODAY), reading_of(past)) == (True, None)


def test_where_nobody_qualifies_the_condition_in_the_way_is_named(kept):
    kept.need.required_certificates.add("iso-14001")
    refresh()
    reading = reading_of(kept.need)
    assert (reading.counts, reading.is_behind) == ((0, 2, 2), False)
    assert in_the_way(reading) == [("ISO 14001", False, 2, False)]
    draft = needs.copy_need(kept.need, start=people.START, end=people.END, by=kept.buyer)
    assert in_the_way(reading_of(draft)) == [("ISO 14001", False, 2, False)]
    assert not in_the_way(replace(reading, counts=(1, 2, 2)))
    assert in_the_way(replace(reading, counts=(0, 90, 2))) == [("ISO 14001", False, 2, True)]


def test_the_item_itself_may_stand_in_the_way(kept):
    Product.objects.exclude(ikm=kept.route).update(category="rak-siku")
    refresh()
    assert in_the_way(reading_of(kept.need)) == [("Rak dan Furnitur Besi", True, 2, False)]


def test_a_need_without_candidates(kept):
    lonely = people.need(kept.company, title="Cangkul", category_id="cangkul", conditions=False)
    refresh()
    reading = reading_of(lonely)
    assert (reading.rows, reading.total, in_the_way(reading), reading.is_behind) == ([], 0, [], False)


def test_the_buyer_can_settle_a_conversion_by_a_weight(kept):
    tons = people.need(kept.company, title="Rak dalam ton", unit_id="ton", conditions=False)
    refresh()
    assert [said.settle_url for said in said_of(tons)][0] == f"/kebutuhan/{tons.pk}/ubah/jumlah/?kembali"
    assert {said.settle_url for said in said_of(kept.need)} == {""}


def test_the_number_of_questions_does_not_grow_with_the_rows(kept, django_assert_num_queries):
    reading_of(kept.need)
    with django_assert_num_queries(9) as few:
        reading_of(kept.need)
    for i in range(3):
        people.workshop(kept.office, f"CV Lagi {i}")
    refresh()
    with django_assert_num_queries(len(few)):
        assert len(reading_of(kept.need).rows) == 7


def test_an_unreadable_count_is_the_number_of_rows(kept):
    NeedRanking.objects.filter(pk=kept.need.pk).update(counts=None)
    assert reading_of(kept.need).counts == (2, 2, 0)


# --- A workshop


def test_the_needs_of_a_workshop_from_its_list(kept):
    reading = needs_of(kept.near)
    assert (names(reading), reading.counts, reading.is_behind) == (
        ["Rak gudang tiga tingkat"],
        (0, 1, 0),
        False,
    )
    assert reading.computed_at == IkmRanking.objects.get(pk=kept.near.pk).computed_at


def told(ikm):
    reading = needs_of(ikm)
    return [NeedSaid(row, row.other, reading.names, reading.inputs.vocabulary) for row in reading.rows]


def test_her_rows_speak_to_her(kept):
    (near,) = told(kept.near)
    assert (near.amount, near.place, near.missing) == ("200\u00a0pcs per bulan", "Kota Cilegon", ["ISO 9001"])
    assert (near.advice.text, near.advice.standing, near.is_question) == (
        "Peroleh ISO 9001",
        "Memenuhi syarat",
        False,
    )
    (route,) = told(kept.route)
    assert route.is_question
    assert route.capacity.why == "Belum bisa dibandingkan: kapasitas Anda disebut untuk barang lain."


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "withdrawn"])
def test_who_takes_no_part_sees_what_approval_would_bring(kept, status):
    waiting = people.workshop(kept.office, "CV Menunggu", status=status)
    refresh()
    assert not takes_part(waiting, TODAY)
    reading = needs_of(waiting)
    assert (reading.counts, reading.is_behind, reading.computed_at) == ((1, 0, 0), False, None)
    Ikm.objects.filter(pk=waiting.pk).update(
        status="approved",
        submitted_at=people.offices.SUBMITTED_AT,
        approved_at=people.offices.SUBMITTED_AT,
        confirmed_on=TODAY,
    )
    refresh()
    assert [row.entry for row in needs_of(waiting).rows] == [row.entry for row in reading.rows]


@pytest.mark.parametrize(
    "change",
    [
        lambda c: Product.objects.filter(ikm=c.near).update(capacity_per_month=Decimal(3)),
        lambda c: Need.objects.filter(pk=c.need.pk).update(quantity=Decimal(3)),
        lambda c: people.need(c.other, title="Baru"),
        lambda c: needs.close_need(c.need, reason="filled", by=c.buyer),
    ],
)
def test_her_list_is_behind_after_news_of_either_side(kept, change):
    change(kept)
    reading = needs_of(kept.near)
    assert reading.is_behind
    refresh()
    assert not needs_of(kept.near).is_behind


def test_needs_that_left_the_market_are_not_shown_even_before_the_list_knows(kept):
    needs.close_need(kept.need, reason="filled", by=kept.buyer)
    assert needs_of(kept.near).rows == []


# --- One match


def explained(kept, ikm, *, for_owner=False):
    need = told_to_buyer(Need.objects.all()).get(pk=kept.need.pk)
    workshop = Ikm.objects.select_related("organisation__area__parent__parent", "checked_by").get(pk=ikm.pk)
    inputs = Inputs.now()
    return explain(need, workshop, inputs=inputs, names=names_of(inputs.edition), for_owner=for_owner)


def tenths(text):
    return int(text.replace(",", ""))


def test_the_points_of_the_table_add_up_to_the_score(sample):
    refresh()
    for ranking in NeedRanking.objects.filter(takes_part=True).select_related("need"):
        need = told_to_buyer(Need.objects.all()).get(pk=ranking.pk)
        inputs = Inputs.now()
        for entry in ranking.entries:
            ikm = Ikm.objects.select_related("organisation__area__parent__parent").get(pk=entry.ikm_key)
            found = explain(need, ikm, inputs=inputs, names=names_of(inputs.edition), for_owner=False)
            low = sum(tenths(line.points.split("–")[0]) for line in found.lines)
            high = sum(tenths(line.points.split("–")[-1]) for line in found.lines)
            assert (low, high, found.match.entry()) == (entry.low, entry.high, entry)
            assert sum(tenths(line.maximum) for line in found.lines) == tenths(found.maximum) == 1000


def test_each_line_says_what_was_asked_offered_and_by_whom_seen(kept):
    lines = {line.criterion: line for line in explained(kept, kept.proven).lines}
    assert lines["category"][1:7] == (
        "Kategori",
        "Rak Gudang Palet",
        "Rak Gudang Palet",
        "30,0",
        "30,0",
        False,
    )
    assert (lines["capacity"].asked, lines["capacity"].offered) == (
        "200\u00a0pcs per bulan",
        "bebas 300\u00a0pcs per bulan",
    )
    assert lines["certification"].proofs == [
        ("ISO 9001, ISO/CV Pasti, Lembaga Contoh", "verified", "kunjungan, Petugas, 3 Mei 2026")
    ]
    assert lines["preference"].reasons == ["CSMS: belum ada.", "Sertifikat TKDN Industri Kecil: belum ada."]
    assert (lines["lead_time"].asked, lines["lead_time"].offered) == ("paling lama 21 hari", "14 hari")
    assert (lines["proximity"].asked, lines["proximity"].offered) == (
        "Kota Cilegon",
        "Pulomerak, Kota Cilegon",
    )
    claimed = {line.criterion: line for line in explained(kept, kept.claimed).lines}
    assert claimed["process"].proofs == [("Las MIG/MAG (GMAW)", "claimed", "diubah 10 November 2026")]


def test_one_person_who_entered_and_checked_is_said(kept):
    Product.objects.filter(ikm=kept.proven).update(same_person=True)
    line = explained(kept, kept.proven).lines[0]
    assert line.proofs[0].source == (
        "kunjungan, Petugas, 3 Mei 2026 (petugas yang sama memasukkan dan memeriksanya)"
    )


def test_other_products_are_told_too_the_best_first(kept):
    for name, category in (("Rak kecil", "rak-gudang"), ("Pagar", "pagar-besi")):
        Product.objects.create(ikm=kept.proven, name=name, category_id=category, unit_id="pcs")
    found = explained(kept, kept.proven)
    assert (found.product, [other.product for other in found.others]) == (
        "Produk CV Pasti",
        ["Rak kecil", "Pagar"],
    )
    assert [other.others for other in found.others] == [[], []]


def test_the_same_table_speaks_to_her(kept):
    found = explained(kept, kept.near, for_owner=True)
    assert found.lines[0].reasons == ["Anda menawarkan barang yang diminta."]
    assert (found.advice.text, found.advice.url) == (
        "Peroleh ISO 9001",
        f"/usaha/profil/{kept.near.pk}/bagian/certificates/",
    )
    assert explained(kept, kept.near).advice.url == ""


def test_who_is_no_candidate_has_no_table(kept):
    cutter = people.workshop(kept.office, "UD Cangkul", category="cangkul")
    ProcessCapability.objects.filter(ikm=cutter).delete()
    assert explained(kept, cutter) is None


def test_told_to_owner_and_buyer_carry_the_conditions(kept):
    for tell in (told_to_owner, told_to_buyer):
        need = tell(Need.objects.filter(pk=kept.need.pk)).get()
        assert replace(need_facts(need), ref="") == replace(
            load_needs(Need.objects.filter(pk=need.pk))[0], ref=""
        )
