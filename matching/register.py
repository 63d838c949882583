"""The register as the exchange format has it, and the matches computed afresh from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from accounts.models import Organisation
from ikm.models import Ikm, Product
from industry.models import Company, Need
from matching import bundle as exchange
from matching.facts import CertificateRecord, Key
from matching.ikm_lists import IkmLists
from matching.ranking import KeptList
from matching.scoring import Scorer
from matching.snapshot import load_ikms, load_needs
from matching.stale import Inputs
from matching.supply import Supply

# By primary key, which is what the facts of the database carry.
Refs = dict[Key, str]


def export_bundle(office: Organisation) -> str:
    """The office's register as JSON text: reviewed companies, IKM that are not withdrawn, complete needs not closed.

    A certificate for a company outside this register cannot be told in it and is left out.
    """
    companies = Company.objects.filter(
        organisation__reviewing_office=office, status=Company.Status.REVIEWED
    ).select_related("organisation")
    refs: Refs = {company.organisation_id: company.organisation.ref for company in companies}
    return exchange.write_bundle(
        exchange.Bundle(
            tuple(
                exchange.Company(c.organisation.ref, c.organisation.name, c.organisation.area_id)
                for c in companies
            ),
            tuple(workshops(office, refs)),
            tuple(requests(office, refs)),
        )
    )


def workshops(office: Organisation, companies: Refs) -> Iterator[exchange.Workshop]:
    ikms = Ikm.objects.filter(organisation__reviewing_office=office, merged_into=None).exclude(
        status="withdrawn"
    )
    about: dict[Key | None, tuple[str, str]] = {
        pk: (name, status) for pk, name, status in ikms.values_list("pk", "organisation__name", "status")
    }
    names: dict[Key | None, str] = dict(
        Product.objects.current().filter(ikm__in=ikms.values("pk")).values_list("pk", "name")
    )
    for ikm in load_ikms(ikms):
        name, status = about[ikm.key]
        certificates = tuple(
            told(record, companies) for record in ikm.certificates if tellable(record, companies)
        )
        yield exchange.Workshop(
            name,
            status == "approved",
            replace(ikm, certificates=certificates),
            tuple(exchange.Product(names[offer.key], offer) for offer in ikm.offers),
        )


def tellable(record: CertificateRecord, companies: Refs) -> bool:
    return record.for_company is None or record.for_company in companies


def told(record: CertificateRecord, companies: Refs) -> CertificateRecord:
    """With the company's ref instead of its key."""
    company = None if record.for_company is None else companies[record.for_company]
    return replace(record, for_company=company, number=record.number or None)


def requests(office: Organisation, companies: Refs) -> Iterator[exchange.Request]:
    needs = Need.objects.filter(office=office, company__organisation__in=companies).exclude(
        status=Need.Status.CLOSED
    )
    about: dict[Key | None, tuple[str, str]] = {
        pk: (title, status) for pk, title, status in needs.values_list("pk", "title", "status")
    }
    for need in load_needs(needs):
        title, status = about[need.key]
        yield exchange.Request(
            title, status == Need.Status.OPEN, replace(need, company=companies[need.company])
        )


def fresh_lists(as_of: date, side: str) -> Iterator[KeptList]:
    """Every kept list of `side` ("need" or "ikm") over all offices, computed from the register as it is now."""
    inputs = Inputs.now(as_of)
    needs = sorted(load_needs(Need.objects.taking_part(as_of)), key=lambda n: (n.ref, n.identity))
    ikms = load_ikms(Ikm.objects.taking_part(as_of))
    scorer = Scorer(Supply.of(ikms, inputs.vocabulary, as_of), inputs.weights)
    if side == "need":
        for _need, kept in scorer.block(needs):
            yield kept
        return
    gathered = IkmLists(scorer.supply)
    for _need_and_list in scorer.block(needs, gathered):
        pass
    yield from gathered.lists(scorer, needs)
