import re
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from web.bars import Segment, match_bar

CATEGORY = Segment("kategori", 300, 300)
PROCESS = Segment("proses", 150, 75)
CAPACITY = Segment("kapasitas", 200, 0, unknown=True)


@st.composite
def any_segment(draw):
    maximum = draw(st.integers(0, 1000))
    return Segment(draw(st.text(max_size=20)), maximum, draw(st.integers(0, maximum)), draw(st.booleans()))


def drawn(segments):
    """The bar as a tree; it must be well-formed for that."""
    return ElementTree.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", match_bar(segments)))


def boxes(tree, kind):
    """(left, width) of each box of a kind."""
    found = [
        re.fullmatch(r"M(\d+) 0h(\d+)v20h-\2z", p.get("d"))
        for p in tree.iter("path")
        if p.get("class") == kind
    ]
    return [tuple(int(number) for number in match.groups()) for match in found]


def test_the_bar_reads_as_it_looks():
    tree = drawn([CATEGORY, PROCESS, CAPACITY])
    assert tree.findtext("title") == "Nilai 37,5–57,5 dari 65,0"
    assert tree.findtext("desc") == (
        "kategori 30,0 dari 30,0; proses 7,5 dari 15,0; kapasitas belum diketahui, paling banyak 20,0"
    )
    assert [group.findtext("title") for group in tree.findall("g")] == tree.findtext("desc").split("; ")
    assert tree.get("role") == "img"


def test_a_segment_is_as_wide_as_its_maximum_and_filled_as_far_as_earned():
    tree = drawn([CATEGORY, PROCESS, CAPACITY])
    assert tree.get("viewBox") == "0 0 650 20"
    assert boxes(tree, "room") == [(0, 300), (300, 150)]
    assert boxes(tree, "got") == [(0, 300), (300, 75)]
    assert boxes(tree, "open") == [(450, 200)]
    assert [p.get("d") for p in tree.iter("path") if p.get("class") == "hatch"] == ["M450 10h200"]
    assert [p.get("d") for p in tree.iter("path") if p.get("class") == "gap"] == ["M300 0v20M450 0v20"]


def test_one_number_where_nothing_is_unknown():
    assert drawn([CATEGORY, PROCESS]).findtext("title") == "Nilai 37,5 dari 45,0"


def test_a_criterion_not_asked_for_has_no_segment():
    assert match_bar([CATEGORY, Segment("jarak", 0, 0)]) == match_bar([CATEGORY])


def test_without_any_segment_the_bar_is_empty_and_still_has_words():
    tree = drawn([])
    assert tree.findtext("title") == "Nilai 0,0 dari 0,0"
    assert tree.findall("g") == []


def test_names_cannot_leave_their_place():
    bar = match_bar([Segment("</title><script>", 1000, 1000)])
    assert "<script>" not in bar
    assert (
        drawn([Segment("</title><script>", 1000, 1000)]).findtext("desc")
        == "</title><script> 100,0 dari 100,0"
    )


@pytest.mark.parametrize("word", ["style=", "id=", "url("])
def test_nothing_that_a_strict_policy_or_a_second_bar_would_break(word):
    assert word not in match_bar([CATEGORY, PROCESS, CAPACITY])


def test_slim():
    assert ElementTree.fromstring(match_bar([CATEGORY], slim=True)).get("class") == "match-bar match-bar-slim"


@given(st.lists(any_segment(), max_size=8))
def test_the_parts_add_up_in_the_drawing_and_in_the_words(segments):
    with translation.override("id"):
        tree = drawn(segments)
    shown = [s for s in segments if s.maximum]
    whole = sum(s.maximum for s in shown)
    assert tree.get("viewBox") == f"0 0 {whole or 1} 20"
    assert sum(width for _, width in boxes(tree, "room") + boxes(tree, "open")) == whole
    earned = sum(s.points for s in shown if not s.unknown)
    assert sum(width for _, width in boxes(tree, "got")) == earned
    most = earned + sum(s.maximum for s in shown if s.unknown)
    words = re.findall(r"(\d+),(\d)", tree.findtext("title"))
    tenths = [10 * int(whole_part) + int(tenth) for whole_part, tenth in words]
    assert tenths == ([earned, whole] if earned == most else [earned, most, whole])
