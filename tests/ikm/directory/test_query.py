import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from ikm.directory.query import FACETS, MONTHS, SIZES, SORTS, STANDINGS, Query


def read(address: str) -> Query:
    return Query.from_get(QueryDict(address))


def test_everything_that_can_be_asked():
    asked = read(
        "q=rak+besi&kategori=rak-gudang&kategori=rak-siku&proses=las-gmaw&sertifikat=iso-9001&terperiksa=1"
        "&berlaku=2027-01-31&wilayah=36.72&bebas=1.250,5&satuan=kg&ukuran=small&bukti=verified&segar=6"
        "&urut=kapasitas&dekat=36.72&lain=x"
    )
    assert asked == Query(
        q="rak besi",
        kategori=("rak-gudang", "rak-siku"),
        proses=("las-gmaw",),
        sertifikat=("iso-9001",),
        terperiksa=True,
        berlaku=date(2027, 1, 31),
        wilayah=("36.72",),
        bebas=Decimal("1250.5"),
        satuan="kg",
        ukuran=("small",),
        bukti=("verified",),
        segar=("6",),
        urut="kapasitas",
        dekat="36.72",
    )
    assert read(asked.urlencode()) == asked
    assert asked.asked == ("q", *FACETS, "bebas")


@pytest.mark.parametrize(
    ("address", "ignored"),
    [
        ("kategori=A B", (("kategori", "A B"),)),
        ("bebas=banyak&satuan=kg", (("bebas", "banyak"),)),
        ("bebas=5", (("bebas", "5"),)),
        ("berlaku=31/31/31", (("berlaku", "31/31/31"),)),
        ("ukuran=raksasa&segar=4", (("ukuran", "raksasa"), ("segar", "4"))),
        ("bukti=x&urut=harga", (("bukti", "x"), ("urut", "harga"))),
        ("dekat=../etc", (("dekat", "../etc"),)),
        ("q=%00", ()),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out_and_named(address, ignored):
    asked = read(address)
    assert asked.ignored == ignored
    assert replace(asked, ignored=()) == Query()


def test_a_flood_of_choices_is_cut():
    assert len(read("&".join(f"kategori=k{n}" for n in range(200))).kategori) == 30
    assert len(read(f"q={'a' * 10_000}").q) == 200


def test_without():
    asked = Query(q="las", kategori=("a", "b"), bebas=Decimal(5), satuan="kg")
    assert asked.without("kategori", "a").kategori == ("b",)
    assert asked.without("kategori").kategori == ()
    assert asked.without("bebas") == Query(q="las", kategori=("a", "b"))
    assert asked.without("q").q == ""
    assert asked.with_choice("kategori", "c").kategori == ("a", "b", "c")
    held = Query(sertifikat=("a", "b"), terperiksa=True)
    assert held.without("sertifikat", "a") == Query(sertifikat=("b",), terperiksa=True)
    assert held.without("sertifikat", "a").without("sertifikat", "b") == Query()
    assert Query(urut="terbaru", dekat="36").is_empty


def some(rng: random.Random, values) -> tuple[str, ...]:
    return tuple(rng.sample(list(values), rng.randint(0, len(values))))


def test_an_address_gives_the_question_back():
    rng = random.Random(1)
    for _ in range(500):
        amount = rng.choice([None, Decimal(rng.randrange(10**11)).scaleb(-3)])
        asked = Query(
            q=rng.choice(["", "rak besi", "é&=+%", "a;b", "M12 × 50", "'"]),
            kategori=some(rng, ["a", "las-smaw", "x" * 60]),
            wilayah=some(rng, ["36", "36.72", "36.72.03"]),
            ukuran=some(rng, SIZES),
            bukti=some(rng, STANDINGS),
            segar=some(rng, MONTHS),
            terperiksa=rng.random() < 0.5,
            berlaku=rng.choice([None, date(1950, 1, 1), date(2028, 2, 29)]),
            bebas=amount,
            satuan="" if amount is None else "kg",
            urut=rng.choice(SORTS),
        )
        assert read(asked.urlencode()) == asked
