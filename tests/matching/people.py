"""A buyer with a need, and workshops at every standing for it; who else may look, and who may not."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from accounts.models import Membership, User
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from industry.models import Company, Need
from tests import offices

TODAY = date(2026, 11, 24)
START, END = date(2027, 1, 1), date(2027, 6, 30)
VERIFIED = {"evidence": "verified", "method": "visit", "checked_on": date(2026, 5, 3)}


def cast() -> SimpleNamespace:
    """office with officer; far_officer of another office; company with buyer and staff and its `need`; stranger of
    another company; workshops `proven`, `claimed`, `near` (no ISO 9001) and `route` (processes, another product)."""
    office = offices.office()
    far = offices.office("36.04", name="Dinas Serang")
    officer = offices.member(office, "Petugas")
    company = offices.company(
        office, buyer=offices.person("Pembeli"), status="reviewed", name="PT Baja Selat"
    )
    stranger = offices.person("Orang Lain")
    other = offices.company(office, buyer=stranger, status="reviewed", name="PT Lain")
    checked = VERIFIED | {"checked_by": officer}
    return SimpleNamespace(
        office=office,
        officer=officer,
        far_officer=offices.member(far, "Petugas Jauh"),
        company=company,
        buyer=User.objects.get(name="Pembeli"),
        staff=offices.member(company.organisation, "Staf", "staff"),
        other=other,
        stranger=stranger,
        need=need(company),
        proven=workshop(office, "CV Pasti", proof=checked),
        claimed=workshop(office, "CV Mampu", capacity=Decimal(90)),
        near=workshop(office, "UD Hampir", certificate=False),
        route=workshop(office, "UD Lain", category="pagar-besi", unit="m2"),
    )


def need(company: Company, *, conditions: bool = True, **more) -> Need:
    """200 racks a month, with ISO 9001, CSMS and welding required, TKDN-IK preferred, at most 21 days."""
    fields = {
        "title": "Rak gudang tiga tingkat",
        "category_id": "rak-gudang",
        "quantity": Decimal(200),
        "unit_id": "pcs",
        "start": START,
        "end": END,
        "area_id": "36.72",
        "max_lead_time_days": 21,
        "status": "open",
        "opened_at": offices.SUBMITTED_AT,
        "created_by": company.entered_by,
    }
    made = Need.objects.create(
        company=company, office_id=company.organisation.reviewing_office_id, **fields | more
    )
    if conditions:
        made.required_certificates.set(["iso-9001", "csms"])
        made.preferred_certificates.set(["tkdn-ik"])
        made.required_processes.set(["las-gmaw"])
    return made


def workshop(
    office,
    name: str,
    *,
    status: str = "approved",
    category: str = "rak-gudang",
    unit: str = "pcs",
    capacity: Decimal | None = Decimal(300),
    certificate: bool = True,
    proof: dict | None = None,
    until: date = date(2028, 3, 31),
) -> Ikm:
    """Makes one product by welding; certified until `until`. With `proof` an officer has seen all of it."""
    owner = offices.person(f"Pemilik {name}")
    seen = proof or {}
    ikm = offices.workshop(office, owner=owner, facts=False, name=name, status=status, **seen)
    common = {"ikm": ikm, "changed_by": owner, "changed_at": offices.SUBMITTED_AT, **seen}
    Product.objects.create(
        name=f"Produk {name}",
        category_id=category,
        unit_id=unit,
        capacity_per_month=capacity,
        lead_time_days=14,
        **common,
    )
    ProcessCapability.objects.create(process_id="las-gmaw", **common)
    if certificate:
        Certificate.objects.create(
            kind_id="iso-9001", number=f"ISO/{name}", issuer="Lembaga Contoh", valid_until=until, **common
        )
    return ikm


def owner(ikm: Ikm) -> User:
    return Membership.objects.select_related("user").get(organisation=ikm.organisation, role="owner").user
