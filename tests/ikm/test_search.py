import pytest

from accounts.models import Organisation
from catalogue.models import Area
from ikm.models import Ikm
from ikm.search import resembling
from tests import offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return offices.office()


@pytest.fixture
def siti():
    return offices.person("Siti Aminah")


def area(code="36.72.08.1007"):
    return Area.objects.get(code=code)


def known(office, name, *, where="36.72.03", **fields):
    ikm = offices.workshop(office, name=name, area=where, status="approved", facts=False)
    Organisation.objects.filter(pk=ikm.organisation_id).update(**{"whatsapp": ""} | fields)
    return ikm


def found(siti, name, **answers):
    return [ikm.organisation.name for ikm in resembling(by=siti, **{"name": name, "area": area()} | answers)]


@pytest.mark.parametrize(
    "typed",
    [
        "CV Roller Samangraya",
        "cv. roler samangraya",
        "Roller Samangraya, CV",
        "PT Roller Samangraya",
        "samangraya roller",
    ],
)
def test_a_name_is_found_without_its_form_and_with_slips(office, siti, typed):
    known(office, "CV Roller Samangraya")
    known(office, "UD Cangkul Kalitimbang")
    assert found(siti, typed) == ["CV Roller Samangraya"]


def test_the_form_alone_resembles_nothing(office, siti):
    known(office, "CV Roller Samangraya")
    assert found(siti, "CV") == []


def test_a_name_counts_within_the_regency(office, siti):
    known(office, "CV Roller Samangraya", where="36.04.05")
    assert found(siti, "CV Roller Samangraya") == []
    assert found(siti, "CV Roller Samangraya", area=area("36.04.06")) == ["CV Roller Samangraya"]
    assert found(siti, "CV Roller Samangraya", area=None) == ["CV Roller Samangraya"]


def test_numbers_count_anywhere_and_come_first(office, siti):
    known(office, "CV Roller Samangraya")
    known(office, "Bengkel Jauh", where="36.04.05", nib="0001112223334")
    known(office, "Bengkel Lain", where="36.04.05", whatsapp="+6281555000111")
    names = found(siti, "Roller Samangraya", nib="0001112223334", whatsapp="+6281555000111")
    assert names[-1] == "CV Roller Samangraya"
    assert set(names[:2]) == {"Bengkel Jauh", "Bengkel Lain"}


def test_an_empty_number_finds_nobody(office, siti):
    known(office, "Bengkel Tanpa Nomor", nib="")
    assert found(siti, "Zzz", nib="", whatsapp="") == []


def test_own_and_merged_profiles_are_not_shown(office, siti):
    own = known(office, "CV Roller Samangraya")
    owner = own.entered_by
    merged = known(office, "CV Roller Samangraya Lama")
    Ikm.objects.filter(pk=merged.pk).update(merged_into=own)
    assert found(owner, "CV Roller Samangraya") == []
    assert found(siti, "CV Roller Samangraya") == ["CV Roller Samangraya"]


def test_never_more_than_six(office, siti):
    for number in range(8):
        known(office, f"Bengkel Maju {number}")
    assert len(found(siti, "Bengkel Maju")) == 6


@pytest.mark.parametrize("name", ["' OR 1=1 --", "%_%", "x" * 160, "ünïcode", "(", "\\"])
def test_any_text_is_a_name(office, siti, name):
    known(office, "CV Roller Samangraya")
    assert found(siti, name) == []
