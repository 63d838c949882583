"""A small register that never changes, for searches with expected first results; and helpers to add to one."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.models import Organisation, User
from ikm.directory.query import Query
from ikm.directory.refreshing import refresh
from ikm.directory.search import Result, search
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from tests import offices

TODAY = date(2026, 11, 24)


@dataclass
class Shop:
    """`products`: (name, category, unit, free per month) with an optional material and mass."""

    name: str
    area: str = "36.72.03"
    products: list[tuple] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    about: str = ""
    confirmed_on: date = date(2026, 10, 1)
    is_verified: bool = False


SHOPS = [
    Shop("CV Pacul Baja Gerem", "36.72.07", [("Cangkul kelas A", "cangkul", "pcs", 500)], ["tempa-mesin"]),
    Shop("UD Sumber Tani Anyer", "36.04.05", [("Sabit bergerigi", "sabit-padi", "pcs", 300)], ["tempa-manual"]),
    Shop("KUB Tempa Bulakan", "36.72.05", [("Golok tebas", "golok", "pcs", 120)], ["tempa-manual", "asah-poles"]),
    Shop("Bengkel Las Tamansari", "36.72.04", [("Pagar besi minimalis", "pagar-besi", "m2", 60)], ["las-smaw"]),
    Shop("CV Kanopi Cibeber Indah", "36.72.06", [("Kanopi spandek", "kanopi", "m2", 80)], ["las-gmaw"]),
    Shop("PT Struktur Baja Ciwandan", "36.72.01", [("Kolom WF 200x100", "struktur-bangunan", "ton", 40)],
         ["fabrikasi-struktur", "las-gmaw"], ["iso-9001"], is_verified=True),
    Shop("CV Profil Merak", "36.72.02", [("Dudukan UNP 100", "support-pipa", "kg", 900)], ["gergaji"]),
    Shop("CV Bubut Ciwedus", "36.72.08", [("Poros bubut AISI 1045", "poros-shaft", "pcs", 200)], ["bubut-manual"]),
    Shop("UD Frais Jombang", "36.72.08", [("Roda gigi modul 3", "roda-gigi", "pcs", 40)],
         ["frais-manual", "potong-roda-gigi"]),
    Shop("CV CNC Presisi Serang", "36.73.01", [("Bushing kuningan", "bushing", "pcs", 800)],
         ["bubut-cnc", "frais-cnc"], ["iso-9001", "iso-14001"], is_verified=True),
    Shop("CV Tangki Nusa", "36.04.06", [("Tangki SS304 2000 liter", "tangki-baja", "unit", 6, "Stainless SS304")],
         ["las-gtaw", "fabrikasi-tangki"]),
    Shop("UD Dapur Baja Putih", "36.03.05", [("Wajan besar", "wajan-panci", "pcs", 700, "stainless 201")],
         ["stamping"]),
    Shop("PT Galvanis Rawa Arum", "36.72.02", [("Galvanis celup panas", "jasa-galvanis", "kg", 90000)],
         ["galvanis-celup"], ["iso-14001"], is_verified=True),
    Shop("CV Cat Oven Kramatwatu", "36.04.24", [("Cat bubuk rangka", "jasa-cat-bubuk", "m2", 900)], ["cat-bubuk"]),
    Shop("CV Pasir Semprot Cilegon", "36.72.03", [("Sandblasting tangki", "jasa-cat-blasting", "m2", 600)],
         ["blasting"]),
    Shop("UD Cor Ceper Baru", "33.10.15", [("Coran besi FCD 450", "coran-besi", "kg", 5000)], ["cor-pasir"]),
    Shop("CV Impeler Jaya", "33.10.15", [("Impeller pompa kuningan", "komponen-pompa-katup", "pcs", 60)],
         ["cor-pasir", "bubut-manual"]),
    Shop("CV Baut Citra", "36.03.13", [("Baut M12x50 hitam", "baut-mur", "pcs", 40000)], ["rol-ulir"]),
    Shop("UD Angkur Lestari", "36.03.13", [("Angkur M16 galvanis", "angkur", "pcs", 3000)], ["rol-ulir"]),
    Shop("CV Spandek Maju", "36.03.20", [("Spandek 8x1200", "spandek", "m", 4000)], ["rol-bentuk"]),
    Shop("CV Reng Bersama", "36.72.03", [("Reng 30 tebal 0,45", "reng-baja-ringan", "batang", 4000, "", 2.6)],
         ["rol-bentuk"], ["sni-8399-2022"]),
    Shop("UD Gerobak Mang Udin", "36.73.02", [("Gerobak bakso", "gerobak-dagang", "unit", 10)], ["las-smaw"]),
    Shop("CV Roller Samangraya", "36.72.01", [("Roller konveyor 4 inci", "roller-konveyor", "pcs", 150)],
         ["bubut-manual", "las-gmaw"], about="Melayani conveyor pabrik semen."),
    Shop("PT Pres Komponen Dringo", "36.72.08", [("Braket mesin pres", "braket", "pcs", 9000)], ["stamping"],
         ["iatf-16949"], is_verified=True),
    Shop("UD Engsel Bagendung", "36.72.05", [("Engsel pintu", "engsel", "pcs", 6000)], ["stamping"]),
    Shop("CV Bronjong Pandeglang", "36.01.21", [("Bronjong kawat 2x1x1", "bronjong", "pcs", 300)], ["anyam-kawat"]),
    Shop("CV Bejana Mandiri", "36.72.01", [("Heat exchanger", "bejana-tekan", "unit", 2)],
         ["fabrikasi-tangki", "las-gtaw", "pwht"], ["iso-3834-2"], is_verified=True),
    Shop("UD Rak Gudang Cikande", "36.04.27", [("Rak palet", "rak-gudang", "set", 40)], ["las-gmaw"]),
    Shop("CV Pisau Slitter", "36.71.05", [("Pisau slitting SKD11", "pisau-industri", "pcs", 70)],
         ["gerinda-presisi", "perlakuan-panas"]),
    Shop("UD Servis Pompa Merak", "36.72.02", [("Rekondisi pompa", "jasa-reparasi-mesin", "unit", 12)],
         ["reparasi-lapangan"]),
]  # fmt: skip


def open_shop(office: Organisation, shop: Shop) -> Ikm:
    ikm = offices.workshop(
        office,
        name=shop.name,
        area=shop.area,
        status="approved",
        facts=False,
        about=shop.about,
        owner=office.owner,
    )
    facts = {"evidence": "verified", "checked_on": TODAY} if shop.is_verified else {}
    Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=shop.confirmed_on, **facts)
    for name, category, unit, free, *more in shop.products:
        material, mass = [*more, *("", None)[len(more) :]]
        Product.objects.create(
            ikm=ikm,
            name=name,
            category_id=category,
            unit_id=unit,
            capacity_per_month=Decimal(free),
            material=material,
            unit_mass_kg=None if mass is None else Decimal(str(mass)),
            **facts,
        )
    for process in shop.processes:
        ProcessCapability.objects.create(ikm=ikm, process_id=process, **facts)
    for kind in shop.certificates:
        Certificate.objects.create(ikm=ikm, kind_id=kind, valid_until=date(2027, 6, 30), **facts)
    return ikm


def office() -> Organisation:
    """With one owner for all of its workshops: what they own is not what these tests are about."""
    of = offices.office()
    of.owner = offices.person("Pemilik Semua")
    return of


def only_office() -> Organisation:
    """That of the small register."""
    of = Organisation.objects.get(kind="dinas")
    of.owner = User.objects.get(name="Pemilik Semua")
    return of


def small_register() -> None:
    of = office()
    for shop in SHOPS:
        open_shop(of, shop)
    refresh(today=TODAY)


def ask(text: str = "", *, on: date = TODAY, page: int = 1, **asked) -> Result:
    return search(Query.from_get({"q": text} | asked), on=on, page=page)


def names(result: Result) -> list[str]:
    return [row.name for row in result.rows]
