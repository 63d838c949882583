"""Papers: the same data the same bytes, standards kept whatever people type."""

import re

import pytest
import typst

from web import papers

TEMPLATE = "tests/web/sample.typ"
DATA = {
    "lang": "id",
    "title": "Surat contoh",
    "author": "PT Contoh",
    "sender": "PT Contoh",
    "day": "2026-11-24",
    "reference": "1/2026",
    "words": {"page": "Halaman", "of": "dari", "foot": "PT Contoh · Surat contoh"},
    "facts": [{"label": "Jumlah", "value": "1.250,5 kg"}],
    "head": ["Nama", "Nilai"],
    "rows": [["CV Pasti", "95,0"]],
}


def test_equal_data_gives_equal_bytes(time_machine):
    first = papers.render(TEMPLATE, DATA)
    time_machine.move_to("2031-07-01 10:00")
    assert papers.render(TEMPLATE, DATA) == first
    assert papers.render(TEMPLATE, DATA | {"title": "Lain"}) != first


def test_the_standards_for_archives_and_for_readers_aloud_are_stated():
    content = papers.render(TEMPLATE, DATA)
    assert content.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert re.search(rb"/Lang ?\(id", content)


@pytest.mark.parametrize(
    "text",
    [
        "“kutip” – 5 × 3 ≥ 2 → ya",
        "#panic() $x$ *tebal* \\ @rujukan <label> //",
        "baris\nbaru",
        "中文 😀",
        "\x01\x02",
        "\ue000",
        "a\u202eb",
        "",
    ],
)
def test_whatever_people_type_is_text(text):
    for data in (
        {"title": text or "x"},
        {"rows": [[text, text]]},
        {"facts": [{"label": "a", "value": text}]},
    ):
        assert papers.render(TEMPLATE, DATA | data).startswith(b"%PDF")


def test_signs_without_a_picture_are_replaced_only_where_there_are_some():
    assert papers._shown({"a": ["中\x01é“”", 5]}) == {"a": ["\ufffd\ufffdé“”", 5]}


def test_a_template_that_is_wrong_says_so():
    with pytest.raises(typst.TypstError):
        papers.render(TEMPLATE, {name: value for name, value in DATA.items() if name != "rows"})
