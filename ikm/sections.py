"""The task list of a profile: seven sections in any order, shared by the owner's pages and the review.

A section is done by what it holds. Processes and certificates may also be none: `done_sections` remembers that the
owner said so.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent
from ikm.models import Ikm

# The text in templates/ikm/_consent_text.html; a new text has a new version and is asked again.
CONSENT_TEXT = "2026-11"


class Section(NamedTuple):
    slug: str
    title: Promise
    question: Promise
    is_done: Callable[[Ikm], bool]


def has_identity(ikm: Ikm) -> bool:
    return bool(ikm.organisation.name and ikm.legal_form)


def has_place(ikm: Ikm) -> bool:
    return ikm.organisation.area_id is not None


def has_size(ikm: Ikm) -> bool:
    return ikm.workers is not None and bool(ikm.investment_band)


def has_products(ikm: Ikm) -> bool:
    return ikm.products.current().exists()


def has_processes(ikm: Ikm) -> bool:
    return "processes" in ikm.done_sections or ikm.processes.current().exists()


def has_certificates(ikm: Ikm) -> bool:
    return "certificates" in ikm.done_sections or ikm.certificates.current().exists()


def has_consent(ikm: Ikm) -> bool:
    """Somebody agreed to the text in force, and has not taken it back."""
    return Consent.objects.filter(
        organisation=ikm.organisation_id, text_version=CONSENT_TEXT, withdrawn_at=None
    ).exists()


def has_contact(ikm: Ikm) -> bool:
    organisation = ikm.organisation
    reachable = organisation.whatsapp or organisation.phone or organisation.email
    return bool(organisation.contact_name and reachable) and has_consent(ikm)


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


def done(ikm: Ikm) -> dict[str, bool]:
    """For every section, in order, whether it is done."""
    return {section.slug: section.is_done(ikm) for section in SECTIONS}


def missing(ikm: Ikm) -> list[str]:
    """Slugs of the sections that are not done, in order."""
    return [slug for slug, is_done in done(ikm).items() if not is_done]


def next_after(ikm: Ikm, slug: str) -> str | None:
    """The section to go on with: the first one not done after `slug`, else before it; None when all are done."""
    open_ones = missing(ikm)
    order = list(BY_SLUG)
    later = [other for other in open_ones if order.index(other) > order.index(slug)]
    return next(iter(later or open_ones), None)
