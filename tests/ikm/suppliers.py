"""Published workshops with everything that must not leak, a company that buys, and the office."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Introduction, Organisation, User
from ikm.models import Ikm
from tests import offices

# What stands nowhere before an introduction, on any page or in any file.
SECRETS = [
    "81299900011",
    "0812 9990",
    "254777123",
    "rahasia@contoh.example",
    "Haji Rahasia",
    "1234567890123",
    "012345678901000",
]


@dataclass
class Market:
    office: Organisation
    ikm: Ikm
    owner: User
    other: Ikm
    company: Organisation
    buyer: User
    colleague: User
    rival: User
    officer: User

    def introduce(self) -> None:
        low, high = sorted([self.company.pk, self.ikm.organisation_id])
        Introduction.objects.create(first_id=low, second_id=high, reason="Saling berminat")


def market(**workshop) -> Market:
    """Two workshops; the first has contacts, numbers, an address and a certificate. The directory is not read yet."""
    office = offices.office()
    owner = offices.person("Pemilik Rak")
    ikm = offices.workshop(
        office,
        owner=owner,
        status="approved",
        area="36.72.03.1001",
        legal_form="CV",
        about="Rak dan palet untuk gudang.",
        workers=12,
        investment_band="0-1",
        year_founded=2011,
        **workshop,
    )
    tell_secrets(ikm.organisation)
    ikm.certificates.update(
        number="QMS-777", scope="Pembuatan rak", valid_from=date(2025, 1, 1), valid_until=date(2028, 5, 3)
    )
    ikm.products.update(lead_time_days=14, min_order=Decimal(5), material="SS400")
    company = offices.company(office, status="reviewed").organisation
    rival = offices.company(office, status="reviewed", name="PT Saingan").organisation
    found = Market(
        office,
        Ikm.objects.get(pk=ikm.pk),
        owner,
        offices.workshop(office, status="approved", name="UD Las Merak", workers=3, investment_band="0-1"),
        company,
        company.memberships.get().user,
        offices.member(company, "Rekan Pembeli", "staff"),
        rival.memberships.get().user,
        offices.member(office, "Petugas Ani"),
    )
    return found


def tell_secrets(organisation: Organisation) -> None:
    organisation.whatsapp, organisation.phone = "+6281299900011", "+62254777123"
    organisation.email, organisation.contact_name = "rahasia@contoh.example", "Haji Rahasia"
    organisation.nib, organisation.npwp = "1234567890123", "012345678901000"
    organisation.address = "Jl. Tersembunyi No. 9"
    organisation.save()


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]
