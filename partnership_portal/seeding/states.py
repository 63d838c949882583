"""What the CSV of the sample cannot say: profiles, facts and needs in every other state, for the officers' pages."""

from datetime import timedelta
from decimal import Decimal

from accounts.consent import TEXT_VERSION
from accounts.facts import restate
from accounts.models import Consent, Membership
from accounts.organisations import create_organisation
from catalogue.models import Area
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Review
from industry.models import Company, Need
from partnership_portal.seeding.register import Seeding

ALL = ["identity", "place", "size", "products", "processes", "certificates", "contact"]


def add_states(seed: Seeding) -> None:
    change_verified_fact(seed)
    add_rejected_certificate(seed)
    let_one_age(seed)
    add_draft(seed)
    add_submitted(seed)
    add_returned(seed)
    add_withdrawn(seed)
    add_waiting_company(seed)
    add_other_needs(seed)


def change_verified_fact(seed: Seeding) -> None:
    """A capacity that was verified and then raised: a claim again, waiting for the officer."""
    product = Product.objects.get(ikm=seed.ikms["cv-rak-palet-purwakarta"], ref="palet-besi")
    product.capacity_per_month = Decimal(220)
    restate(product, by=product.ikm.entered_by)
    product.save()


def add_rejected_certificate(seed: Seeding) -> None:
    ikm = seed.ikms["bengkel-las-tamansari"]
    Certificate.objects.create(
        ikm=ikm,
        kind_id="juru-las-kelas-3",
        number="CONTOH/JURU-LAS-KELAS-3/900",
        issuer="Kementerian Ketenagakerjaan",
        valid_from=seed.today - timedelta(days=400),
        valid_until=seed.today + timedelta(days=600),
        changed_by=ikm.entered_by,
        **seed.proof("rejected"),
    )


def let_one_age(seed: Seeding) -> None:
    """Confirmed seven months ago: still in the lists, but no longer fresh."""
    ikm = seed.ikms["cv-kanal-mekarsari"]
    ikm.confirmed_on = seed.today - timedelta(days=214)
    ikm.save(update_fields=["confirmed_on"])


def another(seed: Seeding, slug: str, name: str, area: str, number: int, *, by=None, **fields) -> Ikm:
    """A further sample workshop, with its own owner unless an officer entered it (`by`)."""
    owner = None if by else seed.person(f"Pemilik {name}"[:120], email=f"ikm{number}@contoh.example")
    organisation = create_organisation(
        kind="ikm",
        name=name,
        ref=slug,
        area=Area.objects.get(code=area),
        address="Jl. Contoh No. 1",
        nib=f"{number:013d}",
        whatsapp=f"+62812{number:08d}",
        by=owner,
        role="owner" if owner else None,
    )
    author = by or owner
    ikm = Ikm.objects.create(organisation=organisation, entered_by=author, changed_by=author, **fields)
    if owner:
        Consent.objects.create(organisation=organisation, user=owner, text_version=TEXT_VERSION)
    return ikm


def add_draft(seed: Seeding) -> None:
    ikm = another(
        seed,
        "ud-tekuk-kubangsari",
        "UD Tekuk Pelat Kubangsari (CONTOH)",
        "36.72.04.1003",
        51,
        done_sections=["identity", "place"],
        legal_form="UD",
    )
    Product.objects.create(
        ikm=ikm, name="Talang seng pesanan", category_id="talang-air", unit_id="m", changed_by=ikm.entered_by
    )


def add_submitted(seed: Seeding) -> None:
    """One sent by its owner, one entered by officer A, whom A alone cannot approve."""
    own = another(
        seed,
        "cv-poros-kebonsari",
        "CV Poros Kebonsari (CONTOH)",
        "36.72.08.1005",
        52,
        status="submitted",
        submitted_at=seed.moment(9),
        done_sections=ALL,
        legal_form="CV",
        workers=11,
        investment_band="0-1",
        year_founded=2018,
    )
    own.submitted_by = own.entered_by
    own.save(update_fields=["submitted_by"])
    fill(own, "poros-shaft", "Poros pompa sampai 1,5 m", 90, 20, "pcs", ["bubut-manual", "frais-manual"])
    Certificate.objects.create(
        ikm=own,
        kind_id="iso-9001",
        number="CONTOH/ISO-9001/901",
        issuer="Lembaga Sertifikasi Contoh",
        valid_from=seed.today - timedelta(days=200),
        valid_until=seed.today + timedelta(days=800),
        changed_by=own.entered_by,
    )
    officer = seed.officers[0]
    entered = another(
        seed,
        "bengkel-bubut-ciwaduk",
        "Bengkel Bubut Ciwaduk (CONTOH)",
        "36.72.02.1005",
        53,
        by=officer,
        status="submitted",
        submitted_at=seed.moment(3),
        submitted_by=officer,
        done_sections=ALL,
        legal_form="UD",
        workers=4,
        investment_band="0-1",
    )
    fill(entered, "jasa-bubut", "Bubut as dan bushing", 160, 0, "jam-mesin", ["bubut-manual"])


