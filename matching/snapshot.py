"""The register as the facts that scoring reads. Each kind of row is one statement, whatever the number of owners.

`vocabulary()` is kept per process and edition of the catalogue. `load_ikms` and `load_needs` take a QuerySet and keep
its order out of it: facts come in order of key. `load_candidates(needs)` are all IKM that can be a candidate for any
of these needs, and no more than those: a need edited in a register of 100,000 reads a few thousand.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from catalogue.models import Category, CertificateKind, Edition, Process, Unit
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation
from industry.models import Need
from matching import facts


def vocabulary() -> facts.Vocabulary:
    return vocabulary_of(Edition.current_version())


@lru_cache(maxsize=2)
def vocabulary_of(edition: int) -> facts.Vocabulary:
    """Of the catalogue as it is now; `edition` is its version, by which it is kept."""
    return facts.Vocabulary.from_rows(
        categories=Category.objects.values_list("slug", "parent_id", "level"),
        processes=Process.objects.values_list("slug", "level"),
        process_links=Process.satisfies.through.objects.values_list("from_process_id", "to_process_id"),
        kinds=CertificateKind.objects.values_list("slug", "validity_months", "per_buyer"),
        kind_links=CertificateKind.satisfies.through.objects.values_list(
            "from_certificatekind_id", "to_certificatekind_id"
        ),
        units=Unit.objects.values_list("slug", "dimension", "factor_to_base", "base"),
    )


def linked(through, source: str, target: str) -> ArraySubquery:
    """The slugs of a many-to-many column, sorted, as one array."""
    return ArraySubquery(through.objects.filter(**{source: OuterRef("pk")}).order_by(target).values(target))


def with_conditions(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Each with the sorted slugs of its conditions: `required`, `preferred`, `processes`."""
    return needs.annotate(
        required=linked(Need.required_certificates.through, "need_id", "certificatekind_id"),
        preferred=linked(Need.preferred_certificates.through, "need_id", "certificatekind_id"),
        processes=linked(Need.required_processes.through, "need_id", "process_id"),
    )


def need_facts(need: Need) -> facts.Need | None:
    """Of a need read with its conditions and company; None while it is not complete enough to be scored."""
    if None in (need.category_id, need.quantity, need.unit_id, need.start, need.end):
        return None
    return facts.Need(
        key=need.pk,
        ref=need.ref,
        company=need.company.organisation_id,
        category=need.category_id,
        quantity=need.quantity,
        basis=need.basis,
        unit=need.unit_id,
        start=need.start,
        end=need.end,
        area=need.area_id,
        unit_mass_kg=need.unit_mass_kg,
        max_lead_time_days=need.max_lead_time_days,
        required_certificates=tuple(need.required),
        preferred_certificates=tuple(need.preferred),
        required_processes=tuple(need.processes),
    )


def load_needs(needs: QuerySet[Need]) -> list[facts.Need]:
    """Only needs that are complete enough to be scored."""
    rows = with_conditions(needs.complete())
    names = (
        "pk ref company__organisation_id category_id quantity basis unit_id start end area_id unit_mass_kg"
        " max_lead_time_days required preferred processes"
    )
    return [
        facts.Need(
            key=pk,
            ref=ref,
            company=company,
            category=category,
            quantity=quantity,
            basis=basis,
            unit=unit,
            start=start,
            end=end,
            area=area,
            unit_mass_kg=mass,
            max_lead_time_days=longest,
            required_certificates=tuple(required),
            preferred_certificates=tuple(preferred),
            required_processes=tuple(processes),
        )
        for (
            pk, ref, company, category, quantity, basis, unit, start, end, area, mass, longest,
            required, preferred, processes,
        ) in rows.order_by("pk").values_list(*names.split())
    ]  # fmt: skip


