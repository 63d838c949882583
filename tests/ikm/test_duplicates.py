"""Candidates are found by what they share, and an officer's answer is remembered."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from ikm import duplicates
from ikm.likeness import WORTH_A_LOOK, compare
from ikm.models import DuplicatePair, Ikm
from tests import offices
from tests.races import both


@pytest.fixture
def office(db):
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Petugas Ani")


def made(office, name, **fields):
    values = {"area_id": "36.72.08"} | fields
    of = Organisation.objects.create(kind="ikm", name=name, reviewing_office=office, **values)
    return Ikm.objects.create(organisation=of)


def found(office):
    duplicates.refresh()
    pairs = DuplicatePair.objects.of_office(office).waiting()
    return [(p.first.organisation.name, p.second.organisation.name, p.score) for p in pairs]


def test_pairs_that_share_a_number_a_name_or_a_street(office):
    made(office, "CV Maju Jaya", nib="0220001234567", phone="+62254391234")
    made(office, "Maju Jaya, CV", area_id="36.72.03")
    made(office, "UD Golok", nib="0220001234567", area_id="36.72.03")
    made(office, "Bengkel Tiga", whatsapp="+62254391234", area_id="36.72.03")
    made(office, "Mitra Logam Abadi", address="Jl. Raya Anyer No. 12")
    made(office, "Mitra Logm Abadi", address="jalan raya anyer 12")
    made(office, "CV Sendiri")
    assert found(office) == [
        ("CV Maju Jaya", "UD Golok", 55),
        ("Mitra Logam Abadi", "Mitra Logm Abadi", 50),
        ("CV Maju Jaya", "Maju Jaya, CV", 40),
    ]


def test_what_many_share_says_nothing(office):
    for number in range(duplicates.MOST_SHARING + 1):
        made(office, f"Nama{number:03d} Berbeda{number:03d}", phone="+62254391234")
    assert found(office) == []


def test_profiles_of_another_office_and_merged_ones_are_no_pair(office):
    far = offices.office("36.04", name="Dinas Serang")
    survivor = made(office, "CV Maju")
    merged = made(office, "CV Maju")
    merged.merged_into = survivor
    merged.save()
    made(far, "CV Maju")
    assert found(office) == []


def test_a_pair_follows_what_its_profiles_say(office, ani):
    one, other = made(office, "CV Maju"), made(office, "Maju, CV")
    assert found(office) == [("CV Maju", "Maju, CV", 50)]
    Organisation.objects.filter(pk=other.organisation_id).update(phone="+62254391234", area=None)
    Organisation.objects.filter(pk=one.organisation_id).update(phone="+62254391234")
    assert found(office) == [("CV Maju", "Maju, CV", 85)]
    Organisation.objects.filter(pk=other.organisation_id).update(name="UD Lain", phone="")
    assert found(office) == []


def test_nothing_is_compared_twice(office):
    made(office, "CV Maju")
    made(office, "Maju, CV")
    assert duplicates.refresh() == 2
    assert duplicates.refresh() == 0


def test_not_the_same_is_remembered(office, ani):
    one, other = made(office, "CV Maju"), made(office, "Maju, CV")
    found(office)
    pair = duplicates.tell_apart(DuplicatePair.objects.get(), by=ani)
    Organisation.objects.filter(pk=one.organisation_id).update(phone="+62254391234")
    assert found(office) == []
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.first, pair.second) == ("distinct", ani, one, other)
    with pytest.raises(duplicates.Decided):
        duplicates.tell_apart(pair, by=ani)
    duplicates.ask_again(pair, by=ani)
    assert found(office) == [("CV Maju", "Maju, CV", 50)]
    with pytest.raises(duplicates.Decided):
        duplicates.ask_again(pair, by=ani)


def test_the_number_of_statements_does_not_grow(office):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            duplicates.refresh_some()
        return len(captured)

    def pairs(count, word):
        for number in range(count):
            made(office, f"CV {word}{number}")
            made(office, f"{word}{number}, CV")

    pairs(1, "Satu")
    one = asked()
    pairs(3, "Tiga")
    assert asked() == one
    assert DuplicatePair.objects.count() == 4


def test_every_pair_worth_a_look_is_among_the_candidates(office):
    """Against all pairs of a small register, where no key is common."""
    words = ["Pagar", "Golok", "Cangkul", "Kanopi"]
    for number in range(24):
        made(
            office,
            f"{['CV', 'UD', ''][number % 3]} {words[number % 4]} {['Jaya', 'Abadi'][number % 2]}{number // 8}",
            nib=f"{number // 3:013d}" if number % 5 == 0 else "",
            phone=f"+6225439{number // 2:04d}" if number % 4 else "",
            address=f"Jl. Raya {number // 2}" if number % 2 else "",
        )
    records = duplicates.records_of(Ikm.objects.values_list("pk", flat=True))
    keys = sorted(records)
    everything = {
        (one, other): compare(records[one], records[other]).score
        for one in keys
        for other in keys
        if one < other and compare(records[one], records[other]).score >= WORTH_A_LOOK
    }
    duplicates.refresh()
    pairs = DuplicatePair.objects.values_list("first", "second", "score")
    assert {(one, other): score for one, other, score in pairs} == everything
    assert len(everything) > 3


@pytest.mark.parametrize("wrong", ["order", "twice", "undated", "score"])
def test_the_database_refuses_what_cannot_be(office, wrong):
    one, other = made(office, "CV Maju"), made(office, "Maju, CV")
    fields = {"first": one, "second": other, "score": 50}
    if wrong == "order":
        fields |= {"first": other, "second": one}
    elif wrong == "twice":
        DuplicatePair.objects.create(**fields)
    elif wrong == "undated":
        fields |= {"state": "distinct"}
    else:
        fields |= {"score": 101}
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicatePair.objects.create(**fields)


@pytest.mark.django_db(transaction=True)
def test_two_officers_decide_once():
    office = offices.office()
    people = [offices.member(office, name) for name in ("Petugas Ani", "Petugas Budi")]
    made(office, "CV Maju")
    made(office, "Maju, CV")
    duplicates.refresh()
    pair = DuplicatePair.objects.get()
    assert both(lambda number: duplicates.tell_apart(pair, by=people[number])) == ["Decided", "done"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_decide(monkeypatch):
    """The control: what the lock prevents."""
    office = offices.office()
    people = [offices.member(office, name) for name in ("Petugas Ani", "Petugas Budi")]
    made(office, "CV Maju")
    made(office, "Maju, CV")
    duplicates.refresh()
    pair = DuplicatePair.objects.get()
    read = threading.Barrier(2, timeout=10)

    def unlocked(pair):
        fresh = DuplicatePair.objects.get(pk=pair.pk)
        read.wait()
        return fresh

    monkeypatch.setattr(duplicates, "lock", unlocked)
    assert both(lambda number: duplicates.tell_apart(pair, by=people[number])) == ["done", "done"]


def test_reasons_are_told_in_words():
    assert [str(word) for word in duplicates.in_words(["nib", "unheard of", "phone"])] == [
        "NIB sama",
        "nomor telepon sama",
    ]
