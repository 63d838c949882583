from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

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


slugs = st.lists(st.sampled_from(["a", "las-smaw", "36.72", "x" * 60]), max_size=3, unique=True).map(tuple)


@given(
    st.builds(
        Query,
        q=st.sampled_from(["", "rak besi", "é&=+%", "a;b", "M12 × 50", "'"]),
        kategori=slugs,
        wilayah=slugs,
        ukuran=st.lists(st.sampled_from(SIZES), unique=True).map(tuple),
        bukti=st.lists(st.sampled_from(STANDINGS), unique=True).map(tuple),
        segar=st.lists(st.sampled_from(MONTHS), unique=True).map(tuple),
        terperiksa=st.booleans(),
        berlaku=st.sampled_from([None, date(1950, 1, 1), date(2028, 2, 29)]),
        bebas=st.integers(0, 10**11).map(lambda milli: Decimal(milli).scaleb(-3)),
        satuan=st.just("kg"),
        urut=st.sampled_from(SORTS),
    )
)
def test_an_address_gives_the_question_back(asked):
    assert read(asked.urlencode()) == asked