def fill(
    ikm: Ikm, category: str, name: str, capacity: int, taken: int, unit: str, processes: list[str]
) -> None:
    Product.objects.create(
        ikm=ikm,
        name=name,
        category_id=category,
        unit_id=unit,
        capacity_per_month=capacity,
        committed_per_month=taken,
        lead_time_days=14,
        changed_by=ikm.entered_by,
    )
    for process in processes:
        ProcessCapability.objects.create(ikm=ikm, process_id=process, changed_by=ikm.entered_by)


def add_returned(seed: Seeding) -> None:
    ikm = another(
        seed,
        "ud-pagar-jombang",
        "UD Pagar Gedong Dalem (CONTOH)",
        "36.72.05.1005",
        54,
        status="returned",
        submitted_at=seed.moment(15),
        done_sections=ALL,
        legal_form="UD",
        workers=5,
        investment_band="0-1",
    )
    fill(ikm, "pagar-besi", "Pagar dan gerbang lipat", 9000, 0, "m2", ["las-smaw", "cat-cair"])
    Review.objects.create(
        ikm=ikm,
        decision="return",
        officer=seed.officers[1],
        office=seed.office,
        decided_at=seed.moment(12),
        remarks={
            "products": "Kapasitas 9.000 m² per bulan terlalu besar untuk 5 pekerja. Mohon diperiksa lagi."
        },
    )


def add_withdrawn(seed: Seeding) -> None:
    another(
        seed,
        "ud-kompor-grogol",
        "UD Kompor Grogol (CONTOH)",
        "36.72.06.1002",
        55,
        status="withdrawn",
        withdrawal_reason="Pindah usaha ke kota lain.",
        submitted_at=seed.moment(200),
        approved_at=seed.moment(190),
        confirmed_on=seed.today - timedelta(days=190),
        done_sections=ALL,
        legal_form="UD",
    )


def add_waiting_company(seed: Seeding) -> None:
    buyer = seed.person("Staf Pengadaan PT Galangan Contoh", email="pengadaan7@contoh.example")
    organisation = create_organisation(
        kind="company",
        name="PT Galangan Bojonegara (CONTOH)",
        ref="pt-galangan-bojonegara",
        area=Area.objects.get(code="36.72.04"),
        address="Jl. Pelabuhan Contoh No. 9, Ciwandan",
        email="pengadaan7@contoh.example",
        by=buyer,
    )
    Membership.objects.create(user=buyer, organisation=organisation, role="owner")
    company = Company.objects.create(
        organisation=organisation,
        status="submitted",
        sector="Galangan kapal",
        entered_by=buyer,
        submitted_at=seed.moment(4),
    )
    Need.objects.create(
        company=company,
        office=organisation.reviewing_office,
        ref="n-draf-1",
        title="Tangga dan railing kapal tongkang",
        category_id="railing",
        created_by=buyer,
    )


def add_other_needs(seed: Seeding) -> None:
    company = seed.companies["pt-baja-selat-gunungan"]
    common = {
        "company": company,
        "office": company.organisation.reviewing_office,
        "created_by": company.entered_by,
    }
    Need.objects.create(
        ref="n-draf-2", title="Rangka konveyor cadangan", category_id="rangka-konveyor", **common
    )
    Need.objects.create(
        ref="n-tutup-1",
        title="Bushing perunggu untuk overhaul",
        category_id="bushing",
        quantity=150,
        basis="total",
        unit_id="pcs",
        start=seed.today - timedelta(days=120),
        end=seed.today - timedelta(days=60),
        area_id="36.72",
        status="closed",
        opened_at=seed.moment(130),
        closed_at=seed.moment(58),
        close_reason="elsewhere",
        **common,
    )
