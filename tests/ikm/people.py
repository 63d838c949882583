"""A workshop with its owner, a member of its staff, a stranger, and the officers of its office."""

from dataclasses import dataclass

from accounts.models import Organisation, User
from ikm.models import Ikm
from tests import offices


@dataclass
class People:
    office: Organisation
    ikm: Ikm
    owner: User
    staff: User
    stranger: User
    officer: User


def around_a_workshop(**workshop) -> People:
    """The stranger owns another workshop in the same town."""
    office = offices.office()
    owner = offices.person("Pemilik Asli")
    ikm = offices.workshop(office, owner=owner, **workshop)
    stranger = offices.person("Orang Lain")
    offices.workshop(office, owner=stranger, name="UD Cangkul Lain", status="draft", facts=False)
    return People(
        office,
        ikm,
        owner,
        offices.member(ikm.organisation, "Staf Bengkel", "staff"),
        stranger,
        offices.member(office, "Petugas Ani"),
    )