def load_ikms(ikms: QuerySet[Ikm]) -> list[facts.Ikm]:
    """With their current products, processes and certificates; retired ones are not facts any more."""
    keys = ikms.order_by().values("pk")
    offers = load_offers(keys)
    processes: dict[int, list[facts.ProcessRecord]] = defaultdict(list)
    held = ProcessCapability.objects.current().filter(ikm__in=keys).order_by("pk")
    for ikm, process, evidence, pk in held.values_list("ikm_id", "process_id", "evidence", "pk"):
        processes[ikm].append(facts.ProcessRecord(process, evidence, pk))
    certificates: dict[int, list[facts.CertificateRecord]] = defaultdict(list)
    proofs = Certificate.objects.current().filter(ikm__in=keys).order_by("pk")
    names = "ikm_id kind_id evidence valid_from valid_until category_id for_company_id number pk"
    for ikm, *record in proofs.values_list(*names.split()):
        certificates[ikm].append(facts.CertificateRecord(*record))
    rows = ikms.order_by("pk").values_list(
        "pk", "organisation__ref", "organisation__area_id", "organisation__nib", "evidence"
    )
    return [
        facts.Ikm(
            key=pk,
            ref=ref,
            area=area,
            nib=nib or None,
            evidence=evidence,
            processes=tuple(processes[pk]),
            certificates=tuple(certificates[pk]),
            offers=tuple(offers[pk]),
        )
        for pk, ref, area, nib, evidence in rows
    ]


def load_offers(keys: QuerySet) -> dict[int, list[facts.Offer]]:
    products = Product.objects.current().filter(ikm__in=keys)
    reserved: dict[int, list[facts.Reservation]] = defaultdict(list)
    promises = Reservation.objects.filter(product__in=products.order_by().values("pk")).order_by("pk")
    for product, *promise in promises.values_list(
        "product_id", "starts", "ends", "quantity_per_month", "serves_need"
    ):
        reserved[product].append(facts.Reservation(*promise))
    names = (
        "ikm_id pk ref category_id unit_id capacity_per_month committed_per_month pool unit_mass_kg"
        " lead_time_days evidence"
    )
    offers: dict[int, list[facts.Offer]] = defaultdict(list)
    for ikm, pk, ref, category, unit, capacity, committed, pool, mass, days, evidence in products.order_by(
        "pk"
    ).values_list(*names.split()):
        offer = facts.Offer(
            key=pk,
            ref=ref,
            category=category,
            unit=unit,
            capacity_per_month=capacity,
            committed_per_month=committed,
            pool=pool or None,
            unit_mass_kg=mass,
            lead_time_days=days,
            evidence=evidence,
            reservations=tuple(reserved[pk]),
        )
        offers[ikm].append(offer)
    return offers


def possible_candidates(
    ikms: QuerySet[Ikm], needs: Iterable[facts.Need], words: facts.Vocabulary | None = None
) -> QuerySet[Ikm]:
    """Of `ikms`, those with an offer in the family of a need or with all processes that a need requires."""
    words = words or vocabulary()
    families, routes = set(), set()
    for need in needs:
        families.add(words.categories[need.category].family)
        routes.add(tuple(sorted(set(need.required_processes))))
    related = [slug for slug, category in words.categories.items() if category.family in families]
    current = Product.objects.current()
    wanted = Q(pk__in=current.filter(category__in=related).values("ikm"))
    for route in routes - {()}:
        wanted |= holders(words, route)
    return ikms.filter(wanted)


def holders(words: facts.Vocabulary, route: tuple[str, ...]) -> Q:
    """IKM that hold every process of `route`, by any process that fulfils it."""
    found = Q()
    for process in route:
        fulfilling = [slug for slug, reached in words.process_fulfils.items() if process in reached]
        held = ProcessCapability.objects.current().filter(process__in=fulfilling)
        found &= Q(pk__in=held.exclude(evidence=facts.REJECTED).values("ikm"))
    return found


def load_candidates(
    needs: list[facts.Need], as_of: date, words: facts.Vocabulary | None = None
) -> list[facts.Ikm]:
    return load_ikms(possible_candidates(Ikm.objects.taking_part(as_of), needs, words))


def possible_needs(needs: QuerySet[Need], ikm: facts.Ikm, words: facts.Vocabulary) -> QuerySet[Need]:
    """Of `needs`, those in a family of the IKM's offers or that require a process it holds: all that can match."""
    families = {words.categories[offer.category].family for offer in ikm.offers}
    related = [slug for slug, category in words.categories.items() if category.family in families]
    held = {reached for record in ikm.processes for reached in words.process_fulfils[record.process]}
    asking = Need.required_processes.through.objects.filter(process__in=held).values("need")
    return needs.filter(Q(category__in=related) | Q(pk__in=asking))
