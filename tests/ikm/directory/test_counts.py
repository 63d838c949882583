"""What a filter's count promises is what a click on it gives: over random registers, for every pair of filters."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db.models import F

from accounts.models import Organisation
from catalogue.models import Edition
from ikm.directory import counting, refreshing
from ikm.directory.query import FACETS, Query
from ikm.directory.refreshing import refresh
from ikm.directory.search import Result, search
from ikm.directory.vocabulary import vocabulary_of
from ikm.models import (
    Certificate,
    DirectoryCounts,
    DirectoryEntry,
    DirectoryPosting,
    DirectoryReading,
    Ikm,
    ProcessCapability,
    Product,
)
from tests import offices
from tests.ikm.directory.made_up import TODAY

pytestmark = pytest.mark.django_db

CATEGORIES = [
    "cangkul",
    "sabit-padi",
    "golok",
    "pagar-besi",
    "kanopi",
    "poros-shaft",
    "roda-gigi",
    "olah-tanah",
]
PROCESSES = ["las-smaw", "las-gmaw", "bubut-manual", "bubut-cnc", "tempa-manual", "penyambungan"]
KINDS = ["iso-9001", "iatf-16949", "iso-3834-2", "iso-3834-4", "nib", "mill-certificate"]
AREAS = ["36.72.03", "36.72.04", "36.04.05", "33.10.15", "36.72.03.1001"]
UNITS = [("kg", None), ("ton", Decimal(2)), ("pcs", Decimal("1.5")), ("lusin", None), ("batang", Decimal(5))]
WORDS = ["las", "cangkul", "maju", "SS304", "serang"]


def random_register(seed: int, many: int = 14) -> None:
    rng = random.Random(seed)
    of = offices.office()
    owner = offices.person("Pemilik Semua")
    for number in range(many):
        ikm = offices.workshop(
            of,
            owner=owner,
            name=f"CV {rng.choice(WORDS)} {number}",
            area=rng.choice(AREAS),
            status="approved",
            facts=False,
            workers=rng.choice([None, 3, 25]),
            investment_band=rng.choice(["", "0-1", "1-5"]),
        )
        proof = {"evidence": "verified", "checked_on": TODAY}
        confirmed = TODAY - timedelta(days=rng.choice([3, 89, 100, 170, 200, 360, 400]))
        Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=confirmed, **rng.choice([{}, proof]))
        Organisation.objects.filter(pk=ikm.organisation_id).update(nib=rng.choice(["", f"{number:013}"]))
        for _ in range(rng.randint(0, 3)):
            unit, mass = rng.choice(UNITS)
            Product.objects.create(
                ikm=ikm,
                name=f"{rng.choice(WORDS)} UNP 100",
                category_id=rng.choice(CATEGORIES),
                unit_id=unit,
                unit_mass_kg=mass,
                capacity_per_month=rng.choice([None, Decimal(5), Decimal(100), Decimal(4000)]),
                pool=rng.choice(["", "A"]),
            )
        for process in rng.sample(PROCESSES[:5], rng.randint(0, 3)):
            ProcessCapability.objects.create(ikm=ikm, process_id=process, **rng.choice([{}, proof]))
        for _ in range(rng.randint(0, 2)):
            ends = rng.choice([None, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=40)])
            kind, number_of = rng.choice(KINDS[:4]), str(rng.random())
            Certificate.objects.create(
                ikm=ikm, kind_id=kind, number=number_of, valid_until=ends, **rng.choice([{}, proof])
            )
    refresh(today=TODAY)


def random_question(rng: random.Random) -> Query:
    asked = Query(q=rng.choice(["", "", *WORDS]))
    if rng.random() < 0.3:
        asked = replace(
            asked,
            bebas=Decimal(rng.choice([1, 5, 60, 5000])),
            satuan=rng.choice(["kg", "pcs", "batang", "ton"]),
        )
    if rng.random() < 0.3:
        asked = replace(asked, terperiksa=True)
    if rng.random() < 0.3:
        asked = replace(
            asked, berlaku=rng.choice([TODAY, TODAY + timedelta(days=20), TODAY + timedelta(days=90)])
        )
    return asked


def check(asked: Query, result: Result, facet: str, rng: random.Random) -> None:
    """Some choices of `facet`, those with somebody first: the count is what choosing it instead would give."""
    choices = [choice for choice in result.by_name[facet].choices if choice.count]
    nobody = [choice for choice in result.by_name[facet].choices if not choice.count]
    for choice in [*rng.sample(choices, min(3, len(choices))), *rng.sample(nobody, min(1, len(nobody)))]:
        clicked = replace(asked, **{facet: (choice.value,)})
        assert search(clicked, on=TODAY).total == choice.count, clicked.urlencode()


def every_pair(seed: int, monkeypatch, many: int) -> None:
    rng = random.Random(seed)
    # Both ways of counting, whatever the number found.
    monkeypatch.setattr(counting, "MANY", many)
    for first, second in permutations(FACETS, 2):
        asked = random_question(rng)
        choices = [choice.value for choice in search(asked, on=TODAY).by_name[first].choices if choice.count]
        if choices:
            asked = replace(
                asked, **{first: tuple(rng.sample(choices, min(len(choices), rng.choice([1, 2]))))}
            )
        result = search(asked, on=TODAY)
        check(asked, result, first, rng)
        check(asked, result, second, rng)


@pytest.mark.parametrize("many", [0, 1000])
@pytest.mark.parametrize("seed", [1])
def test_counts_are_what_a_click_gives(seed, many, monkeypatch):
    random_register(seed)
    every_pair(seed, monkeypatch, many)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 8))
def test_counts_are_what_a_click_gives_in_more_registers(seed, monkeypatch):
    random_register(seed, many=25)
    every_pair(seed, monkeypatch, seed % 2 * 1000)


def answers(monkeypatch, *ways: int) -> list[list[dict]]:
    """Facets of some questions, counted row by row (1000) or by masks (0)."""
    asked = (
        Query(),
        Query(q="las"),
        Query(proses=("las-smaw",)),
        Query(kategori=("cangkul",), bukti=("verified",)),
    )
    found = []
    for many in ways:
        monkeypatch.setattr(counting, "MANY", many)
        found.append([counts(search(each, on=TODAY)) for each in asked])
    return found


def counts(result: Result) -> dict[str, dict[str, int]]:
    return {
        facet.name: {choice.value: choice.count for choice in facet.choices if choice.count}
        for facet in result.facets
    }


def test_rows_masks_and_dates_count_the_same(monkeypatch):
    random_register(1)
    rows, masks = answers(monkeypatch, 1000, 0)
    assert rows == masks
    DirectoryCounts.objects.all().delete()  # as while everything is read again
    assert answers(monkeypatch, 0) == [rows]


def test_masks_reach_over_blocks(monkeypatch):
    random_register(3)
    (rows,) = answers(monkeypatch, 1000)
    for model in (DirectoryEntry, DirectoryReading):
        model.objects.filter(pk__in=Ikm.objects.order_by("-pk")[:7]).update(
            slot=F("slot") + 3 * DirectoryPosting.BITS
        )
    refreshing.finish(TODAY, vocabulary_of(Edition.current_version()), has_postings=False)
    assert answers(monkeypatch, 0) == [rows]
