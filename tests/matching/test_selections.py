"""A selection record from the frozen list to the seal: what is written down, what is refused, what never changes."""

import copy
import hashlib
import json
import threading
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone, translation

from accounts.models import Organisation
from ikm.models import Certificate, Ikm, Product
from industry import needs
from industry.models import Interest, Need
from matching import freezing, selections
from matching.freezing import NothingToFreeze, in_each_language
from matching.frozen import Frozen, in_language
from matching.models import Selection, SelectionFile
from matching.reading import read_need, told_to_buyer
from matching.stale import Inputs
from tests.matching import people
from tests.races import both
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused


@pytest.fixture
def draft(cast):
    return selections.start(cast.need, by=cast.buyer)


def decided(cast, draft):
    """A shortlist of two, both decided."""
    selections.shortlist(draft, [cast.proven.pk, cast.claimed.pk], by=cast.buyer)
    selections.choose(draft, cast.proven.pk, verdict="chosen", reason="best", by=cast.buyer)
    selections.choose(
        draft, cast.claimed.pk, verdict="not_chosen", reason="too_little", words="hanya 90", by=cast.staff
    )
    return draft


def told(selection, language="id"):
    return Frozen.of(selection.content, language, {})


# --- What is frozen


def test_every_row_of_the_buyers_list_is_written_down_with_the_same_numbers(cast, draft):
    reading = read_need(told_to_buyer(Need.objects.filter(pk=cast.need.pk)).get())
    shown = [(row.rank, row.other.pk, row.entry) for row in reading.rows]
    frozen = told(draft)
    assert [(row.rank, row.ikm) for row in frozen.rows] == [(rank, pk) for rank, pk, _entry in shown]
    for row, (_rank, _pk, entry) in zip(frozen.rows, shown, strict=True):
        assert (row.low, row.high, row.evidence) == (entry.low, entry.high, entry.evidence)
        assert [(part.points, part.maximum) for part in row.parts] == [p for p in entry.points if p]
        assert (row.standing, row.proven) == (entry.standing, entry.proven)
        assert row.evidence_percent == entry.evidence_percent
        assert sum(part.points for part in row.parts) == row.low
    assert tuple(frozen.counts.values()) == reading.counts


def test_the_record_names_its_inputs(cast, draft):
    inputs = Inputs.now()
    assert (draft.day, draft.policy_id, draft.edition) == (people.TODAY, inputs.policy_id, inputs.edition)
    frozen = told(draft)
    assert (frozen.day, frozen.edition, frozen.policy_said) == (
        people.TODAY,
        inputs.edition,
        "versi 1 (bobot 300/150/200/50/200/50/50)",
    )
    assert (frozen.company["name"], frozen.need["title"]) == ("PT Baja Selat", "Rak gudang tiga tingkat")


def test_missing_things_and_evidence_are_said_with_names(cast, draft):
    by_name = {row.name: row for row in told(draft).rows}
    assert by_name["UD Hampir"].missing == ["ISO 9001"]
    certificate = next(p for p in by_name["CV Pasti"].parts if p.criterion == "certification")
    assert certificate.proofs[0].said == (
        "ISO 9001, ISO/CV Pasti, Lembaga Contoh: terperiksa, kunjungan, Petugas, 3 Mei 2026"
    )
    assert by_name["UD Lain"].unknown == ["Kapasitas", "Waktu pengerjaan"]


def test_both_languages_stand_in_it(draft):
    indonesian, english = told(draft, "id"), told(draft, "en")
    assert indonesian.rows[0].parts[0].label == "Kategori"
    assert english.rows[0].parts[0].label == "Category"
    assert [row.name for row in indonesian.rows] == [row.name for row in english.rows]


def test_texts_are_merged_where_languages_agree():
    def say():
        return {"a": ["sama", translation.get_language()], "n": 5, "none": None}

    merged = in_each_language(say)
    assert merged == {"a": ["sama", {"id": "id", "en": "en"}], "n": 5, "none": None}
    assert in_language(merged, "en") == {"a": ["sama", "en"], "n": 5, "none": None}


def test_what_is_left_out_is_counted(cast, monkeypatch):
    """Of those that lack more than one thing only the first few; who answered the need is always there."""
    for n in range(4):
        people.workshop(cast.office, f"UD Jauh {n}", category="pagar-besi", unit="m2", certificate=False)
    last = Ikm.objects.get(organisation__name="UD Jauh 3")
    monkeypatch.setattr(freezing, "SHOWN", 4)
    frozen = told(selections.start(cast.need, by=cast.buyer))
    assert frozen.counts == {"qualified": 2, "near": 2, "partial": 4}
    assert (len(frozen.rows), frozen.left_out) == (4, 4)
    selections.discard(Selection.objects.get(), by=cast.buyer)
    Interest.objects.create(
        need=cast.need,
        organisation=last.organisation,
        status="interested",
        moved_side="workshop",
        interested_at=timezone.now(),
    )
    frozen = told(selections.start(cast.need, by=cast.buyer))
    assert [(row.name, row.interest_said) for row in frozen.rows[4:]] == [("UD Jauh 3", "berminat")]
    assert frozen.left_out == 3


