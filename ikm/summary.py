"""What a workshop has stated, in words and by question: for checking before it is sent, and for reading afterwards."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Evidence, Fact
from ikm import sizes
from ikm.forms.profile import shown_npwp
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from ikm.products import with_free
from ikm.sections import SECTIONS, Contents, Section
from web.formats import echo, long_date, phone, quantity

SIZES: dict[tuple[str, str], Promise] = {
    (sizes.INDUSTRY, "small"): gettext_lazy("Termasuk industri kecil."),
    (sizes.INDUSTRY, "medium"): gettext_lazy("Termasuk industri menengah."),
    (sizes.INDUSTRY, "large"): gettext_lazy(
        "Termasuk industri besar, jadi bukan IKM. Hubungi Dinas bila keliru."
    ),
    (sizes.CAPITAL, "micro"): gettext_lazy("Menurut modalnya usaha mikro."),
    (sizes.CAPITAL, "small"): gettext_lazy("Menurut modalnya usaha kecil."),
    (sizes.CAPITAL, "medium"): gettext_lazy("Menurut modalnya usaha menengah."),
    (sizes.CAPITAL, "large"): gettext_lazy("Menurut modalnya tidak lagi termasuk UMKM."),
}


class Line(NamedTuple):
    text: str
    # Said small below it: the number in words, or what is still missing.
    small: str = ""


@dataclass
class Row:
    """One answer, or one fact with its evidence. Without lines it is not answered yet."""

    label: str
    lines: list[Line]
    fact: Fact | None = None

    @property
    def detail(self) -> str:
        return proof_of(self.fact) if self.fact else ""


@dataclass
class Part:
    section: Section
    is_done: bool
    rows: list[Row] = field(default_factory=list)
    # Said where the section is done and holds nothing.
    none: str = ""


def parts(held: Contents, *, on: date) -> list[Part]:
    """The seven sections with what they hold."""
    rows = {
        "identity": lambda: identity(held.ikm),
        "place": lambda: place(held.ikm),
        "size": lambda: size(held.ikm),
        "products": lambda: [product_row(product) for product in with_free(held.products, on=on)],
        "processes": lambda: [process_row(row) for row in held.processes],
        "certificates": lambda: [certificate_row(row, on=on) for row in held.certificates],
        "contact": lambda: contact(held),
    }
    none = {"processes": _("Tidak ada yang disebut."), "certificates": _("Belum punya sertifikat.")}
    return [
        Part(section, section.is_done(held), rows[section.slug](), none.get(section.slug, ""))
        for section in SECTIONS
    ]


def identity(ikm: Ikm) -> list[Row]:
    of = ikm.organisation
    return [
        answer(_("Nama usaha"), of.name, fact=ikm),
        answer(_("Bentuk usaha"), ikm.legal_form),
        answer("NIB", of.nib),
        answer("NPWP", shown_npwp(of.npwp)),
        answer(_("Mulai usaha"), str(ikm.year_founded or "")),
        answer(_("Tentang usaha"), ikm.about),
    ]


def place(ikm: Ikm) -> list[Row]:
    of = ikm.organisation
    return [
        answer(_("Wilayah"), in_full(of.area) if of.area else ""),
        answer(_("Alamat"), " ".join(filter(None, [of.address, of.postcode]))),
    ]


def size(ikm: Ikm) -> list[Row]:
    workers = "" if ikm.workers is None else quantity(ikm.workers, _("orang"))
    band = ikm.get_investment_band_display()
    rows = [answer(_("Pekerja"), workers), answer(_("Mesin, alat, dan modal"), band[:1].upper() + band[1:])]
    if ikm.workers is not None and ikm.investment_band:
        rows.append(Row(_("Golongan"), [Line(each.text, each.small) for each in size_in_words(ikm)]))
    return rows


def size_in_words(ikm: Ikm) -> list[Line]:
    """What the workshop counts as by the two regulations: a sentence, and the rule it rests on."""
    amount = sizes.amount_in(ikm.investment_band)
    found = [
        sizes.rule_for(scheme, workers=ikm.workers, investment=amount)
        for scheme in (sizes.INDUSTRY, sizes.CAPITAL)
    ]
    return [Line(str(SIZES[rule.scheme, rule.size]), rule.source) for rule in found]


def contact(held: Contents) -> list[Row]:
    of = held.ikm.organisation
    consent = _("Diberikan %(day)s") % {"day": long_date(held.consent.given_at)} if held.consent else ""
    return [
        answer(_("Nama"), of.contact_name),
        answer(_("WhatsApp"), phone(of.whatsapp)),
        answer(_("Telepon"), phone(of.phone)),
        answer(_("E-mail"), of.email),
        answer(_("Persetujuan data"), consent),
    ]


def product_row(product: Product) -> Row:
    """`product` has its `free` (products.with_free)."""
    details = []
    if (days := product.lead_time_days) is not None:
        ready = ngettext("siap kirim dalam %(count)d hari", "siap kirim dalam %(count)d hari", days)
        details.append(ready % {"count": days})
    if product.unit_mass_kg is not None:
        details.append(_("berat satuan %(mass)s") % {"mass": quantity(product.unit_mass_kg, "kg")})
    if product.min_order is not None:
        smallest = quantity(product.min_order, product.unit.symbol)
        details.append(_("pesanan terkecil %(smallest)s") % {"smallest": smallest})
    if product.material:
        details.append(_("bahan: %(material)s") % {"material": product.material})
    lines = [capacity_line(product), *free_lines(product)]
    if details:
        lines.append(Line(capfirst(" · ".join(details))))
    return Row(product.name, lines, product)


def capacity_line(product: Product) -> Line:
    """ "1.250 kg per bulan" with the number in words."""
    if product.capacity_per_month is None:
        return Line(_("Kesanggupan belum diisi"), _("Tanpa angka ini, kapasitas belum bisa dibandingkan."))
    said = echo(
        product.capacity_per_month, symbol=product.unit.symbol, name=product.unit.name, per_month=True
    )
    number, _space, words = said.partition(" (")
    return Line(number, words.rstrip(")"))


def free_lines(product: Product) -> list[Line]:
    """How much is taken, and what is left beside whatever the same hands make."""
    if product.capacity_per_month is None or product.free is None:
        return []
    symbol = product.unit.symbol
    taken = quantity(product.committed_per_month or Decimal(0), symbol)
    free = quantity(product.free, symbol)
    why = _("Sudah dikurangi produk lain dari orang dan mesin yang sama.") if product.pool else ""
    return [Line(_("Terpakai %(taken)s, bebas %(free)s per bulan") % {"taken": taken, "free": free}, why)]


def process_row(row: ProcessCapability) -> Row:
    return Row(str(row.process), [Line(row.machines)] if row.machines else [], row)


def certificate_row(row: Certificate, *, on: date) -> Row:
    lines = [Line(" · ".join(filter(None, [row.number, row.issuer])))] if row.number or row.issuer else []
    lines.append(validity(row, on=on))
    said = ((_("Lingkup"), row.scope), (_("Untuk produk"), row.category), (_("Pada"), row.for_company))
    lines += [Line(f"{label}: {value}") for label, value in said if value]
    if row.holders > 1:
        lines.append(Line(quantity(row.holders, _("orang"))))
    return Row(str(row.kind), lines, row)


def validity(row: Certificate, *, on: date) -> Line:
    if row.valid_until is None:
        if row.kind.validity_months is None:
            return Line(_("Berlaku terus"))
        return Line(_("Tanggal akhir belum diisi"), _("Tanpa tanggal ini, sertifikat belum dihitung."))
    day = {"day": long_date(row.valid_until)}
    if row.valid_until < on:
        return Line(_("Berakhir %(day)s") % day, _("Sudah lewat, jadi tidak dihitung lagi."))
    return Line(_("Berlaku sampai %(day)s") % day)


def answer(label: str, value: str, *, fact: Fact | None = None) -> Row:
    return Row(label, [Line(value)] if value else [], fact)


def proof_of(fact: Fact) -> str:
    """How and when an officer saw it; "" for a claim."""
    if fact.evidence == Evidence.CLAIMED:
        return ""
    return ", ".join(filter(None, [fact.get_method_display(), long_date(fact.checked_on)]))


def in_full(area) -> str:
    """ "Citangkil, Kecamatan Citangkil, Kota Cilegon"; the province is left out."""
    names, each = [], area
    while each is not None and each.level != "province":
        names.append(_("Kecamatan %(name)s") % {"name": each.name} if each.level == "district" else each.name)
        each = each.parent
    return ", ".join(names) or area.name
