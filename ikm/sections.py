"""The task list of a profile: seven sections in any order, shared by the owner's pages and the review.

A section is done by what it holds. Processes and certificates may also be none: `done_sections` remembers that the
owner said so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import consent
from accounts.models import Consent
from ikm.models import Certificate, Ikm, ProcessCapability, Product

# The text that the contact section asks for.
CONSENT_TEXT = consent.TEXT_VERSION


@dataclass(frozen=True)
class Contents:
    """What a profile holds now. Four statements, however much it is."""

    ikm: Ikm
    products: list[Product]
    processes: list[ProcessCapability]
    certificates: list[Certificate]
    consent: Consent | None


def contents(ikm: Ikm) -> Contents:
    """`consent` is that to the text in force, if somebody gave it and has not taken it back."""
    return Contents(
        ikm,
        list(ikm.products.current().select_related("category", "unit", "photo")),
        list(ikm.processes.current().select_related("process")),
        list(ikm.certificates.current().select_related("kind", "category", "for_company", "document")),
        consent.current(ikm.organisation),
    )


class Section(NamedTuple):
    slug: str
    title: Promise
    question: Promise
    is_done: Callable[[Contents], bool]


def has_identity(held: Contents) -> bool:
    return bool(held.ikm.organisation.name and held.ikm.legal_form)


def has_place(held: Contents) -> bool:
    return held.ikm.organisation.area_id is not None


def has_size(held: Contents) -> bool:
    return held.ikm.workers is not None and bool(held.ikm.investment_band)


def has_products(held: Contents) -> bool:
    return bool(held.products)


def has_processes(held: Contents) -> bool:
    return bool(held.processes) or "processes" in held.ikm.done_sections


def has_certificates(held: Contents) -> bool:
    return bool(held.certificates) or "certificates" in held.ikm.done_sections


def has_contact(held: Contents) -> bool:
    organisation = held.ikm.organisation
    reachable = organisation.whatsapp or organisation.phone or organisation.email
    return bool(organisation.contact_name and reachable) and held.consent is not None


SECTIONS = (
    Section("identity", _("Identitas usaha"), _("Siapa Anda?"), has_identity),
    Section("place", _("Tempat usaha"), _("Di mana?"), has_place),
    Section("size", _("Ukuran usaha"), _("Seberapa besar?"), has_size),
    Section("products", _("Produk dan kapasitas"), _("Apa yang dibuat, berapa sanggup?"), has_products),
    Section("processes", _("Proses dan mesin"), _("Bagaimana dibuat?"), has_processes),
    Section("certificates", _("Sertifikat"), _("Apa buktinya?"), has_certificates),
    Section("contact", _("Kontak dan persetujuan"), _("Siapa yang dihubungi?"), has_contact),
)
BY_SLUG = {section.slug: section for section in SECTIONS}


def done(held: Contents) -> dict[str, bool]:
    """For every section, in order, whether it is done."""
    return {section.slug: section.is_done(held) for section in SECTIONS}


def missing(held: Contents) -> list[str]:
    """Slugs of the sections that are not done, in order."""
    return [slug for slug, is_done in done(held).items() if not is_done]


def next_after(held: Contents, slug: str) -> str | None:
    """The section to go on with: the first one not done after `slug`, else before it; None when all are done."""
    open_ones = missing(held)
    order = list(BY_SLUG)
    later = [other for other in open_ones if order.index(other) > order.index(slug)]
    return next(iter(later or open_ones), None)
