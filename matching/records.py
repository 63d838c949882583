"""The rows of one workshop, both as facts for the rule and with their proof for the page that explains."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Fact
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation
from matching import facts
from matching.fulfilment import Source


@dataclass(frozen=True)
class Records:
    """`facts` are what matching.snapshot would load; the rows carry who saw what, and when."""

    ikm: Ikm
    products: dict[facts.Key, Product]
    processes: dict[facts.Key, ProcessCapability]
    certificates: dict[facts.Key, Certificate]
    facts: facts.Ikm

    @classmethod
    def of(cls, ikm: Ikm) -> "Records":
        """Four statements; `ikm` comes with its organisation."""
        return cls.of_many([ikm])[ikm.pk]

    @classmethod
    def of_many(cls, ikms: Iterable[Ikm]) -> dict[int, "Records"]:
        """By IKM, in the same four statements."""
        by_key = {ikm.pk: ikm for ikm in ikms}
        products, processes, certificates = (
            rows_by_ikm(rows, by_key)
            for rows in (Product.objects, ProcessCapability.objects, Certificate.objects)
        )
        promises: dict[int, list[facts.Reservation]] = defaultdict(list)
        offered = [pk for rows in products.values() for pk in rows]
        for row in Reservation.objects.filter(product__in=offered).order_by("pk"):
            promise = facts.Reservation(row.starts, row.ends, row.quantity_per_month, row.serves_need)
            promises[row.product_id].append(promise)
        return {
            pk: cls(
                ikm,
                products[pk],
                processes[pk],
                certificates[pk],
                stated(ikm, products[pk], processes[pk], certificates[pk], promises),
            )
            for pk, ikm in by_key.items()
        }

    def row(self, source: Source) -> Fact:
        """The stored fact behind a source. A NIB is part of the workshop's identity."""
        if source.kind in {"ikm", "nib"}:
            return self.ikm
        rows: dict[str, Mapping[Any, Fact]] = {
            "offer": self.products,
            "process": self.processes,
            "certificate": self.certificates,
        }
        return rows[source.kind][source.key]


def rows_by_ikm(rows: Any, ikms: Mapping[int, Ikm]) -> dict[int, dict[facts.Key, Any]]:
    found: dict[int, dict[facts.Key, Any]] = {pk: {} for pk in ikms}
    for row in rows.current().filter(ikm__in=ikms.keys()).select_related("checked_by").order_by("pk"):
        found[row.ikm_id][row.pk] = row
    return found


def stated(
    ikm: Ikm,
    products: Mapping[facts.Key, Product],
    processes: Mapping[facts.Key, ProcessCapability],
    certificates: Mapping[facts.Key, Certificate],
    promises: Mapping[int, list[facts.Reservation]],
) -> facts.Ikm:
    return facts.Ikm(
        key=ikm.pk,
        ref=ikm.organisation.ref,
        area=ikm.organisation.area_id,
        nib=ikm.organisation.nib or None,
        evidence=ikm.evidence,
        processes=tuple(facts.ProcessRecord(p.process_id, p.evidence, p.pk) for p in processes.values()),
        certificates=tuple(certificate_record(row) for row in certificates.values()),
        offers=tuple(offer(row, tuple(promises.get(row.pk, ()))) for row in products.values()),
    )


def certificate_record(row: Certificate) -> facts.CertificateRecord:
    return facts.CertificateRecord(
        kind=row.kind_id,
        evidence=row.evidence,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        category=row.category_id,
        for_company=row.for_company_id,
        number=row.number,
        key=row.pk,
    )


def offer(row: Product, reservations: tuple[facts.Reservation, ...]) -> facts.Offer:
    return facts.Offer(
        key=row.pk,
        ref=row.ref,
        category=row.category_id,
        unit=row.unit_id,
        capacity_per_month=row.capacity_per_month,
        committed_per_month=row.committed_per_month,
        pool=row.pool or None,
        unit_mass_kg=row.unit_mass_kg,
        lead_time_days=row.lead_time_days,
        evidence=row.evidence,
        reservations=reservations,
    )