def test_the_number_of_statements_does_not_grow(cast, django_assert_num_queries):
    need = told_to_buyer(Need.objects.filter(pk=cast.need.pk)).get()
    inputs = Inputs.now()
    freezing.freeze(need, inputs=inputs)  # names and vocabulary are kept per process

    def statements():
        with connection.execute_wrapper(lambda run, *args: (counted.append(1), run(*args))[1]):
            freezing.freeze(told_to_buyer(Need.objects.filter(pk=cast.need.pk)).get(), inputs=inputs)
        return len(counted)

    counted: list[int] = []
    few = statements()
    for n in range(3):
        people.workshop(cast.office, f"CV Baru {n}")
    counted.clear()
    assert statements() == few <= 20


def test_a_draft_or_closed_need_has_no_list_to_freeze(cast):
    needs.close_need(cast.need, reason="cancelled", by=cast.buyer)
    with pytest.raises(selections.NotOnTheMarket):
        selections.start(cast.need, by=cast.buyer)
    with pytest.raises(selections.NotOnTheMarket):
        selections.start(
            people.need(cast.company, status="draft", opened_at=None, title="Draf"), by=cast.buyer
        )


def test_a_need_without_a_candidate_has_none_either(cast):
    lonely = people.need(cast.company, conditions=False, category_id="cangkul", title="Cangkul")
    with pytest.raises(NothingToFreeze):
        selections.start(lonely, by=cast.buyer)


def test_started_twice_it_is_the_same_draft(cast, draft):
    assert selections.start(cast.need, by=cast.staff) == draft
    selections.discard(draft, by=cast.staff)
    assert selections.start(cast.need, by=cast.staff) != draft


def test_only_who_buys_for_the_company_writes(cast, draft):
    for stranger in (cast.stranger, cast.officer, people.owner(cast.proven)):
        for act in (
            lambda by: selections.start(cast.need, by=by),
            lambda by: selections.shortlist(draft, [cast.proven.pk], by=by),
            lambda by: selections.choose(draft, cast.proven.pk, verdict="chosen", reason="best", by=by),
            lambda by: selections.finish(draft, by=by),
            lambda by: selections.discard(draft, by=by),
        ):
            with pytest.raises(StepRefused):
                act(stranger)


# --- Shortlist and decisions


def test_the_shortlist_keeps_decisions_of_who_stays(cast, draft):
    decided(cast, draft)
    selections.shortlist(draft, [cast.proven.pk, cast.near.pk], by=cast.buyer)
    assert {c.ikm: c.verdict for c in draft.choices.select_related("ikm")} == {
        cast.proven: "chosen",
        cast.near: "",
    }


def test_only_rows_of_the_list_come_on_the_shortlist(cast, draft):
    outside = people.workshop(cast.office, "CV Sesudahnya")
    with pytest.raises(ValueError):
        selections.shortlist(draft, [outside.pk], by=cast.buyer)
    with pytest.raises(ValueError):
        selections.choose(draft, cast.near.pk, verdict="chosen", reason="best", by=cast.buyer)


@pytest.mark.parametrize(
    ("name", "verdict", "reason", "words", "code"),
    [
        ("proven", "chosen", "too_dear", "", "reason"),
        ("proven", "not_chosen", "best", "", "reason"),
        ("proven", "not_chosen", "", "", "reason"),
        ("proven", "", "best", "", "reason"),
        ("proven", "perhaps", "best", "", "reason"),
        ("proven", "chosen", "other", "", "words"),
        ("near", "chosen", "price", "", "words"),  # it lacks a condition: why nevertheless?
    ],
)
def test_a_decision_that_does_not_stand_is_refused(cast, draft, name, verdict, reason, words, code):
    ikm = getattr(cast, name).pk
    selections.shortlist(draft, [ikm], by=cast.buyer)
    with pytest.raises(selections.NotAllowed) as refused:
        selections.choose(draft, ikm, verdict=verdict, reason=reason, words=words, by=cast.buyer)
    assert refused.value.code == code
    assert draft.choices.get().verdict == ""


