"""Which office reviews whom, and what may be said about an organisation."""

import pytest

from accounts.models import Membership, Organisation
from accounts.organisations import assign_office, create_organisation, office_for, revise
from tests.accounts.people import area, person

pytestmark = pytest.mark.django_db


def founded(kind: str, name: str, code: str | None = None, **fields) -> Organisation:
    return create_organisation(kind=kind, name=name, area=code and area(code), by=None, **fields)


def test_the_office_of_the_area_wins_over_the_one_above_and_the_operator_is_the_last():
    operator = founded("operator", "Pengelola")
    province, city = founded("dinas", "Dinas Banten", "36"), founded("dinas", "Dinas Cilegon", "36.72")

    offices = {
        code: office_for(area(code))
        for code in ("36.72.03.1001", "36.72.03", "36.72", "36.73.01", "36", "32.73")
    }

    assert offices == {
        "36.72.03.1001": city,
        "36.72.03": city,
        "36.72": city,
        "36.73.01": province,
        "36": province,
        "32.73": operator,
    }
    assert office_for(None) == operator


def test_in_an_empty_register_there_is_no_office():
    assert office_for(area("36.72")) is None
    assert founded("ikm", "CV Awal", "36.72").reviewing_office is None


def test_of_two_offices_of_one_area_the_older_reviews():
    older = founded("dinas", "Dinas Perindustrian", "36.72")
    founded("dinas", "Dinas Koperasi", "36.72")
    assert office_for(area("36.72.03")) == older


@pytest.mark.parametrize("kind", ["ikm", "company", "institution"])
def test_what_is_reviewed_gets_its_office(kind):
    office = founded("dinas", "Dinas Cilegon", "36.72")
    assert founded(kind, "Baru", "36.72.03").reviewing_office == office


@pytest.mark.parametrize("kind", ["dinas", "government", "operator"])
def test_what_is_not_reviewed_gets_none(kind):
    founded("dinas", "Dinas Cilegon", "36.72")
    assert founded(kind, "Baru", "36.72").reviewing_office is None


def test_who_founds_with_a_role_is_a_member():
    owner = person("Pemilik")
    organisation = create_organisation(kind="ikm", name="CV Rak", by=owner, role="owner")
    membership = Membership.objects.get(organisation=organisation)
    assert (membership.user, membership.role, membership.left_on) == (owner, "owner", None)


def test_a_new_office_takes_over_its_area_but_not_what_was_chosen_by_hand():
    operator, province = founded("operator", "Pengelola"), founded("dinas", "Dinas Banten", "36")
    inside, outside = founded("ikm", "CV Dalam", "36.72.03"), founded("ikm", "CV Luar", "36.73.01")
    chosen = founded("ikm", "CV Pilihan", "36.72.03", reviewing_office=province)
    far = founded("company", "PT Jauh", "32.73")

    city = founded("dinas", "Dinas Cilegon", "36.72")

    def office_of(organisation):
        return Organisation.objects.get(pk=organisation.pk).reviewing_office

    assert [office_of(each) for each in (inside, outside, chosen, far)] == [
        city,
        province,
        province,
        operator,
    ]


def test_the_first_operator_takes_what_has_no_office():
    early = founded("ikm", "CV Awal", "36.72")
    operator = founded("operator", "Pengelola")
    assert Organisation.objects.get(pk=early.pk).reviewing_office == operator


def test_an_organisation_stays_where_its_reference_is_free():
    province = founded("dinas", "Dinas Banten", "36")
    moving = founded("ikm", "CV Pindah", "36.72.03", ref="A-1")
    city = founded("dinas", "Dinas Serang", "36.73")
    founded("ikm", "CV Menetap", "36.73.01", ref="A-1")

    moving.area = area("36.73.01")
    moving.save(update_fields=["area"])

    assert assign_office(moving) == province
    assert Organisation.objects.get(pk=moving.pk).reviewing_office == province
    assert city != province


def test_an_office_chosen_by_hand_stays_when_the_area_changes():
    city, far = founded("dinas", "Dinas Cilegon", "36.72"), founded("dinas", "Dinas Serang", "36.73")
    organisation = founded("ikm", "CV Rak", "36.72.03")
    assert assign_office(organisation, office=far) == far
    revise(organisation, by=None, area=area("36.72.04"))
    kept = Organisation.objects.get(pk=organisation.pk)
    assert (kept.reviewing_office, kept.office_is_chosen) == (far, True)
    assert city != far


def test_a_new_area_moves_an_organisation_to_the_office_there():
    founded("dinas", "Dinas Cilegon", "36.72")
    far = founded("dinas", "Dinas Serang", "36.73")
    organisation = founded("ikm", "CV Rak", "36.72.03")
    revise(organisation, by=None, area=area("36.73.01"), name="CV Rak Serang")
    kept = Organisation.objects.get(pk=organisation.pk)
    assert (kept.name, kept.reviewing_office, organisation.reviewing_office) == ("CV Rak Serang", far, far)


@pytest.mark.parametrize("name", ["kind", "ref", "reviewing_office", "allows_same_person"])
def test_what_follows_other_ways_is_not_revised(name):
    organisation = founded("ikm", "CV Rak")
    with pytest.raises(TypeError):
        revise(organisation, by=None, **{name: "x"})
