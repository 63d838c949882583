"""The exchange format of MATCHING.md: read strictly, written canonically, and the lines of matches. Pure: no Django.

`parse_bundle(text, vocabulary)` gives a `Bundle` or raises `BundleRefused` with every `Problem` found (JSON path, code,
words in two languages); nothing of a refused bundle is kept. `write_bundle(bundle)` is its inverse: what is read is
already in canonical order (refs, slugs), so reading, writing and reading again changes nothing.
`bundle.supply()` and `bundle.demand(as_of)` are the facts of those who take part, ready to score.
`match_lines(lists)` gives the lines of `export_matches`. A missing top-level list is an empty one.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matching.bundle_fields import AREA, NIB, Item, Notes, brief, load
from matching.bundle_problems import BundleRefused
from matching.facts import (
    CLAIMED,
    REJECTED,
    VERIFIED,
    CertificateRecord,
    Ikm,
    Need,
    Offer,
    ProcessRecord,
    Vocabulary,
    need_takes_part,
)
from matching.ranking import KeptList, match_row

FORMAT = "ikm-partnership/1"
REF, NAME, NUMBER, POOL = 60, 160, 80, 40  # characters, as the register stores them
EVIDENCE = (CLAIMED, VERIFIED, REJECTED)
PROCESS_LEVEL, GROUP_LEVEL = 2, 1


@dataclass(frozen=True)
class Company:
    ref: str
    name: str
    area: str | None


@dataclass(frozen=True)
class Product:
    name: str
    offer: Offer


@dataclass(frozen=True)
class Workshop:
    """`ikm.offers` are the offers of `products`, in the same order."""

    name: str
    published: bool
    ikm: Ikm
    products: tuple[Product, ...]


@dataclass(frozen=True)
class Request:
    title: str
    is_open: bool
    need: Need


@dataclass(frozen=True)
class Bundle:
    companies: tuple[Company, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    requests: tuple[Request, ...] = ()

    def supply(self) -> list[Ikm]:
        """IKM that take part: an import counts as their confirmation."""
        return [w.ikm for w in self.workshops if w.published]

    def demand(self, as_of: date) -> list[Need]:
        return [
            r.need
            for r in self.requests
            if need_takes_part(is_open=r.is_open, company_reviewed=True, end=r.need.end, as_of=as_of)
        ]


def parse_bundle(text: str | bytes, vocabulary: Vocabulary) -> Bundle:
    """BundleRefused where anything at all is wrong."""
    value = load(text)
    reading = Reading(vocabulary)
    bundle = reading.bundle(value)
    if reading.notes.problems:
        raise BundleRefused(reading.notes.problems)
    return bundle


class Reading:
    """One pass over one bundle. Values that are wrong are noted and replaced by something of the right type."""

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary, self.notes = vocabulary, Notes()
        self.companies: set[str] = set()

    def bundle(self, value: object) -> Bundle:
        top = Item(self.notes, "$", value, ("format", "companies", "ikms", "needs"))
        found = top.get("format", required=True)
        if found is not None and found != FORMAT:
            top.note("format", "format", expected=FORMAT)
        companies = [self.company(path, element) for path, element in top.elements("companies")]
        self.companies = {company.ref for company in companies}
        workshops = [self.workshop(path, element) for path, element in top.elements("ikms")]
        requests = [self.request(path, element) for path, element in top.elements("needs")]
        self.once(top, "companies", "ref", [c.ref for c in companies])
        self.once(top, "ikms", "ref", [w.ikm.ref for w in workshops])
        self.once(top, "needs", "ref", [r.need.ref for r in requests])
        return Bundle(
            tuple(sorted(companies, key=lambda c: c.ref)),
            tuple(sorted(workshops, key=lambda w: w.ikm.ref)),
            tuple(sorted(requests, key=lambda r: r.need.ref)),
        )

    def once(self, owner: Item, key: str, part: str, identities: list) -> None:
        """Each identity once; those that could not be read are empty."""
        first: dict[object, int] = {}
        for i, identity in enumerate(identities):
            if identity and first.setdefault(identity, i) != i:
                path = f"{owner.at(key)}[{i}]" + (f".{part}" if part else "")
                self.notes.add(path, "repeated", first=f"{owner.at(key)}[{first[identity]}]")

    def company(self, path: str, value: object) -> Company:
        item = Item(self.notes, path, value, ("ref", "name", "area"))
        return Company(
            item.text("ref", REF, required=True) or "",
            item.text("name", NAME, required=True) or "",
            self.area(item),
        )

    def workshop(self, path: str, value: object) -> Workshop:
        keys = (
            "ref",
            "name",
            "area",
            "nib",
            "evidence",
            "published",
            "processes",
            "certificates",
            "products",
        )
        item = Item(self.notes, path, value, keys)
        processes = [self.process(p, element) for p, element in item.elements("processes")]
        certificates = [self.certificate(p, element) for p, element in item.elements("certificates")]
        products = [self.product(p, element) for p, element in item.elements("products")]
        self.once(item, "processes", "process", [r.process for r in processes])
        self.once(
            item, "certificates", "", [r.kind and (r.kind, r.number, r.valid_from) for r in certificates]
        )
        self.once(item, "products", "ref", [p.offer.ref for p in products])
        products.sort(key=lambda p: p.offer.ref)
        ikm = Ikm(
            ref=item.text("ref", REF, required=True) or "",
            area=self.area(item),
            nib=item.matched("nib", NIB, "not_nib"),
            evidence=item.choice("evidence", (CLAIMED, VERIFIED), default=CLAIMED),
            processes=tuple(sorted(processes, key=lambda r: r.process)),
            certificates=tuple(sorted(certificates, key=certificate_place)),
            offers=tuple(p.offer for p in products),
        )
        name = item.text("name", NAME, required=True) or ""
        return Workshop(name, item.boolean("published"), ikm, tuple(products))

    def process(self, path: str, value: object) -> ProcessRecord:
        item = Item(self.notes, path, value, ("process", "evidence"))
        slug = item.get("process", required=True)
        return ProcessRecord(
            "" if slug is None else self.process_slug(slug, item.at("process")),
            item.choice("evidence", EVIDENCE, default=CLAIMED),
        )

    def certificate(self, path: str, value: object) -> CertificateRecord:
        keys = ("kind", "number", "valid_from", "valid_until", "category", "for_company", "evidence")
        item = Item(self.notes, path, value, keys)
        slug = item.get("kind", required=True)
        kind = "" if slug is None else self.kind_slug(slug, item.at("kind"))
        starts, ends = item.period("valid_from", "valid_until")
        company = self.company_ref(item, "for_company")
        if company is None and kind in self.vocabulary.per_buyer and item.get("for_company") is None:
            item.note("for_company", "company_missing", value=kind)
        return CertificateRecord(
            kind=kind,
            evidence=item.choice("evidence", EVIDENCE, default=CLAIMED),
            valid_from=starts,
            valid_until=ends,
            category=self.category(item, lowest_level=GROUP_LEVEL, required=False) or None,
            for_company=company,
            number=item.text("number", NUMBER),
        )

    def product(self, path: str, value: object) -> Product:
        keys = ("ref", "name", "category", "capacity_per_month", "committed_per_month", "pool", "unit")
        item = Item(self.notes, path, value, (*keys, "unit_mass_kg", "lead_time_days", "evidence"))
        offer = Offer(
            ref=item.text("ref", REF, required=True) or "",
            category=self.category(item) or "",
            unit=self.unit(item),
            capacity_per_month=item.quantity("capacity_per_month"),
            committed_per_month=item.quantity("committed_per_month"),
            pool=item.text("pool", POOL),
            unit_mass_kg=item.quantity("unit_mass_kg", positive=True),
            lead_time_days=item.days("lead_time_days"),
            evidence=item.choice("evidence", EVIDENCE, default=CLAIMED),
        )
        return Product(item.text("name", NAME, required=True) or "", offer)

    def request(self, path: str, value: object) -> Request:
        keys = (
            "ref",
            "company",
            "title",
            "category",
            "quantity",
            "basis",
            "unit",
            "unit_mass_kg",
            "start",
            "end",
        )
        lists = ("required_certificates", "preferred_certificates", "required_processes")
        item = Item(self.notes, path, value, (*keys, "area", "max_lead_time_days", *lists, "open"))
        start, end = item.period("start", "end", required=True)
        need = Need(
            ref=item.text("ref", REF, required=True) or "",
            company=self.company_ref(item, "company", required=True) or "",
            category=self.category(item) or "",
            quantity=item.quantity("quantity", required=True, positive=True) or Decimal(1),
            basis=item.choice("basis", ("month", "total")),
            unit=self.unit(item),
            start=start or date.min,
            end=end or date.max,
            area=self.area(item),
            unit_mass_kg=item.quantity("unit_mass_kg", positive=True),
            max_lead_time_days=item.days("max_lead_time_days"),
            required_certificates=self.slugs(item, "required_certificates", self.kind_slug),
            preferred_certificates=self.slugs(item, "preferred_certificates", self.kind_slug),
            required_processes=self.slugs(item, "required_processes", self.process_slug),
        )
        return Request(item.text("title", NAME, required=True) or "", item.boolean("open"), need)

    def area(self, item: Item) -> str | None:
        code = item.matched("area", AREA, "not_area")
        if code is not None and self.vocabulary.areas is not None and code not in self.vocabulary.areas:
            item.note("area", "unknown_area", value=code)
        return code

    def company_ref(self, item: Item, key: str, *, required: bool = False) -> str | None:
        ref = item.text(key, REF, required=required)
        if ref is not None and ref not in self.companies:
            item.note(key, "unknown_company", value=ref)
        return ref

    def category(self, item: Item, *, lowest_level: int = 2, required: bool = True) -> str | None:
        slug = item.get("category", required=required)
        if slug is None:
            return None
        known = self.known(slug, item.at("category"), self.vocabulary.categories, "unknown_category")
        if known and self.vocabulary.categories[known].level < lowest_level:
            item.note("category", "category_level", value=known)
        return known

    def unit(self, item: Item) -> str:
        slug = item.get("unit", required=True)
        return (
            "" if slug is None else self.known(slug, item.at("unit"), self.vocabulary.units, "unknown_unit")
        )

    def kind_slug(self, value: object, path: str) -> str:
        return self.known(value, path, self.vocabulary.kinds, "unknown_kind")

    def process_slug(self, value: object, path: str) -> str:
        slug = self.known(value, path, self.vocabulary.processes, "unknown_process")
        if slug and self.vocabulary.processes[slug] != PROCESS_LEVEL:
            self.notes.add(path, "process_level", value=slug)
        return slug

    def known(self, value: object, path: str, words: Iterable[str], code: str) -> str:
        if not isinstance(value, str):
            self.notes.add(path, "not_text")
            return ""
        if value not in words:
            self.notes.add(path, code, value=brief(value))
            return ""
        return value

    def slugs(self, item: Item, key: str, read: Callable[[object, str], str]) -> tuple[str, ...]:
        """Sorted, each once: repeated slugs count once."""
        return tuple(sorted({read(element, path) for path, element in item.elements(key)}))


def write_bundle(bundle: Bundle) -> str:
    """JSON text with every key; what is missing is null."""
    value = {
        "format": FORMAT,
        "companies": [vars(company) for company in sorted(bundle.companies, key=lambda c: c.ref)],
        "ikms": [workshop_json(w) for w in sorted(bundle.workshops, key=lambda w: w.ikm.ref)],
        "needs": [request_json(r) for r in sorted(bundle.requests, key=lambda r: r.need.ref)],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def plain(quantity: Decimal | None) -> str | None:
    return None if quantity is None else f"{quantity.normalize():f}"


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def workshop_json(workshop: Workshop) -> dict:
    ikm = workshop.ikm
    return {
        "ref": ikm.ref,
        "name": workshop.name,
        "area": ikm.area,
        "nib": ikm.nib,
        "evidence": ikm.evidence,
        "published": workshop.published,
        "processes": [
            {"process": r.process, "evidence": r.evidence}
            for r in sorted(ikm.processes, key=lambda r: r.process)
        ],
        "certificates": [
            {
                "kind": r.kind,
                "number": r.number,
                "valid_from": iso(r.valid_from),
                "valid_until": iso(r.valid_until),
                "category": r.category,
                "for_company": r.for_company,
                "evidence": r.evidence,
            }
            for r in sorted(ikm.certificates, key=certificate_place)
        ],
        "products": [product_json(p) for p in sorted(workshop.products, key=lambda p: p.offer.ref)],
    }


def certificate_place(record: CertificateRecord) -> tuple[str, str, date]:
    return record.kind, record.number or "", record.valid_from or date.min


def product_json(product: Product) -> dict:
    offer = product.offer
    return {
        "ref": offer.ref,
        "name": product.name,
        "category": offer.category,
        "capacity_per_month": plain(offer.capacity_per_month),
        "committed_per_month": plain(offer.committed_per_month),
        "pool": offer.pool,
        "unit": offer.unit,
        "unit_mass_kg": plain(offer.unit_mass_kg),
        "lead_time_days": offer.lead_time_days,
        "evidence": offer.evidence,
    }


def request_json(request: Request) -> dict:
    need = request.need
    return {
        "ref": need.ref,
        "company": need.company,
        "title": request.title,
        "category": need.category,
        "quantity": plain(need.quantity),
        "basis": need.basis,
        "unit": need.unit,
        "unit_mass_kg": plain(need.unit_mass_kg),
        "start": iso(need.start),
        "end": iso(need.end),
        "area": need.area,
        "max_lead_time_days": need.max_lead_time_days,
        "required_certificates": sorted(set(need.required_certificates)),
        "preferred_certificates": sorted(set(need.preferred_certificates)),
        "required_processes": sorted(set(need.required_processes)),
        "open": request.is_open,
    }


def match_lines(lists: Iterable[KeptList]) -> Iterator[str]:
    """One JSON line (without its end) per kept row: groups in order of ref, ranks counting within each."""
    for kept in sorted(lists, key=lambda k: (k.ref, k.key)):
        for rank, entry in enumerate(kept.shown, 1):
            yield json.dumps(match_row(entry, rank), ensure_ascii=False)