def test_a_page_from_before_is_stale(cast, draft):
    seen = fingerprint(selections.listed_now(draft))
    selections.shortlist(draft, [cast.proven.pk], by=cast.staff)
    with pytest.raises(Stale):
        selections.shortlist(draft, [cast.claimed.pk], by=cast.buyer, seen=seen)
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer, seen=seen)  # it changes nothing
    seen = fingerprint(selections.whole_now(draft.choices.all()))
    selections.choose(draft, cast.proven.pk, verdict="chosen", reason="price", by=cast.staff)
    best = {cast.proven.pk: {"verdict": "chosen", "reason": "best", "words": ""}}
    with pytest.raises(Stale):
        selections.decide(draft, best, by=cast.buyer, seen=seen)
    with pytest.raises(Stale):
        selections.finish(draft, by=cast.buyer, seen=seen)
    assert draft.choices.get().reason == "price"


# --- The seal


def test_finishing_asks_for_every_decision(cast, draft):
    with pytest.raises(selections.Undecided) as refused:
        selections.finish(draft, by=cast.buyer)
    assert refused.value.code == "empty"
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer)
    with pytest.raises(selections.Undecided) as refused:
        selections.finish(draft, by=cast.buyer)
    assert refused.value.code == "undecided"


def test_a_final_record_holds_all_and_its_hash_is_of_it(cast, draft):
    final = selections.finish(decided(cast, draft), by=cast.buyer)
    stored = Selection.objects.get(pk=final.pk)
    assert (stored.reference, stored.status, stored.decided_by) == ("1/BAP/2026", "final", cast.buyer)
    assert stored.sha256 == hashlib.sha256(selections.canonical(stored.content)).hexdigest()
    assert json.loads(selections.canonical(stored.content)) == stored.content
    frozen = Frozen.of(stored.content, "id")
    assert [(row.name, row.decision.verdict_said, row.decision.why, row.decision.by) for row in frozen.shortlist] == [
        ("CV Pasti", "dipilih", "paling cocok di antara yang memenuhi syarat", "Pembeli"),
        ("CV Mampu", "tidak dipilih", "kapasitasnya belum cukup: hanya 90", "Staf"),
    ]  # fmt: skip
    assert [row.name for row in frozen.chosen] == ["CV Pasti"]
    assert frozen.record["reference"] == "1/BAP/2026"
    assert frozen.decided_at == stored.decided_at


def test_a_final_record_does_not_change_with_the_market(cast, draft):
    final = selections.finish(decided(cast, draft), by=cast.buyer)
    before = Selection.objects.get(pk=final.pk)
    files = list(SelectionFile.objects.order_by("pk").values_list("sha256", "data"))
    Product.objects.update(capacity_per_month=Decimal(1), name="Lain")
    Certificate.objects.update(valid_until=date(2026, 12, 1), evidence="claimed", method="", checked_on=None)
    Organisation.objects.filter(kind="ikm").update(name="Nama Baru")
    Need.objects.filter(pk=cast.need.pk).update(title="Judul baru", quantity=Decimal(1))
    after = Selection.objects.get(pk=final.pk)
    assert after.content == before.content
    assert after.sha256 == hashlib.sha256(selections.canonical(after.content)).hexdigest()
    assert list(SelectionFile.objects.order_by("pk").values_list("sha256", "data")) == files


def test_a_draft_does_not_change_with_the_market_either(cast, draft):
    before = copy.deepcopy(draft.content)
    Organisation.objects.filter(kind="ikm").update(name="Nama Baru")
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer)
    assert Selection.objects.get().content == before


def test_what_is_final_is_refused_every_change(cast, draft):
    final = selections.finish(decided(cast, draft), by=cast.buyer)
    for act in (
        lambda: selections.shortlist(final, [cast.near.pk], by=cast.buyer),
        lambda: selections.choose(final, cast.proven.pk, verdict="chosen", reason="price", by=cast.buyer),
        lambda: selections.finish(final, by=cast.buyer),
        lambda: selections.discard(final, by=cast.buyer),
    ):
        with pytest.raises(StepRefused):
            act()
    for change in ({"sha256": "0" * 64}, {"content": {}}, {"status": "draft"}):
        with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
            Selection.objects.filter(pk=final.pk).update(**change)


def test_numbers_run_per_company_and_year(cast):
    def sealed(need, by):
        made = selections.start(need, by=by)
        ikm = made.content["rows"][0]["ikm"]
        selections.shortlist(made, [ikm], by=by)
        selections.choose(made, ikm, verdict="not_chosen", reason="silent", by=by)
        return selections.finish(made, by=by).reference

    second = people.need(cast.company, title="Rak kedua")
    theirs = people.need(cast.other, title="Rak lain")
    assert sealed(cast.need, cast.buyer) == "1/BAP/2026"
    discarded = selections.start(second, by=cast.buyer)
    selections.discard(discarded, by=cast.buyer)  # a draft takes no number
    assert sealed(second, cast.staff) == "2/BAP/2026"
    assert sealed(theirs, cast.stranger) == "1/BAP/2026"
    with time_machine.travel("2026-12-31T18:00:00Z"):  # new year in Cilegon
        assert sealed(cast.need, cast.buyer) == "1/BAP/2027"


