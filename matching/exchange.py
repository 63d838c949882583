"""A register of an office, in and out, in the exchange format of MATCHING.md (read and written by matching.bundle).

The file is the office's whole register: lists are replaced as a whole. What has vanished from it is retired: a fact is
no longer current, an IKM is withdrawn, a need closed, a company no longer reviewed; retired things are not exported.
What is unpublished or not open is a draft. An import counts as a confirmation. Only differences are written, so
that importing the same file again records no change and makes no list stale.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import acting_as
from accounts.models import Fact, Organisation, User
from catalogue.models import Area
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from ikm.signals import tell_supply_changed
from industry.models import Company, Need
from industry.signals import tell_demand_changed
from matching import bundle as exchange
from matching import facts
from matching.snapshot import vocabulary

GONE = "Tidak ada lagi dalam daftar dari kantor ini."
BATCH = 1000


def read(text: str | bytes) -> exchange.Bundle:
    """BundleRefused where anything is wrong, also a slug or an area that this register does not know."""
    areas = frozenset(Area.objects.values_list("code", flat=True))
    return exchange.parse_bundle(text, replace(vocabulary(), areas=areas))


def office_of(ref: str) -> Organisation:
    """The Dinas of that ref, created if absent."""
    office = Organisation.objects.offices().filter(ref=ref).order_by("pk").first()
    return office or Organisation.objects.create(kind=Organisation.Kind.DINAS, ref=ref, name=ref)


@transaction.atomic
def import_bundle(bundle: exchange.Bundle, *, office: Organisation, by: User | None = None) -> Counter[str]:
    """Make the office's register what `bundle` says; returns how many rows of each kind were written.

    `by`: the officer who imports, whose word the facts then are (another person must verify them); None: no person.
    """
    with acting_as("import", user=by.pk if by else None):
        Organisation.objects.select_for_update(of=("self",)).get(pk=office.pk)
        intake = Intake(office, by)
        intake.run(bundle)
    return intake.written


class Intake:
    """One import. Each step writes one table: new rows, changed rows, retired rows, each in a few statements."""

    def __init__(self, office: Organisation, by: User | None):
        self.office, self.by = office, by
        self.now, self.today = timezone.now(), timezone.localdate()
        self.written: Counter[str] = Counter()

    def run(self, bundle: exchange.Bundle) -> None:
        companies = self.companies(bundle.companies)
        ikms = self.ikms(bundle.workshops)
        self.products(bundle.workshops, ikms)
        self.processes(bundle.workshops, ikms)
        self.certificates(bundle.workshops, ikms, companies)
        needs = self.needs(bundle.requests, companies)
        tell_supply_changed(ikm.pk for ikm in ikms.values())
        tell_demand_changed(need.pk for need in needs.values())

    # --- Writing differences

    def save(
        self,
        model: type[models.Model],
        present: Mapping[Any, Any],
        wanted: Mapping[Any, dict[str, Any]],
        also: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Rows by identity as `wanted` has them; `also` goes with whatever is written. Returns all wanted rows."""
        also = also or {}
        rows, fresh, changed = {}, [], []
        for identity, fields in wanted.items():
            row = present.get(identity)
            if row is None:
                row = model(**fields, **also)
                fresh.append(row)
            elif any(getattr(row, name) != value for name, value in fields.items()):
                for name, value in (fields | also).items():
                    setattr(row, name, value)
                changed.append(row)
            rows[identity] = row
        model.objects.bulk_create(fresh, batch_size=BATCH)
        if changed:
            names = [n for n in {**next(iter(wanted.values())), **also} if n != "pk"]
            model.objects.bulk_update(changed, names, batch_size=BATCH)
        self.written[model._meta.model_name] += len(fresh) + len(changed)
        return rows

    def proof(self, evidence: str) -> dict[str, Any]:
        """Evidence as the file states it: what another office has verified counts as seen in its records."""
        return {"evidence": evidence, "method": "record" if evidence == facts.VERIFIED else ""}

    def stated(self) -> dict[str, Any]:
        return {"changed_by": self.by, "changed_at": self.now, "checked_by": None, "same_person": False}

    def facts(
        self, model: type[Fact], present: Mapping[Any, Fact], wanted: Mapping[Any, dict[str, Any]]
    ) -> None:
        """Facts of all imported IKM, by identity; those that vanished are retired."""
        for identity, fields in wanted.items():
            old = present.get(identity)
            kept_day = old.checked_on if old and old.evidence == fields["evidence"] else None
            day = None if fields["evidence"] == facts.CLAIMED else kept_day or self.today
            fields.update(retired_at=None, checked_on=day)
            if old and old.evidence == fields["evidence"]:
                fields["method"] = old.method
        self.save(model, present, wanted, self.stated())
        gone = [fact for key, fact in present.items() if key not in wanted and fact.retired_at is None]
        model.objects.filter(pk__in=[fact.pk for fact in gone]).update(
            retired_at=self.now, changed_by=self.by, changed_at=self.now
        )
        self.written[model._meta.model_name] += len(gone)

    # --- Organisations

    def organisations(self, kind: str, wanted: Mapping[str, dict[str, Any]]) -> dict[str, Organisation]:
        present = Organisation.objects.of_kind(kind).filter(reviewing_office=self.office, ref__in=wanted)
        full = {
            ref: {
                "kind": kind,
                "ref": ref,
                "reviewing_office_id": self.office.pk,
                "office_is_chosen": True,
                **fields,
            }
            for ref, fields in wanted.items()
        }
        return self.save(Organisation, {o.ref: o for o in present}, full)

    def companies(self, listed: Iterable[exchange.Company]) -> dict[str, Company]:
        organisations = self.organisations(
            "company", {c.ref: {"name": c.name, "area_id": c.area} for c in listed}
        )
        of_office = Company.objects.filter(
            organisation__reviewing_office=self.office, organisation__kind="company"
        ).select_related("organisation")
        present = {company.organisation.ref: company for company in of_office}
        wanted = {
            ref: {
                "organisation_id": organisation.pk,
                "status": Company.Status.REVIEWED,
                "reviewed_at": (present[ref].reviewed_at if ref in present else None) or self.now,
            }
            for ref, organisation in organisations.items()
        }
        for ref, company in present.items():
            if ref not in wanted and company.status == Company.Status.REVIEWED:
                wanted[ref] = {
                    "organisation_id": company.organisation_id,
                    "status": Company.Status.DRAFT,
                    "reviewed_at": company.reviewed_at,
                }
        return self.save(Company, present, wanted, {"entered_by": self.by})

    def ikms(self, listed: Iterable[exchange.Workshop]) -> dict[str, Ikm]:
        listed = list(listed)
        organisations = self.organisations(
            "ikm",
            {w.ikm.ref: {"name": w.name, "area_id": w.ikm.area, "nib": w.ikm.nib or ""} for w in listed},
        )
        of_office = Ikm.objects.filter(
            organisation__reviewing_office=self.office, merged_into=None
        ).select_related("organisation")
        present = {ikm.organisation.ref: ikm for ikm in of_office}
        wanted = {
            w.ikm.ref: self.profile(w, organisations[w.ikm.ref], present.get(w.ikm.ref)) for w in listed
        }
        rows = self.save(Ikm, present, wanted, {"changed_by": self.by, "changed_at": self.now})
        # Nobody's word but the importer's, as long as no one else has entered it.
        new = [ikm for ref, ikm in rows.items() if ref not in present]
        Ikm.objects.filter(pk__in=[ikm.pk for ikm in new]).update(entered_by=self.by)
        gone = [i for ref, i in present.items() if ref not in wanted and i.status != "withdrawn"]
        Ikm.objects.filter(pk__in=[ikm.pk for ikm in gone]).update(
            status="withdrawn", withdrawal_reason=GONE, changed_at=self.now
        )
        self.written["ikm"] += len(gone)
        return rows

    def profile(
        self, workshop: exchange.Workshop, organisation: Organisation, old: Ikm | None
    ) -> dict[str, Any]:
        evidence = workshop.ikm.evidence
        same = old is not None and old.evidence == evidence
        day = None if evidence == facts.CLAIMED else (old.checked_on if old and same else self.today)
        draft = old.status if old and old.status in {"draft", "submitted", "returned"} else "draft"
        fields = {
            "organisation_id": organisation.pk,
            "status": "approved" if workshop.published else draft,
            "submitted_at": old.submitted_at if old else None,
            "approved_at": old.approved_at if old else None,
            "withdrawal_reason": "",
            "confirmed_on": self.today,
            **self.proof(evidence),
            "checked_on": day,
        }
        if same and old is not None:
            fields["method"] = old.method
        if workshop.published:
            fields["submitted_at"] = fields["submitted_at"] or self.now
            fields["approved_at"] = fields["approved_at"] or self.now
        return fields

    # --- Facts

    def products(self, listed: Iterable[exchange.Workshop], ikms: Mapping[str, Ikm]) -> None:
        present = {(p.ikm_id, p.ref): p for p in Product.objects.filter(ikm__in=ikms.values())}
        wanted = {}
        for workshop in listed:
            ikm = ikms[workshop.ikm.ref].pk
            for product in workshop.products:
                offer = product.offer
                wanted[ikm, offer.ref] = {
                    "ikm_id": ikm,
                    "ref": offer.ref,
                    "name": product.name,
                    "category_id": offer.category,
                    "unit_id": offer.unit,
                    "capacity_per_month": offer.capacity_per_month,
                    "committed_per_month": offer.committed_per_month,
                    "pool": offer.pool or "",
                    "unit_mass_kg": offer.unit_mass_kg,
                    "lead_time_days": offer.lead_time_days,
                    **self.proof(offer.evidence),
                }
        self.facts(Product, present, wanted)

    def processes(self, listed: Iterable[exchange.Workshop], ikms: Mapping[str, Ikm]) -> None:
        held = ProcessCapability.objects.filter(ikm__in=ikms.values())
        present = {(p.ikm_id, p.process_id): p for p in held}
        wanted = {}
        for workshop in listed:
            ikm = ikms[workshop.ikm.ref].pk
            for record in workshop.ikm.processes:
                wanted[ikm, record.process] = {
                    "ikm_id": ikm,
                    "process_id": record.process,
                    **self.proof(record.evidence),
                }
        self.facts(ProcessCapability, present, wanted)

    def certificates(
        self,
        listed: Iterable[exchange.Workshop],
        ikms: Mapping[str, Ikm],
        companies: Mapping[str, Company],
    ) -> None:
        proofs = Certificate.objects.filter(ikm__in=ikms.values())
        present = {(c.ikm_id, c.kind_id, c.number, c.valid_from): c for c in proofs}
        wanted = {}
        for workshop in listed:
            ikm = ikms[workshop.ikm.ref].pk
            for record in workshop.ikm.certificates:
                number = record.number or ""
                company = companies[str(record.for_company)] if record.for_company else None
                wanted[ikm, record.kind, number, record.valid_from] = {
                    "ikm_id": ikm,
                    "kind_id": record.kind,
                    "number": number,
                    "valid_from": record.valid_from,
                    "valid_until": record.valid_until,
                    "category_id": record.category,
                    "for_company_id": company.organisation_id if company else None,
                    **self.proof(record.evidence),
                }
        self.facts(Certificate, present, wanted)

    # --- Demand

    def needs(self, listed: Iterable[exchange.Request], companies: Mapping[str, Company]) -> dict[str, Need]:
        listed = list(listed)
        present = {need.ref: need for need in Need.objects.filter(office=self.office)}
        wanted = {r.need.ref: self.request(r, companies, present.get(r.need.ref)) for r in listed}
        rows = self.save(Need, present, wanted, {"changed_at": self.now})
        vanished = Need.objects.complete().filter(
            pk__in=[n.pk for ref, n in present.items() if ref not in wanted]
        )
        self.written["need"] += vanished.exclude(status=Need.Status.CLOSED).update(
            status=Need.Status.CLOSED,
            opened_at=Coalesce("opened_at", self.now),
            closed_at=self.now,
            close_reason=Need.CloseReason.CANCELLED,
        )
        for field, name in (
            ("required_certificates", "certificatekind_id"),
            ("preferred_certificates", "certificatekind_id"),
            ("required_processes", "process_id"),
        ):
            slugs = {(rows[r.need.ref].pk, slug) for r in listed for slug in getattr(r.need, field)}
            self.links(getattr(Need, field).through, name, [need.pk for need in rows.values()], slugs)
        return rows

    def request(
        self, request: exchange.Request, companies: Mapping[str, Company], old: Need | None
    ) -> dict[str, Any]:
        need = request.need
        return {
            "company_id": companies[str(need.company)].pk,
            "office_id": self.office.pk,
            "ref": need.ref,
            "title": request.title,
            "category_id": need.category,
            "quantity": need.quantity,
            "basis": need.basis,
            "unit_id": need.unit,
            "unit_mass_kg": need.unit_mass_kg,
            "start": need.start,
            "end": need.end,
            "area_id": need.area,
            "max_lead_time_days": need.max_lead_time_days,
            "status": Need.Status.OPEN if request.is_open else Need.Status.DRAFT,
            "opened_at": (old.opened_at if old else None) or (self.now if request.is_open else None),
            "closed_at": None,
            "close_reason": "",
        }

    def links(
        self, through: type[models.Model], name: str, needs: list[int], wanted: set[tuple[int, str]]
    ) -> None:
        """The pairs of a many-to-many column of these needs, exactly as `wanted`."""
        rows = through.objects.filter(need__in=needs).values_list("pk", "need_id", name)
        present = {(need, slug): pk for pk, need, slug in rows}
        gone = [pk for pair, pk in present.items() if pair not in wanted]
        fresh = [through(**{"need_id": n, name: slug}) for n, slug in sorted(wanted - present.keys())]
        if gone:
            through.objects.filter(pk__in=gone).delete()
        through.objects.bulk_create(fresh, batch_size=BATCH)
        self.written["need"] += len(gone) + len(fresh)
