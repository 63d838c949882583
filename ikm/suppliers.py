"""A workshop as others see it: what one reader may see of it, and what it states, read for several at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Evidence, Fact, Introduction, Membership, Organisation
from catalogue.models import Area
from ikm import sizes, summary
from ikm.freshness import Freshness, freshness
from ikm.models import Certificate, Favourite, Ikm, ProcessCapability, Product
from ikm.products import with_free
from web.formats import long_date, quantity

# Whose people see numbers of certificates and conditions at once: buyers, and offices.
PROFESSIONAL = frozenset(
    [
        Organisation.Kind.COMPANY,
        Organisation.Kind.DINAS,
        Organisation.Kind.GOVERNMENT,
        Organisation.Kind.OPERATOR,
    ]
)
INDUSTRY = {
    "small": gettext_lazy("industri kecil"),
    "medium": gettext_lazy("industri menengah"),
    "large": gettext_lazy("industri besar"),
}


class Sight(NamedTuple):
    """What one reader sees of one workshop."""

    own: bool = False  # works for it, or for its office
    details: bool = False  # numbers and scopes of certificates, smallest orders, weights
    hidden: bool = False  # what the owner keeps from the public
    contacts: bool = False

    def shows(self, name: str, ikm: Ikm) -> bool:
        """Whether the field, one of visibility.SWITCHES, is seen."""
        return self.hidden or name not in ikm.hidden_fields


class Stated(NamedTuple):
    label: str
    value: str


@dataclass
class Offer:
    """A product with what is free of it."""

    product: Product
    details: list[str]
    photo: bool

    @property
    def free(self) -> str:
        return monthly(self.product.free, self.product)

    @property
    def capacity(self) -> str:
        return monthly(self.product.capacity_per_month, self.product)

    @property
    def proof(self) -> str:
        return summary.proof_of(self.product)


@dataclass
class Skill:
    process: ProcessCapability
    machines: str

    @property
    def proof(self) -> str:
        return summary.proof_of(self.process)


@dataclass
class Held:
    """A certificate as it is shown: whether it counts on the day, and its numbers where the reader sees them."""

    certificate: Certificate
    valid: bool
    validity: summary.Line
    details: list[Stated]

    @property
    def proof(self) -> str:
        return summary.proof_of(self.certificate)


@dataclass
class Supplier:
    ikm: Ikm
    sight: Sight
    on: date
    offers: list[Offer] = field(default_factory=list)
    skills: list[Skill] = field(default_factory=list)
    certificates: list[Held] = field(default_factory=list)
    is_favourite: bool = False

    @property
    def facts(self) -> list[Fact]:
        return [
            self.ikm,
            *(offer.product for offer in self.offers),
            *(skill.process for skill in self.skills),
            *(held.certificate for held in self.certificates),
        ]

    @property
    def first_offers(self) -> list[Offer]:
        return self.offers[:3]

    @property
    def address(self) -> str:
        return address(self.ikm)

    @property
    def verified(self) -> int:
        return sum(fact.evidence == Evidence.VERIFIED for fact in self.facts)

    @property
    def claimed(self) -> int:
        return sum(fact.evidence == Evidence.CLAIMED for fact in self.facts)

    @property
    def identity_proof(self) -> str:
        return summary.proof_of(self.ikm)

    @property
    def area(self) -> Area | None:
        """Down to the district; the village is seen by whoever sees the address."""
        area = self.ikm.organisation.area
        if area is not None and area.level == "village" and not self.sight.shows("address", self.ikm):
            return area.parent
        return area

    @property
    def place(self) -> str:
        return summary.in_full(self.area) if self.area else ""

    @property
    def confirmed(self) -> str:
        return confirmed_words(self.ikm.confirmed_on, self.on)

    @property
    def age(self) -> Freshness:
        return freshness(self.ikm.confirmed_on, self.on)

    @property
    def about(self) -> list[Stated]:
        """Who they are; what is not stated or not for this reader is left out."""
        ikm = self.ikm
        rows = [(_("Bentuk usaha"), ikm.legal_form), (_("Wilayah"), self.place)]
        if self.sight.shows("address", ikm):
            address = " ".join(filter(None, [ikm.organisation.address, ikm.organisation.postcode]))
            rows.append((_("Alamat"), address))
        if self.sight.shows("year_founded", ikm):
            rows.append((_("Mulai usaha"), str(ikm.year_founded or "")))
        if self.sight.shows("workers", ikm):
            rows.append((_("Pekerja"), quantity(ikm.workers, _("orang"))))
        if self.sight.shows("investment_band", ikm):
            rows.append((_("Mesin, alat, dan modal"), capfirst(str(ikm.get_investment_band_display()))))
        if self.sight.shows("workers", ikm) and self.sight.shows("investment_band", ikm):
            rows.append((_("Golongan"), size_word(ikm)))
        return [Stated(label, value) for label, value in rows if value]


def sights(
    ikms: Iterable[Ikm], *, memberships: Sequence[Membership], acting: Organisation | None
) -> dict[int, Sight]:
    """Per workshop what is seen by somebody with these memberships who acts for `acting`. At most one statement."""
    listed = list(ikms)
    places = {membership.organisation_id for membership in memberships}
    introduced = introduced_to(acting, listed) if acting is not None and acting.kind != "ikm" else set()
    professional = acting is not None and acting.kind in PROFESSIONAL
    found = {}
    for ikm in listed:
        works_there = ikm.organisation_id in places
        of_office = ikm.organisation.reviewing_office_id in places
        known = ikm.organisation_id in introduced
        found[ikm.pk] = Sight(
            own=works_there or of_office,
            details=professional or known or works_there or of_office,
            hidden=known or works_there or of_office,
            contacts=known or works_there,
        )
    return found


def introduced_to(organisation: Organisation, ikms: Sequence[Ikm]) -> set[int]:
    """Organisations of `ikms` whose contacts are open to the organisation."""
    others = [ikm.organisation_id for ikm in ikms]
    pairs = Introduction.objects.filter(
        Q(first=organisation, second__in=others) | Q(second=organisation, first__in=others)
    )
    return {key for pair in pairs.values_list("first", "second") for key in pair if key != organisation.pk}


def with_place(ikms: QuerySet[Ikm]) -> QuerySet[Ikm]:
    return ikms.select_related("organisation__area__parent__parent__parent")


def read(
    ikms: Sequence[Ikm], seen: dict[int, Sight], *, on: date, favourites_of: Organisation | None = None
) -> list[Supplier]:
    """What the workshops state, as their readers see it. Four statements (five with favourites), however many.

    Rejected facts are shown to the workshop and its office alone.
    """
    found = {ikm.pk: Supplier(ikm, seen[ikm.pk], on) for ikm in ikms}
    for product in with_free(facts_of(Product, found, "category", "unit"), on=on):
        supplier = found[product.ikm_id]
        supplier.offers.append(
            Offer(
                product,
                conditions(product, supplier.sight),
                bool(product.photo_id) and supplier.sight.shows("photos", supplier.ikm),
            )
        )
    for process in facts_of(ProcessCapability, found, "process"):
        supplier = found[process.ikm_id]
        seen_machines = process.machines if supplier.sight.shows("machines", supplier.ikm) else ""
        supplier.skills.append(Skill(process, seen_machines))
    for certificate in facts_of(Certificate, found, "kind", "category", "for_company"):
        supplier = found[certificate.ikm_id]
        supplier.certificates.append(as_held(certificate, supplier.sight, on=on))
    if favourites_of is not None:
        for pk in Favourite.objects.of(favourites_of).filter(ikm__in=found).values_list("ikm", flat=True):
            found[pk].is_favourite = True
    return list(found.values())


def facts_of(model: type[Any], found: dict[int, Supplier], *related: str) -> list[Any]:
    listed = model.objects.current().filter(ikm__in=found).select_related(*related)
    return [fact for fact in listed if fact.evidence != Evidence.REJECTED or found[fact.ikm_id].sight.own]


def as_held(certificate: Certificate, sight: Sight, *, on: date) -> Held:
    rows = [(_("Penerbit"), certificate.issuer)]
    if sight.details:
        rows += [
            (_("Nomor"), certificate.number),
            (_("Lingkup"), certificate.scope),
            (_("Pada"), str(certificate.for_company or "")),
        ]
    rows.append((_("Untuk produk"), str(certificate.category or "")))
    if certificate.holders > 1:
        rows.append((_("Pemegang"), quantity(certificate.holders, _("orang"))))
    return Held(
        certificate,
        counts_on(certificate, on),
        summary.validity(certificate, on=on),
        [Stated(label, value) for label, value in rows if value],
    )


def counts_on(certificate: Certificate, on: date) -> bool:
    """Whether its dates let it count on the day (MATCHING.md: without an end it counts only if its kind has none)."""
    begun = certificate.valid_from is None or certificate.valid_from <= on
    if certificate.valid_until is None:
        return begun and certificate.kind.validity_months is None
    return begun and certificate.valid_until >= on


def conditions(product: Product, sight: Sight) -> list[str]:
    """Of what and how soon; a buyer sees also how little and how heavy."""
    found = []
    if product.material:
        found.append(_("Bahan: %(material)s") % {"material": product.material})
    if (days := product.lead_time_days) is not None:
        ready = ngettext("Siap dalam %(count)d hari", "Siap dalam %(count)d hari", days)
        found.append(ready % {"count": days})
    if sight.details and product.min_order is not None:
        smallest = quantity(product.min_order, str(product.unit))
        found.append(_("Pesanan terkecil %(smallest)s") % {"smallest": smallest})
    if sight.details and product.unit_mass_kg is not None:
        found.append(_("Berat satuan %(mass)s") % {"mass": quantity(product.unit_mass_kg, "kg")})
    return found


def monthly(value: Decimal | None, product: Product) -> str:
    if value is None:
        return ""
    return _("%(quantity)s per bulan") % {"quantity": quantity(value, str(product.unit))}


def size_word(ikm: Ikm) -> str:
    """ "industri kecil" by Permenperin 64/2016; "" while workers or investment are not stated."""
    if ikm.workers is None or not ikm.investment_band:
        return ""
    rule = sizes.rule_for(
        sizes.INDUSTRY, workers=ikm.workers, investment=sizes.amount_in(ikm.investment_band)
    )
    return str(INDUSTRY[rule.size])


def confirmed_words(confirmed_on: date | None, on: date) -> str:
    """ "dipastikan 3 Oktober 2026 (1 bulan lalu)"; "" where nobody has said so yet."""
    if confirmed_on is None:
        return ""
    day, months = long_date(confirmed_on), freshness(confirmed_on, on).months
    if not months:
        return _("dipastikan %(day)s") % {"day": day}
    words = ngettext(
        "dipastikan %(day)s (%(count)d bulan lalu)", "dipastikan %(day)s (%(count)d bulan lalu)", months
    )
    return words % {"day": day, "count": months}


def address(ikm: Ikm) -> str:
    """Of the workshop's page, also where another office uses the same reference."""
    return f"{reverse('ikm:supplier', kwargs={'ref': ikm.organisation.ref})}?no={ikm.pk}"
