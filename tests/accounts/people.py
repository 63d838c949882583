"""The people of these tests: an office with a head and an officer, a workshop with owner and staff, and strangers."""

from types import SimpleNamespace

from allauth.account.models import EmailAddress

from accounts.models import Membership, Organisation, User
from accounts.organisations import create_organisation
from catalogue.models import Area

PASSWORD = "besi siku 40x40"


def area(code: str) -> Area:
    return Area.objects.get(pk=code)


def person(name: str, **fields) -> User:
    if "phone" not in fields:
        fields.setdefault("email", f"{name.lower().replace(' ', '.')}@contoh.example")
    user = User.objects.create_user(name=name, password=fields.pop("password", PASSWORD), **fields)
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def join(organisation: Organisation, user: User, role: str) -> User:
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def cast() -> SimpleNamespace:
    """operator; office (Kota Cilegon) with head and officer; far_officer of Kota Serang; workshop with owner and staff;
    stranger with a workshop of their own; nobody without any organisation."""
    operator = create_organisation(kind="operator", name="Pengelola", by=None)
    office = create_organisation(kind="dinas", name="Dinas Cilegon", area=area("36.72"), by=None)
    far_office = create_organisation(kind="dinas", name="Dinas Serang", area=area("36.73"), by=None)
    owner, stranger = person("Pemilik"), person("Orang Lain")
    workshop = create_organisation(
        kind="ikm", name="CV Rak Baja", area=area("36.72.03"), by=owner, role="owner"
    )
    other = create_organisation(kind="ikm", name="CV Lain", area=area("36.73.01"), by=stranger, role="owner")
    return SimpleNamespace(
        operator=operator,
        office=office,
        far_office=far_office,
        head=join(office, person("Kepala"), "head"),
        officer=join(office, person("Petugas"), "officer"),
        far_officer=join(far_office, person("Petugas Jauh"), "officer"),
        owner=owner,
        staff=join(workshop, person("Staf"), "staff"),
        workshop=workshop,
        stranger=stranger,
        other=other,
        nobody=person("Tanpa Usaha"),
    )
