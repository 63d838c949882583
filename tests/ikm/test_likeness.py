import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from ikm.likeness import POINTS, Record, alike, compare, street

PHONE, OTHER_PHONE = frozenset(["+6281200000001"]), frozenset(["+6281200000002"])


@pytest.mark.parametrize(
    ("one", "other", "score", "reasons"),
    [
        (Record(name="CV. Maju"), Record(name="Maju, CV"), 45, ["same_name"]),
        (Record(name="cv Maju Jaya"), Record(name="PT Majujaya"), 45, ["same_name"]),
        (Record(name="UD Mitra Logam"), Record(name="Mitra Logm"), 25, ["similar_name"]),
        (Record(name="UD Cangkul"), Record(name="CV Pagar"), 0, []),
        (Record(name="UD"), Record(name="CV"), 0, []),
        (Record(nib="0220001234567"), Record(nib="0220001234567"), 60, ["nib"]),
        (Record(npwp="010000131092000"), Record(npwp="0010000131092000"), 50, ["npwp"]),
        (Record(phones=PHONE), Record(phones=PHONE | OTHER_PHONE), 40, ["phone"]),
        (Record(phones=PHONE), Record(phones=OTHER_PHONE), 0, []),
        (
            Record(address="Jl. Raya Anyer No. 012", area="36.72.08.1007"),
            Record(address="jalan raya anyer 12", area="36.72.08.1007"),
            25,
            ["address", "same_area"],
        ),
        # One name can have two NPWP, one firm two names: the numbers speak against the names.
        (
            Record(name="CV Maju", nib="1" * 13, npwp="1" * 15, area="36.72.08"),
            Record(name="CV Maju", nib="2" * 13, npwp="2" * 15, area="36.72.03"),
            0,
            ["same_name", "other_nib", "other_npwp", "other_area"],
        ),
        (
            Record("CV Maju", "1" * 13, "1" * 15, PHONE, "Jl. Raya 1", "36.72.08"),
            Record("Maju, CV", "1" * 13, "1" * 15, PHONE, "Jalan Raya 1", "36.72.08"),
            100,
            ["nib", "npwp", "same_name", "phone", "address", "same_area"],
        ),
    ],
)
def test_what_speaks_for_one_workshop(one, other, score, reasons):
    found = compare(one, other)
    assert (found.score, list(found.reasons)) == (score, reasons)


@pytest.mark.parametrize(
    ("address", "compared"),
    [
        ("Jl. K.H. Wasyid Gg. 3 No.07", "jalan k h wasyid gang 3 7"),
        ("Kp. Baru RT 02/03", "kampung baru 2 3"),
        ("Cilegon", ""),
        ("", ""),
    ],
)
def test_an_address_as_it_is_compared(address, compared):
    assert street(address) == compared


names = st.sampled_from(
    ["CV Maju", "Maju, CV", "UD Mitra Logam", "Mitra Logm", "Bengkel", "", "PT"]
) | st.text(max_size=15)
records = st.builds(
    Record,
    name=names,
    nib=st.sampled_from(["", "1" * 13, "2" * 13]),
    npwp=st.sampled_from(["", "1" * 15, "01" + "1" * 14]),
    phones=st.sets(st.sampled_from(["+6281", "+6282"])).map(frozenset),
    address=st.sampled_from(["", "Jl. Raya 1", "jalan raya 01"]),
    area=st.sampled_from(["", "36.72", "36.72.08", "36.72.03.1001"]),
)


@given(records, records)
def test_likeness_is_the_same_from_both_sides_and_bounded(one, other):
    found = compare(one, other)
    assert found == compare(other, one)
    assert 0 <= found.score <= 100
    assert len(set(found.reasons)) == len(found.reasons)
    assert set(found.reasons) <= POINTS.keys()


@given(records, records)
def test_a_number_more_in_common_never_speaks_against(one, other):
    same = Record(one.name, "3" * 13, one.npwp, one.phones, one.address, one.area)
    also = Record(other.name, "3" * 13, other.npwp, other.phones, other.address, other.area)
    assert compare(same, also).score >= compare(one, other).score


@given(st.text(alphabet="abc ", max_size=12), st.text(alphabet="abc ", max_size=12))
def test_trigrams_are_like_those_of_the_database(one, other):
    assert 0 <= alike(one, other) <= 1
    assert alike(one, other) == alike(other, one)
    assert not one.split() or alike(one, one) == 1


def test_trigrams_are_those_of_the_database(db):
    for one, other in [("mitra logam", "mitra logm"), ("pagar jaya", "jaya pagar"), ("maju", "majujaya")]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT similarity(%s, %s)", [one, other])
            assert alike(one, other) == pytest.approx(cursor.fetchone()[0], abs=1e-6)
