"""What the directory knows of workshops: read in a few statements a block, public fields only.

`read(keys, today, vocabulary)` gives a `Listing` for each of the workshops that is published on that day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from accounts.models import Evidence
from ikm import sizes
from ikm.directory import text
from ikm.directory.query import MONTHS
from ikm.directory.vocabulary import AREA, CATEGORY, KIND, PROCESS, VALID, Vocabulary, code, stems
from ikm.free import free_of
from ikm.freshness import LEAVES_AFTER, plus_months
from ikm.models import (
    Certificate,
    DirectoryEntry,
    DirectoryOffer,
    Ikm,
    ProcessCapability,
    Product,
    Reservation,
)

ALWAYS = date.max
NEVER_BEFORE = date(1900, 1, 1)
VERIFIED = Evidence.VERIFIED


@dataclass
class Made:
    """A product, with what is free of it on the day; None: unknown."""

    pk: int
    name: str
    category: str
    unit: str
    capacity: Decimal | None
    committed: Decimal | None
    pool: str
    unit_mass_kg: Decimal | None
    lead_time_days: int | None
    material: str
    evidence: str
    reserved: list[tuple[date, date, Decimal | None]] = field(default_factory=list)
    free: Decimal | None = None

    def used(self, on: date) -> Decimal | None:
        promised = [quantity for starts, ends, quantity in self.reserved if starts <= on <= ends]
        return None if None in promised else sum(promised, self.committed or Decimal(0))


@dataclass
class Workshop:
    pk: int
    ref: str
    name: str
    area: str | None
    has_nib: bool
    evidence: str
    about: str
    workers: int | None
    investment_band: str
    confirmed_on: date
    hidden: list[str]
    # Names of the profiles that were merged into it.
    aliases: list[str] = field(default_factory=list)
    products: list[Made] = field(default_factory=list)
    # (process, machines, evidence); (kind, issuer, scope, from, until, evidence)
    processes: list[tuple[str, str, str]] = field(default_factory=list)
    certificates: list[tuple[str, str, str, date | None, date | None, str]] = field(default_factory=list)


@dataclass
class Listing:
    entry: DirectoryEntry
    offers: list[DirectoryOffer]
    words: set[str]
    # The first day on which the days alone change it.
    again_on: date


def read(keys: Collection[int], today: date, vocabulary: Vocabulary) -> list[Listing]:
    workshops = {workshop.pk: workshop for workshop in published(keys, today)}
    add_products(workshops, today)
    held = ProcessCapability.objects.current().exclude(evidence=Evidence.REJECTED)
    for ikm, *record in (
        held.filter(ikm__in=workshops)
        .order_by("pk")
        .values_list("ikm_id", "process_id", "machines", "evidence")
    ):
        workshops[ikm].processes.append(tuple(record))
    proofs = Certificate.objects.current().exclude(evidence=Evidence.REJECTED)
    for ikm, *record in (
        proofs.filter(ikm__in=workshops)
        .order_by("pk")
        .values_list("ikm_id", "kind_id", "issuer", "scope", "valid_from", "valid_until", "evidence")
    ):
        workshops[ikm].certificates.append(tuple(record))
    merged = Ikm.objects.filter(merged_into__in=workshops).order_by("pk")
    for ikm, name in merged.values_list("merged_into_id", "organisation__name"):
        workshops[ikm].aliases.append(name)
    said = {pk: spoken(workshop, vocabulary) for pk, workshop in workshops.items()}
    stems.learn({word for each in said.values() for words in each for word in words})
    return [listing(workshop, said[pk], today, vocabulary) for pk, workshop in workshops.items()]


def published(keys: Collection[int], today: date) -> Iterable[Workshop]:
    rows = Ikm.objects.taking_part(today).filter(pk__in=keys).order_by("pk")
    names = (
        "pk organisation__ref organisation__name organisation__area_id organisation__nib evidence about workers"
        " investment_band confirmed_on hidden_fields"
    )
    for pk, ref, name, area, nib, *others in rows.values_list(*names.split()):
        yield Workshop(pk, ref, name, area, bool(nib), *others)


def add_products(workshops: dict[int, Workshop], today: date) -> None:
    products: dict[int, Made] = {}
    made = Product.objects.current().exclude(evidence=Evidence.REJECTED).filter(ikm__in=workshops)
    names = (
        "ikm_id pk name category_id unit_id capacity_per_month committed_per_month pool unit_mass_kg"
        " lead_time_days material evidence"
    )
    for ikm, *record in made.order_by("pk").values_list(*names.split()):
        product = Made(*record)
        products[product.pk] = product
        workshops[ikm].products.append(product)
    promises = Reservation.objects.filter(product__in=products).order_by("pk")
    for key, *promise in promises.values_list("product_id", "starts", "ends", "quantity_per_month"):
        products[key].reserved.append(tuple(promise))
    for workshop in workshops.values():
        settle_free(workshop.products, today)


def settle_free(products: Sequence[Made], on: date) -> None:
    pools: dict[tuple[str, str | int], list[Made]] = defaultdict(list)
    for product in products:
        pools[("pool", product.pool) if product.pool else ("alone", product.pk)].append(product)
    for pool in pools.values():
        free = free_of([(product.capacity, product.used(on)) for product in pool])
        for product, amount in zip(pool, free, strict=True):
            product.free = amount


# --- What is said, and under which terms


class Spoken(NamedTuple):
    """Words of public fields: of the name, of own products, of the place, of the rest."""

    name: list[str]
    own: list[str]
    place: list[str]
    rest: list[str]


def spoken(workshop: Workshop, vocabulary: Vocabulary) -> Spoken:
    rest = [workshop.about, *(product.material for product in workshop.products)]
    if "machines" not in workshop.hidden:
        rest += [machines for _, machines, _ in workshop.processes]
    rest += [said for _, issuer, scope, *_ in workshop.certificates for said in (issuer, scope)]
    where = [vocabulary.names[term][0] for term in places(workshop, vocabulary)]
    return Spoken(
        [word for name in (workshop.name, *workshop.aliases) for word in text.words(name)],
        [word for product in workshop.products for word in text.words(product.name)],
        [word for said in where for word in text.words(said)],
        [word for said in rest if said for word in text.words(said)],
    )


def district(workshop: Workshop) -> str:
    """Code down to the district: a village is nearer than the public is told."""
    return ".".join((workshop.area or "").split(".")[:3])


def places(workshop: Workshop, vocabulary: Vocabulary) -> tuple[str, ...]:
    """District, regency and province."""
    return vocabulary.lineage.get(f"{AREA}/{district(workshop)}", ())


def own_terms(workshop: Workshop) -> list[str]:
    return [
        *(f"{CATEGORY}/{product.category}" for product in workshop.products),
        *(f"{PROCESS}/{process}" for process, *_ in workshop.processes),
        *(f"{KIND}/{kind}" for kind, *_ in workshop.certificates),
        *([f"{KIND}/nib"] if workshop.has_nib else []),
    ]


def size_of(workshop: Workshop) -> list[str]:
    hidden = {"workers", "investment_band"}.intersection(workshop.hidden)
    if hidden or workshop.workers is None or not workshop.investment_band:
        return []
    investment = sizes.amount_in(workshop.investment_band)
    return [sizes.rule_for(sizes.INDUSTRY, workers=workshop.workers, investment=investment).size]


def listing(workshop: Workshop, said: Spoken, today: date, vocabulary: Vocabulary) -> Listing:
    own = list(dict.fromkeys(own_terms(workshop)))
    held = validity(workshop, vocabulary)
    valid = [kind for kind, starts, ends in held if starts <= today <= ends]
    facets = [
        *dict.fromkeys(term for each in own for term in vocabulary.lineage[each]),
        *places(workshop, vocabulary),
        f"bukti/{workshop.evidence}",
        *(f"ukuran/{size}" for size in size_of(workshop)),
        *(f"{VALID}/{kind}" for kind in valid),
    ]
    offers = [offer for product in workshop.products if (offer := offer_of(product, vocabulary))]
    rank(offers)
    entry = DirectoryEntry(
        ikm_id=workshop.pk,
        ref=workshop.ref,
        name=workshop.name,
        verified=workshop.evidence == VERIFIED,
        document=document(said, own, facets),
        codes=[code(term) for term in (*facets, age(workshop, today)) if counts(term)],
        district=district(workshop) if workshop.area and workshop.area.count(".") > 1 else "",
        kinds=[kind for kind, _, _ in held],
        kinds_from=[starts for _, starts, _ in held],
        kinds_until=[ends for _, _, ends in held],
        confirmed_on=workshop.confirmed_on,
        free_kg=max((offer.kg for offer in offers if offer.kg is not None), default=None),
        card=card(workshop),
    )
    for offer in offers:
        offer.entry = entry
    words = {stems[word] for part in said for word in part if word.isalpha() and len(word) > 2}
    return Listing(entry, offers, words, again_on(workshop, held, today))


def document(said: Spoken, own: Iterable[str], facets: Iterable[str]) -> str:
    name, products, place, rest = (text.lexemes(words, stems.__getitem__) for words in said)
    return text.vector(
        [
            *(name | products | place | rest),
            *facets,
            # The place belongs to either: "las cilegon" means whose name says "las", in Cilegon.
            *(f"n/{lexeme}" for lexeme in name | place),
            *(f"o/{lexeme}" for lexeme in (name | place | products).union(own)),
        ]
    )


def counts(term: str) -> bool:
    """Districts are many: they are counted from their own column. Kinds count by their validity."""
    return not term.startswith(f"{KIND}/") and not (term.startswith(f"{AREA}/") and term.count(".") > 1)


def age(workshop: Workshop, today: date) -> str:
    """The least of the periods of the filter within which it was confirmed, as a term."""
    for months in MONTHS:
        if workshop.confirmed_on >= plus_months(today, -int(months)):
            return f"segar/{months}"
    return "segar/older"


def offer_of(product: Made, vocabulary: Vocabulary) -> DirectoryOffer | None:
    """None where it is not known how much is free."""
    if product.free is None:
        return None
    unit = vocabulary.units[product.unit]
    free = product.free * unit.factor
    kg = None
    if unit.dimension == "mass":
        kg = free
    elif unit.dimension != "time" and product.unit_mass_kg is not None:
        kg = free * product.unit_mass_kg
    return DirectoryOffer(
        product=product.pk,
        codes=[code(term) for term in vocabulary.lineage[f"{CATEGORY}/{product.category}"]],
        dimension=unit.dimension,
        base=unit.base,
        free=free,
        kg=kg,
        unit_mass_kg=product.unit_mass_kg,
    )


def rank(offers: list[DirectoryOffer]) -> None:
    """Per category, which offer is the first in kg and in its own measure."""
    in_kg: dict[Any, list[DirectoryOffer]] = defaultdict(list)
    own: dict[Any, list[DirectoryOffer]] = defaultdict(list)
    for offer in offers:
        offer.first_in_kg, offer.first = [], []
        for each in offer.codes:
            if offer.kg is not None:
                in_kg[each].append(offer)
            if measured(offer) is not None:
                own[each, offer.dimension, "" if offer.dimension == "mass" else offer.base].append(offer)
    for each, rivals in in_kg.items():
        max(rivals, key=lambda offer: (offer.kg, -offer.product)).first_in_kg.append(each)
    for (each, *_), rivals in own.items():
        max(rivals, key=lambda offer: (measured(offer), -offer.product)).first.append(each)


def measured(offer: DirectoryOffer) -> Fraction | None:
    """In base units; of goods that are weighed in pieces, whatever their unit, if it is known what one weighs."""
    if offer.dimension != "mass":
        return Fraction(offer.free)
    return Fraction(offer.kg) / Fraction(offer.unit_mass_kg) if offer.unit_mass_kg else None


def validity(workshop: Workshop, vocabulary: Vocabulary) -> list[tuple[str, date, date]]:
    """(kind, from, until) of every kind held or fulfilled; "kind!" for verified. Stretches of one kind do not touch."""
    stretches: dict[str, list[tuple[date, date]]] = defaultdict(list)
    records = list(workshop.certificates)
    if workshop.has_nib:
        records.append(("nib", "", "", None, None, workshop.evidence))
    for kind, _, _, starts, ends, evidence in records:
        if ends is None and kind in vocabulary.dated_kinds:
            continue
        for term in vocabulary.lineage[f"{KIND}/{kind}"]:
            reached = term.removeprefix(f"{KIND}/")
            for held in (reached, f"{reached}!") if evidence == VERIFIED else (reached,):
                stretches[held].append((starts or NEVER_BEFORE, ends or ALWAYS))
    return [(kind, *stretch) for kind, found in stretches.items() for stretch in joined(found)]


def joined(stretches: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """The same days in stretches that do not overlap."""
    found: list[tuple[date, date]] = []
    for starts, ends in sorted(stretches):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((starts, ends))
    return found


def again_on(workshop: Workshop, held: Iterable[tuple[str, date, date]], today: date) -> date:
    """The next day on which a reservation or certificate begins or ends, or the confirmation grows old."""
    ends = [ends for _, _, ends in held]
    days = [starts for _, starts, _ in held]
    for product in workshop.products:
        days += [starts for starts, _, _ in product.reserved]
        ends += [ends for _, ends, _ in product.reserved]
    days += [day + timedelta(days=1) for day in ends if day < date.max]
    # A month of another length moves the day by a few: looked at early, it is looked at again.
    for months in (*map(int, MONTHS), LEAVES_AFTER):
        turn = plus_months(workshop.confirmed_on, months)
        days += [turn + timedelta(days=late) for late in range(4)]
    return min((day for day in days if day > today), default=date.max)


def card(workshop: Workshop) -> dict[str, Any]:
    """What a row of the result shows, as JSON holds it."""
    return {
        "area": district(workshop),
        "evidence": workshop.evidence,
        "products": [
            {
                "pk": product.pk,
                "name": product.name,
                "category": product.category,
                "unit": product.unit,
                "free": None if product.free is None else str(product.free),
                "mass": None if product.unit_mass_kg is None else str(product.unit_mass_kg),
                "days": product.lead_time_days,
                "evidence": product.evidence,
            }
            for product in workshop.products
        ],
        "processes": [[process, evidence] for process, _, evidence in workshop.processes],
        "certificates": [
            [
                kind,
                "" if starts is None else starts.isoformat(),
                "" if ends is None else ends.isoformat(),
                evidence,
            ]
            for kind, _, _, starts, ends, evidence in workshop.certificates
        ],
    }
