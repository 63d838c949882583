"""The files of a final record: they say the page's numbers, and nothing but what was decided."""

import io
from decimal import Decimal

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from matching import selection_papers, selections
from matching.frozen import Frozen
from matching.models import SelectionFile
from tests.matching.test_selections import decided


@pytest.fixture
def final(cast):
    cast.proven.organisation.name = '=HYPERLINK("x") & #panic()'
    cast.proven.organisation.save()
    return selections.finish(decided(cast, selections.start(cast.need, by=cast.buyer)), by=cast.buyer)


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def issued(final, kind, language):
    return bytes(SelectionFile.objects.get(selection=final, kind=kind, language=language).data)


def paper_of(final, language):
    with translation.override(language):
        return selection_papers.paper(Frozen.of(final.content, language), final.sha256, language)


def test_a_pdf_and_a_workbook_in_each_language(final):
    found = SelectionFile.objects.values_list("kind", "language")
    assert sorted(found) == [("pdf", "en"), ("pdf", "id"), ("xlsx", "en"), ("xlsx", "id")]
    assert issued(final, "pdf", "id").startswith(b"%PDF-1.7")


def test_written_again_they_are_the_same_bytes(final):
    again = {(kind, language): data for kind, language, data in selection_papers.files(final)}
    assert {(k, lang): issued(final, k, lang) for k, lang in again} == again


def test_page_pdf_and_workbook_say_the_same_numbers(final):
    frozen = Frozen.of(final.content, "id")
    paper, book = paper_of(final, "id"), sheets(issued(final, "xlsx", "id"))
    head, *rows = book["Berita acara pemilihan"]
    by_name = {row[head.index("IKM")]: dict(zip(head, row, strict=True)) for row in rows}
    assert [row[1] for row in paper["rows"]] == [row.name for row in frozen.rows] == list(by_name)
    for row, printed in zip(frozen.rows, paper["rows"], strict=True):
        cells = by_name[row.name]
        assert printed[3] == row.score
        assert (cells["Nilai terendah"], cells["Nilai tertinggi"]) == (row.low / 10, row.high / 10)
        assert cells["Bukti (%)"] == row.evidence_percent
        assert [cells[f"{p.label} (0–{p.maximum_said})"] for p in row.parts] == [
            p.points / 10 for p in row.parts
        ]
        assert cells["Kurang"] == printed[5] == "; ".join(row.missing)
    assert [line[6] for line in paper["decisions"]] == [row.decision.why for row in frozen.shortlist]
    head, *parts = book["Rincian"]
    assert len(parts) == sum(len(row.parts) for row in frozen.rows)
    total = sum(Decimal(str(line[head.index("Nilai")])) for line in parts)
    assert total == Decimal(sum(row.low for row in frozen.rows)) / 10


def test_the_workbook_says_what_it_is(final):
    notes = {row[0]: row[1] for row in sheets(issued(final, "xlsx", "id"))["Keterangan"]}
    assert notes["Nomor"] == "1/BAP/2026"
    assert notes["Perusahaan"] == "PT Baja Selat"
    assert notes["Daftar dibekukan"] == "24 November 2026"
    assert notes["Calon"] == "4: 2 memenuhi syarat, 2 kurang satu, 0 lainnya"
    assert notes["Disahkan"] == "Pembeli, 24 November 2026, 10.00 WIB"
    assert notes["Sidik catatan (SHA-256)"] == final.sha256


def test_a_name_that_looks_like_a_formula_is_a_name(final):
    first = sheets(issued(final, "xlsx", "id"))["Berita acara pemilihan"][1]
    assert first[1] == '=HYPERLINK("x") & #panic()'


def test_the_english_paper_speaks_of_the_same(final):
    indonesian, english = paper_of(final, "id"), paper_of(final, "en")
    assert [row[:2] for row in indonesian["rows"]] == [row[:2] for row in english["rows"]]
    assert english["lang"] == "en"
    assert english["details"][0]["parts"][0][0] == "Category"
