"""The answer of the directory as a table to download: one line a product, public facts only."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Unit
from ikm.directory.rows import Offer, Row
from ikm.directory.search import Result
from web import links
from web.formats import long_date, quantity


def header() -> list[str]:
    return [
        _("Pemasok"),
        _("Nomor acuan"),
        _("Wilayah"),
        _("Produk"),
        _("Kategori"),
        _("Bebas per bulan"),
        _("Satuan"),
        _("Siap dalam (hari)"),
        _("Bukti produk"),
        _("Sertifikat yang berlaku"),
        _("Proses"),
        _("Bukti identitas"),
        _("Dipastikan"),
        _("Halaman"),
    ]


def rows(result: Result) -> Iterator[Sequence[Any]]:
    """Suppliers in the order of the answer; a product that the question names comes first."""
    symbols = Unit.objects.in_bulk({offer.unit for row in result.rows for offer in row.offers})
    for row in result.rows:
        for offer in row.offers or (None,):
            yield line(row, offer, str(symbols[offer.unit]) if offer else "", result.on)


def line(row: Row, offer: Offer | None, unit: str, on: date) -> Sequence[Any]:
    page = reverse("ikm:supplier", kwargs={"ref": row.ref})
    product = (
        [offer.name, offer.category_label, offer.free, unit, offer.lead_time_days, said(offer.evidence)]
        if offer
        else ["", "", None, "", None, ""]
    )
    return [
        row.name,
        row.ref,
        row.area_label,
        *product,
        "; ".join(f"{proof.label} ({said(proof.evidence)})" for proof in row.proofs if proof.is_valid(on)),
        "; ".join(f"{skill.label} ({said(skill.evidence)})" for skill in row.capabilities),
        said(row.evidence),
        row.confirmed_on,
        f"{links.absolute(page)}?no={row.ikm}",
    ]


def said(evidence: str) -> str:
    return _("terperiksa") if evidence == "verified" else _("menurut pengakuan")


def notes(result: Result, asked: Sequence[str], *, limit: int) -> list[tuple[str, str]]:
    """What was asked, on which day, and what is not in the table. `asked` are the filters in words."""
    found = [
        (_("Pertanyaan"), "; ".join(asked) or _("semua pemasok")),
        (_("Tanggal"), long_date(result.on)),
        (_("Ditemukan"), _("%(number)s pemasok") % {"number": quantity(result.total)}),
    ]
    if result.total > limit:
        left_out = _("Hanya %(limit)s pemasok pertama. Persempit pencarian untuk yang lain.")
        found.append((_("Batas"), left_out % {"limit": quantity(limit)}))
    found.append((_("Isi"), _("Hanya data yang tampil umum. Kontak terbuka setelah saling berminat.")))
    found.append((_("Alamat"), links.absolute(f"{reverse('ikm:directory')}?{result.query.urlencode()}")))
    return found
