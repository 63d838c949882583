"""The files of a final selection record: a PDF to sign and a workbook to reckon with, in each language."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from matching.freezing import LANGUAGES
from matching.frozen import Frozen, Part, Row
from matching.models import Selection
from web import formats, papers, workbooks

TEMPLATE = "matching/papers/selection.typ"


def files(selection: Selection) -> Iterator[tuple[str, str, bytes]]:
    """(kind, language, bytes) of every file that is issued."""
    for language in LANGUAGES:
        with override(language):
            frozen = Frozen.of(selection.content, language)
            yield "pdf", language, papers.render(TEMPLATE, paper(frozen, selection.sha256, language))
            yield "xlsx", language, workbook(frozen, selection.sha256)


def title() -> str:
    return _("Berita acara pemilihan")


def particulars(frozen: Frozen) -> list[tuple[str, str]]:
    """On what the decision rests, as pairs of label and text; the same on page, PDF and workbook."""
    counts = frozen.counts
    said = [
        (_("Daftar dibekukan"), formats.long_date(frozen.day)),
        (_("Aturan nilai"), frozen.policy_said),
        (_("Edisi katalog"), str(frozen.edition)),
        (
            _("Calon"),
            _("%(total)d: %(qualified)d memenuhi syarat, %(near)d kurang satu, %(partial)d lainnya")
            % {**counts, "total": frozen.total},
        ),
        (
            _("Daftar pendek"),
            _("%(listed)d IKM, %(chosen)d dipilih")
            % {"listed": len(frozen.shortlist), "chosen": len(frozen.chosen)},
        ),
    ]
    if frozen.left_out:
        said.append((_("Tidak dirinci"), left_out(frozen)))
    return said


def left_out(frozen: Frozen) -> str:
    n = frozen.left_out
    return ngettext(
        "%(n)d calon berikutnya hanya dihitung",
        "%(n)d calon berikutnya hanya dihitung",
        n,
    ) % {"n": n}


def sealed_said(frozen: Frozen) -> str:
    """ "Ratna Dewi, 24 November 2026, 13.05 WIB"."""
    at = frozen.decided_at
    return f"{frozen.record['decided_by']}, {formats.long_date(at)}, {date_format(at, 'TIME_FORMAT')}"


# --- PDF


def paper(frozen: Frozen, sha256: str, language: str) -> dict[str, Any]:
    """What matching/papers/selection.typ lays out: texts only, as they stand on the page."""
    reference = frozen.record["reference"]
    company = frozen.company
    return {
        "lang": language,
        "title": f"{title()} {reference}",
        "author": company["name"],
        "sender": company["name"],
        "day": frozen.decided_at.date().isoformat(),
        "reference": reference,
        "words": words(reference, company["name"]),
        "intro": _(
            "%(company)s memilih penyedia untuk kebutuhan di bawah ini dari daftar IKM yang dihitung Portal Kemitraan "
            "IKM Logam. Nilai hanya mengurutkan; keputusan diambil oleh pembeli, dengan alasan per IKM."
        )
        % {"company": company["name"]},
        "address": ", ".join(filter(None, [company["address"], company["nib"] and f"NIB {company['nib']}"])),
        "need": [{"label": _("Nomor kebutuhan"), "value": frozen.need["ref"]}, *frozen.need["facts"]],
        "particulars": [
            {"label": label, "value": value}
            for label, value in [
                *particulars(frozen),
                (_("Disahkan"), sealed_said(frozen)),
                (_("Sidik catatan (SHA-256)"), sha256),
            ]
        ],
        "decisions": [
            [row.rank, row.name, row.standing_said, row.score, percent(row), decided(row), row.decision.why]
            for row in frozen.shortlist
        ],
        "details": [detail(row) for row in frozen.shortlist],
        "rows": [
            [row.rank, row.name, row.standing_said, row.score, percent(row), "; ".join(row.missing)]
            for row in frozen.rows
        ],
        "left_out": left_out(frozen) if frozen.left_out else "",
    }


def words(reference: str, company: str) -> dict[str, Any]:
    return {
        "page": _("Halaman"),
        "of": _("dari"),
        "foot": f"{company} · {title()} {reference}",
        "need": _("Kebutuhan"),
        "basis": _("Dasar keputusan"),
        "decisions": _("Keputusan"),
        "details": _("Lampiran 1: rincian daftar pendek"),
        "list": _("Lampiran 2: seluruh daftar"),
        "signatures": _("Tanda tangan"),
        "signers": [_("Dibuat oleh"), _("Disetujui oleh")],
        "name": _("Nama dan jabatan"),
        "checking": _(
            "Sidik catatan di atas adalah SHA-256 dari isi catatan di portal. Untuk memastikan berkas ini belum "
            "diubah, unggah di halaman berita acara: portal membandingkannya dengan berkas yang dikeluarkan."
        ),
        "decision_head": [
            _("No."),
            _("IKM"),
            _("Kedudukan"),
            _("Nilai"),
            _("Bukti"),
            _("Keputusan"),
            _("Alasan"),
        ],
        "part_head": [_("Ukuran"), _("Diminta"), _("Ditawarkan dan alasannya"), _("Nilai"), _("Bukti")],
        "list_head": [_("No."), _("IKM"), _("Kedudukan"), _("Nilai"), _("Bukti"), _("Kurang")],
    }


def decided(row: Row) -> str:
    return f"{row.decision.verdict_said} ({row.decision.by})"


def percent(row: Row) -> str:
    return "–" if row.evidence_percent is None else f"{row.evidence_percent} %"


def detail(row: Row) -> dict[str, Any]:
    facts = [row.product, row.place]
    if row.interest_said:
        facts.append(_("minat: %(status)s") % {"status": row.interest_said})
    if row.before_start:
        facts.append(_("sebelum mulai: %(kinds)s dari pembeli") % {"kinds": row.before_start})
    return {
        "heading": f"{row.rank}. {row.name}: {row.score}",
        "facts": " · ".join(filter(None, facts)),
        "parts": [
            [part.label, part.asked, part.offered_and_why, earned(part), proofs(part)] for part in row.parts
        ],
    }


def earned(part: Part) -> str:
    return _("%(points)s dari %(maximum)s") % {"points": part.points_said, "maximum": part.maximum_said}


def proofs(part: Part) -> str:
    return "; ".join(proof.said for proof in part.proofs) or _("tidak ada catatan")


# --- Workbook


def workbook(frozen: Frozen, sha256: str) -> bytes:
    notes = [
        (_("Nomor"), frozen.record["reference"]),
        (_("Perusahaan"), frozen.company["name"]),
        *((fact["label"], fact["value"]) for fact in frozen.need["facts"]),
        *particulars(frozen),
        (_("Disahkan"), sealed_said(frozen)),
        (_("Sidik catatan (SHA-256)"), sha256),
    ]
    parts = [[row.rank, row.name, *part_cells(part)] for row in frozen.rows for part in row.parts]
    return workbooks.write_xlsx(
        title(),
        notes,
        list_header(frozen),
        [list_cells(row) for row in frozen.rows],
        more=[(_("Rincian"), part_header(), parts)],
    )


def list_header(frozen: Frozen) -> list[str]:
    return [
        _("Peringkat"),
        _("IKM"),
        _("Tempat"),
        _("Produk"),
        _("Kedudukan"),
        _("Nilai terendah"),
        _("Nilai tertinggi"),
        _("Bukti (%)"),
        *(f"{each['label']} (0–{formats.points(each['maximum'])})" for each in frozen.criteria),
        _("Belum diketahui"),
        _("Kurang"),
        _("Sebelum mulai"),
        _("Minat"),
        _("Keputusan"),
        _("Alasan"),
        _("Keterangan"),
        _("Diputuskan oleh"),
        _("Diputuskan pada"),
    ]


def list_cells(row: Row) -> list[Any]:
    decision = row.decision
    return [
        row.rank,
        row.name,
        row.place,
        row.product,
        row.standing_said,
        tenths(row.low),
        tenths(row.high),
        row.evidence_percent,
        *(tenths(part.points) for part in row.parts),
        ", ".join(row.unknown),
        "; ".join(row.missing),
        row.before_start,
        row.interest_said,
        *(
            (decision.verdict_said, decision.reason_said, decision.words, decision.by, decision.at)
            if decision
            else (_("di luar daftar pendek"), "", "", "", None)
        ),
    ]


def part_header() -> list[str]:
    return [
        _("Peringkat"),
        _("IKM"),
        _("Ukuran"),
        _("Diminta"),
        _("Ditawarkan"),
        _("Nilai"),
        _("Nilai tertinggi"),
        _("Belum diketahui"),
        _("Alasan"),
        _("Bukti"),
    ]


def part_cells(part: Part) -> list[Any]:
    return [
        part.label,
        part.asked,
        part.offered,
        tenths(part.points),
        tenths(part.maximum),
        part.unknown,
        " ".join(part.reasons),
        proofs(part),
    ]


def tenths(points: int) -> Decimal:
    """931 → 93.1"""
    return Decimal(points) / 10