# --- What the database refuses


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 1},
        {"status": "final"},
        {"status": "final", "year": 2026, "number": 0, "sha256": "0" * 64},
        {"status": "final", "year": 2026, "number": 1, "sha256": "short"},
        {"status": "lain"},
    ],
)
def test_half_a_seal_is_refused(cast, draft, fields):
    if fields.get("status") == "final":
        fields = fields | {"decided_by": cast.buyer, "decided_at": timezone.now()}
    with pytest.raises(IntegrityError):
        Selection.objects.filter(pk=draft.pk).update(**fields)


def test_one_draft_a_need_and_one_number_a_year(cast, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Selection.objects.create(
            need=cast.need,
            company=cast.company,
            day=people.TODAY,
            policy=draft.policy,
            edition=1,
            content={},
            started_by=cast.buyer,
        )
    seal = {
        "status": "final",
        "year": 2026,
        "number": 1,
        "sha256": "0" * 64,
        "decided_by": cast.buyer,
        "decided_at": timezone.now(),
    }
    Selection.objects.filter(pk=draft.pk).update(**seal)
    second = selections.start(cast.need, by=cast.buyer)
    with pytest.raises(IntegrityError):
        Selection.objects.filter(pk=second.pk).update(**seal)


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "chosen"},
        {"verdict": "chosen", "reason": "best", "decided_by": None},
        {"verdict": "chosen", "reason": "other"},
        {"verdict": "", "reason": "best"},
        {"verdict": "maybe", "reason": "best"},
    ],
)
def test_a_decision_has_a_reason_and_a_person(cast, draft, fields):
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer)
    with pytest.raises(IntegrityError):
        draft.choices.update(**{"decided_by": cast.buyer, "decided_at": timezone.now()} | fields)


def test_who_decided_what_is_recorded(cast, draft):
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer)
    selections.choose(draft, cast.proven.pk, verdict="chosen", reason="price", by=cast.staff)
    selections.choose(draft, cast.proven.pk, verdict="chosen", reason="best", by=cast.buyer)
    events = apps.get_model("matching", "ChoiceEvent").objects.order_by("pgh_id")
    assert list(events.values_list("reason", "decided_by__name")) == [
        ("", None),
        ("price", "Staf"),
        ("best", "Pembeli"),
    ]


# --- Two at once


@pytest.fixture
def stored(transactional_db):
    """Two needs of one company, each with a draft that can be sealed."""
    with time_machine.travel("2026-11-24T03:00:00Z"):
        cast = people.cast()
        second = people.need(cast.company, title="Rak kedua")
        cast.drafts = []
        for need in (cast.need, second):
            cast.drafts.append(decided(cast, selections.start(need, by=cast.buyer)))
        yield cast


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_one_draft_seal_it_once(stored):
    draft = stored.drafts[0]
    people_ = (stored.buyer, stored.staff)
    assert both(lambda n: selections.finish(draft, by=people_[n])) == ["StepRefused", "done"]
    assert SelectionFile.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_records_sealed_at_once_have_two_numbers(stored):
    assert both(lambda n: selections.finish(stored.drafts[n], by=stored.buyer)) == ["done", "done"]
    assert sorted(Selection.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_take_the_same_number(stored):
    looked = threading.Barrier(2, timeout=10)

    def seal_unlocked(n):
        with transaction.atomic():
            number = selections._next_number(stored.company, 2026)
            looked.wait()
            Selection.objects.filter(pk=stored.drafts[n].pk).update(
                status="final",
                year=2026,
                number=number,
                sha256="0" * 64,
                decided_by=stored.buyer,
                decided_at=timezone.now(),
            )

    assert both(seal_unlocked) == ["IntegrityError", "done"]


@pytest.mark.django_db(transaction=True)
def test_begun_twice_at_once_it_is_one_draft(stored):
    need = people.need(stored.company, title="Rak ketiga")
    assert both(lambda n: selections.start(need, by=stored.buyer)) == ["done", "done"]
    assert Selection.objects.filter(need=need).count() == 1


def test_a_workshop_that_left_the_register_is_not_shortlisted(cast, draft):
    gone = cast.route.pk
    cast.route.organisation.delete()
    with pytest.raises(ValueError):
        selections.shortlist(draft, [gone], by=cast.buyer)
