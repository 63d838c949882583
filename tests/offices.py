"""An office with its officers, and workshops and companies that wait for it: what the officers' tests stand on."""

from datetime import UTC, datetime
from decimal import Decimal

from accounts.models import Membership, Organisation, User
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from industry.models import Company

SUBMITTED_AT = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
# 24 November 2026, 10.00 WIB, a Tuesday: when these tests take place. The clock goes on, so that moments differ.
MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def person(name: str, **fields) -> User:
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@contoh.example")
    return User.objects.create_user(name=name, password=None, **fields)


def member(organisation: Organisation, name: str, role: str = "officer") -> User:
    user = person(name)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def office(area: str = "36.72", *, name: str = "Dinas Cilegon", **fields) -> Organisation:
    return Organisation.objects.create(kind="dinas", name=name, area_id=area, **fields)


def workshop(
    of: Organisation, *, owner: User | None = None, status: str = "submitted", facts: bool = True, **fields
) -> Ikm:
    """Entered and sent by its owner. With `facts`: one product, one process, one certificate."""
    name = fields.pop("name", "CV Rak Baja Citangkil")
    owner = owner or person(f"Pemilik {name} {Ikm.objects.count()}")
    organisation = Organisation.objects.create(
        kind="ikm",
        name=name,
        area_id=fields.pop("area", "36.72.03"),
        reviewing_office=of,
        whatsapp="+6281200000001",
    )
    Membership.objects.create(user=owner, organisation=organisation, role="owner")
    values = {"entered_by": owner, "submitted_by": owner, "changed_by": owner, "changed_at": SUBMITTED_AT}
    if status in {"submitted", "approved", "returned", "withdrawn"}:
        values["submitted_at"] = SUBMITTED_AT
    if status in {"approved", "withdrawn"}:
        values |= {"approved_at": SUBMITTED_AT, "confirmed_on": SUBMITTED_AT.date()}
    if status == "withdrawn":
        values["withdrawal_reason"] = "Tutup sementara."
    ikm = Ikm.objects.create(organisation=organisation, status=status, **values | fields)
    if facts:
        add_facts(ikm, by=owner)
    return ikm


def add_facts(ikm: Ikm, *, by: User, process: str = "las-gmaw") -> None:
    common = {"ikm": ikm, "changed_by": by, "changed_at": SUBMITTED_AT}
    Product.objects.create(
        name="Rak gudang",
        category_id="rak-gudang",
        unit_id="pcs",
        capacity_per_month=Decimal(200),
        committed_per_month=Decimal(40),
        **common,
    )
    ProcessCapability.objects.create(process_id=process, machines="2 mesin las CO2", **common)
    Certificate.objects.create(kind_id="iso-9001", number=f"ID-{process}", issuer="Lembaga Contoh", **common)


def company(of: Organisation, *, buyer: User | None = None, status: str = "submitted", **fields) -> Company:
    name = fields.pop("name", "PT Baja Samudra")
    buyer = buyer or person(f"Pembeli {name} {Company.objects.count()}")
    organisation = Organisation.objects.create(
        kind="company", name=name, area_id=fields.pop("area", "36.72.03"), reviewing_office=of
    )
    Membership.objects.create(user=buyer, organisation=organisation, role="owner")
    values = {"entered_by": buyer, "sector": "Baja"}
    if status == "submitted":
        values["submitted_at"] = SUBMITTED_AT
    if status == "reviewed":
        values["reviewed_at"] = SUBMITTED_AT
    return Company.objects.create(organisation=organisation, status=status, **values | fields)
