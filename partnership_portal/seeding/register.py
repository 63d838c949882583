"""What the CSV of the sample says: offices, companies, workshops with their facts, needs."""

import csv
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet
from django.utils import timezone

from accounts import consent
from accounts.models import Consent, Evidence, Membership, Method, Organisation, User
from accounts.organisations import create_organisation
from accounts.sample import LOGINS, PASSWORD, PIN, give_sample_totp
from catalogue.models import Area, CertificateKind, Kbli, Process
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Review
from ikm.sizes import band_of
from industry.models import Company, Need

SAMPLE = Path(__file__).parent.parent / "sample"
REFERENCE_DAY = date(2026, 11, 24)
OFFICE_REF = "dinas-cilegon-contoh"
IMPORTED = "ud-kawat-cibeber"


def sample(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def kinds(cell: str) -> QuerySet[CertificateKind]:
    return CertificateKind.objects.filter(pk__in=parts(cell))


def number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


class Seeding:
    """One loading of the sample; holds what the later steps look up by the slugs of the CSV."""

    def __init__(self, today: date):
        self.today = today
        self.shift = today - REFERENCE_DAY
        self.password = make_password(PASSWORD)
        self.pin = make_password(PIN)
        self.ikms: dict[str, Ikm] = {}
        self.companies: dict[str, Company] = {}

    def run(self) -> None:
        self.found_offices()
        self.found_companies()
        for row in sample("ikm"):
            self.found_ikm(row)
        self.add_products()
        self.add_processes()
        self.add_certificates()
        self.add_needs()

    # --- days and people

    def day(self, cell: str) -> date | None:
        return date.fromisoformat(cell) + self.shift if cell else None

    def moment(self, days_ago: int) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return timezone.make_aware(datetime.combine(day, time(9, 30)))

    def person(self, name: str, *, email: str | None = None, phone: str | None = None, **fields) -> User:
        secret = self.password if email else self.pin
        user = User.objects.create(name=name, email=email, phone=phone, password=secret, **fields)
        if email:
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    # --- offices

    def found_offices(self) -> None:
        operator = create_organisation(
            kind="operator", name="Pengelola Portal (CONTOH)", ref="pengelola-contoh", by=None
        )
        admin = self.person(
            "Pengelola Contoh", email="pengelola@contoh.example", is_staff=True, is_superuser=True
        )
        Membership.objects.create(user=admin, organisation=operator, role="staff")
        self.office = create_organisation(
            kind="dinas",
            name="Dinas Perindustrian dan Perdagangan Kota Cilegon (CONTOH)",
            ref=OFFICE_REF,
            area=Area.objects.get(code="36.72"),
            phone="+62254000900",
            whatsapp="+6281200000900",
            by=None,
        )
        serang = create_organisation(
            kind="dinas",
            name="Dinas Perindustrian Kabupaten Serang (CONTOH)",
            ref="dinas-serang-contoh",
            area=Area.objects.get(code="36.04"),
            by=None,
        )
        self.officers = [
            self.officer("Petugas Contoh A", "petugas.a@contoh.example", self.office, "officer"),
            self.officer("Petugas Contoh B", "petugas.b@contoh.example", self.office, "officer"),
            self.officer("Kepala Dinas Contoh", "kepala@contoh.example", self.office, "head"),
        ]
        self.officer("Petugas Contoh Serang", "petugas.serang@contoh.example", serang, "officer")
        self.give_sample_codes([admin.email, *(login.name for login in LOGINS if "petugas" in login.name)])

    def officer(self, name: str, email: str, office: Organisation, role: str) -> User:
        user = self.person(name, email=email)
        Membership.objects.create(user=user, organisation=office, role=role)
        return user

    def give_sample_codes(self, emails: list[str]) -> None:
        """The sample second factor, which settings accept in demo and test only."""
        if not settings.IS_SAMPLE:
            return
        for user in User.objects.filter(email__in=[*emails, "kepala@contoh.example"]):
            give_sample_totp(user)

    # --- demand

    def found_companies(self) -> None:
        for row in sample("companies"):
            buyer = self.person(f"Staf Pengadaan {row['name']}"[:120], email=row["email"])
            organisation = create_organisation(
                kind="company",
                name=row["name"],
                ref=row["slug"],
                area=Area.objects.get(code=row["area_code"]),
                address=row["address"],
                email=row["email"],
                contact_name="Bagian Pengadaan",
                by=buyer,
                role="owner",
            )
            self.companies[row["slug"]] = Company.objects.create(
                organisation=organisation,
                status="reviewed",
                sector=row["sector"],
                about=row["about"],
                entered_by=buyer,
                submitted_at=self.moment(60),
                reviewed_at=self.moment(58),
                reviewed_by=self.officers[0],
            )

    def add_needs(self) -> None:
        for row in sample("needs"):
            company = self.companies[row["company"]]
            need = Need.objects.create(
                company=company,
                office=company.organisation.reviewing_office,
                ref=row["slug"],
                title=row["title"],
                category_id=row["category"],
                quantity=number(row["quantity"]),
                basis=row["basis"],
                unit_id=row["unit"],
                unit_mass_kg=number(row["unit_mass_kg"]),
                start=self.day(row["start"]),
                end=self.day(row["end"]),
                area_id=row["area_code"],
                max_lead_time_days=int(row["max_lead_time_days"]) if row["max_lead_time_days"] else None,
                allow_pooling=row["allow_pooling"] == "yes",
                value_idr=number(row["value_idr"]),
                material_terms=row["material_terms"],
                payment_days=int(row["payment_days"]),
                status="open",
                opened_at=self.moment(20),
                created_by=User.objects.get(email=company.organisation.email),
                created_at=self.moment(21),
            )
            need.required_certificates.set(kinds(row["required_certificates"]))
            need.preferred_certificates.set(kinds(row["preferred_certificates"]))
            need.required_processes.set(Process.objects.filter(pk__in=parts(row["required_processes"])))

    # --- supply

    def owner_of(self, row: dict[str, str]) -> User | None:
        """An imported workshop has nobody yet; two owners have a mobile number and no e-mail."""
        if row["slug"] == IMPORTED:
            return None
        name = f"Pemilik {row['name'].removesuffix(' (CONTOH)')} (CONTOH)"[:120]
        if row["email"]:
            return self.person(name, email=row["email"])
        return self.person(name, phone=f"+62812{row['nib'][-8:]}")

    def found_ikm(self, row: dict[str, str], **changes) -> Ikm:
        owner = self.owner_of(row)
        organisation = create_organisation(
            kind="ikm",
            name=row["name"],
            ref=row["slug"],
            area=Area.objects.get(code=row["area_code"]),
            address=row["address"],
            postcode=row["postcode"],
            nib=row["nib"],
            phone=row["phone"],
            whatsapp=f"+62812{row['nib'][-8:]}",
            email=row["email"],
            contact_name=owner.name if owner else "",
            by=owner,
            role="owner" if owner else None,
        )
        fields = {
            "status": "approved",
            "legal_form": row["legal_form"],
            "about": row["about"],
            "year_founded": int(row["year_founded"]),
            "workers": int(row["workers"]),
            "investment_band": band_of(int(row["investment_idr"])),
            "latitude": number(row["lat"]),
            "longitude": number(row["lng"]),
            "done_sections": [
                "identity",
                "place",
                "size",
                "products",
                "processes",
                "certificates",
                "contact",
            ],
            "submitted_at": self.moment(90),
            "submitted_by": owner,
            "entered_by": owner,
            "changed_by": owner,
            "changed_at": self.moment(90),
            "approved_at": self.moment(86),
            "confirmed_on": self.today - timedelta(days=30),
            **self.proof(row["evidence"]),
            **changes,
        }
        ikm = Ikm.objects.create(organisation=organisation, **fields)
        codes = [("2020", c) for c in parts(row["kbli_2020"])] + [
            ("2025", c) for c in parts(row["kbli_2025"])
        ]
        ikm.kblis.set(Kbli.objects.get_or_create(version=v, code=c)[0] for v, c in codes)
        if owner:
            Consent.objects.create(
                organisation=organisation,
                user=owner,
                text_version=consent.TEXT_VERSION,
                given_at=self.moment(90),
            )
        if ikm.status == "approved":
            Review.objects.create(
                ikm=ikm,
                decision="approve",
                officer=self.officers[0],
                office=organisation.reviewing_office,
                decided_at=self.moment(86),
            )
        self.ikms[row["slug"]] = ikm
        return ikm

    def proof(self, evidence: str, method: str = Method.ORIGINAL) -> dict:
        if evidence == Evidence.CLAIMED:
            return {}
        return {
            "evidence": evidence,
            "method": method if evidence == Evidence.VERIFIED else "",
            "checked_by": self.officers[0],
            "checked_on": self.today - timedelta(days=80),
        }

    def add_products(self) -> None:
        for row in sample("products"):
            ikm = self.ikms[row["ikm"]]
            Product.objects.create(
                ikm=ikm,
                ref=row["category"],
                name=row["name"],
                category_id=row["category"],
                unit_id=row["unit"],
                capacity_per_month=number(row["capacity_per_month"]),
                committed_per_month=number(row["committed_per_month"]),
                pool=row["pool"],
                unit_mass_kg=number(row["unit_mass_kg"]),
                lead_time_days=int(row["lead_time_days"]) if row["lead_time_days"] else None,
                min_order=number(row["min_order"]),
                material=row["material"],
                changed_by=ikm.entered_by,
                changed_at=self.moment(90),
                **self.proof(row["evidence"], Method.VISIT),
            )

    def add_processes(self) -> None:
        for row in sample("ikm"):
            ikm = self.ikms[row["slug"]]
            for process in parts(row["processes"]):
                ProcessCapability.objects.create(
                    ikm=ikm,
                    process_id=process,
                    changed_by=ikm.entered_by,
                    changed_at=self.moment(90),
                    **self.proof(row["evidence"], Method.VISIT),
                )

    def add_certificates(self) -> None:
        for row in sample("certificates"):
            ikm = self.ikms[row["ikm"]]
            company = self.companies[row["for_company"]].organisation if row["for_company"] else None
            Certificate.objects.create(
                ikm=ikm,
                kind_id=row["kind"],
                category_id=row["category"] or None,
                number=row["number"],
                issuer=row["issuer"],
                valid_from=self.day(row["valid_from"]),
                valid_until=self.day(row["valid_until"]),
                holders=int(row["holders"]),
                scope=row["scope"],
                for_company=company,
                changed_by=ikm.entered_by,
                changed_at=self.moment(90),
                **self.proof(row["evidence"], Method.ISSUER),
            )
