"""The order of entries, shown ranks, and kept lists that are patched instead of computed afresh."""

import json
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.ranking import (
    NEAR,
    PARTIAL,
    PROVEN,
    QUALIFIED,
    Entry,
    KeptList,
    count_groups,
    order_class,
    representative,
    shown_ranks,
)


def entry(ikm="I", need="N", product="P", group=QUALIFIED, low=500, evidence=0, high=None):
    return Entry(
        need=need,
        need_key=need,
        ikm=ikm,
        ikm_key=ikm,
        product=product,
        product_key=product,
        group=group,
        low=low,
        high=low if high is None else high,
        evidence=evidence,
        points=((low, 1000), None, None, None, (0, 0), None, (0, 0)),
        unknown=("capacity",),
        missing=(),
        before_start=("csms",),
        sufficient=None,
        free=None,
    )


def ordered(entries, side="need"):
    return [e.other(side)[0] for e in KeptList.of(side, "X", "X", entries).entries]


def test_standing_comes_before_points_and_proof_first():
    rows = [entry("a", group=PARTIAL, low=900), entry("b", group=NEAR, low=800), entry("c", low=700)]
    assert ordered([*rows, entry("d", group=PROVEN, low=1)]) == ["d", "c", "b", "a"]


def test_then_low_then_evidence_then_high():
    rows = [entry("a", high=900), entry("b", evidence=1), entry("c", low=501), entry("d")]
    assert ordered(rows) == ["c", "b", "a", "d"]


@pytest.mark.parametrize("side", ["need", "ikm"])
def test_a_tie_is_broken_by_checksums_not_by_names(side):
    refs = ["A", "B", "C", "D", "E", "F"]
    rows = [entry(ikm=ref, need="N1") if side == "need" else entry(need=ref, ikm="N1") for ref in refs]
    assert ordered(rows, side) == sorted(refs, key=lambda ref: crc32(ref.encode()) ^ crc32(b"N1"))


def test_equal_refs_of_two_offices_are_ordered_by_identity():
    rows = [entry("A")._replace(ikm_key=2), entry("A")._replace(ikm_key=1)]
    assert [e.ikm_key for e in KeptList.of("need", "N", 7, rows).entries] == [1, 2]


def test_the_best_offer_represents_the_ikm_and_the_product_ref_comes_last():
    rows = [
        entry(product="b"),
        entry(product="a"),
        entry(product="Z", low=499),
        entry(product="c", evidence=3),
    ]
    assert representative(rows).product == "c"
    assert representative(rows[:3]).product == "a"


def test_standing_from_what_is_missing():
    assert [order_class(n, False) for n in (0, 1, 2, 9)] == [QUALIFIED, NEAR, PARTIAL, PARTIAL]
    assert order_class(0, True) == PROVEN
    names = [(e.standing, e.proven) for e in (entry(group=g) for g in (PROVEN, QUALIFIED, NEAR, PARTIAL))]
    assert names == [("qualified", True), ("qualified", False), ("near", False), ("partial", False)]


def test_evidence_percent_is_rounded_down():
    assert entry(low=810, evidence=578).evidence_percent == 71
    assert entry(low=0).evidence_percent is None


def test_shown_ranks_are_shared_by_all_but_the_tie_break():
    rows = [
        entry(low=9),
        entry("b", low=8),
        entry("c", low=8),
        entry("d", low=8, evidence=0, high=8),
        entry(low=7),
    ]
    assert shown_ranks(rows) == ["1", "2=", "2=", "2=", "5"]
    assert shown_ranks([entry("a"), entry("b")]) == ["1=", "1="]
    assert shown_ranks([]) == []


def test_a_list_travels_through_json():
    rows = [entry(f"I{i}", low=i) for i in range(9)]
    kept = KeptList.of("need", "N", 3, rows, keep=3, reserve=2)
    assert KeptList.from_json(json.loads(json.dumps(kept.as_json()))) == kept
    assert kept.floor == rows[4].order("need")
    assert not kept.is_complete


def test_only_the_best_may_be_handed_in_but_not_too_few():
    rows = sorted((entry(f"I{i}", low=i) for i in range(20)), key=lambda e: e.order("need"))
    whole = KeptList.of("need", "N", "N", rows, keep=3, reserve=2)
    assert KeptList.of_first("need", "N", "N", rows[:5], (0, 20, 0, 0), keep=3, reserve=2) == whole
    with pytest.raises(ValueError):
        KeptList.of_first("need", "N", "N", rows[:4], (0, 20, 0, 0), keep=3, reserve=2)


def test_a_patch_for_another_counterpart_is_refused():
    with pytest.raises(ValueError):
        KeptList.of("need", "N", "N", []).patch("I1", entry("I2"))


def test_a_list_that_lost_too_many_rows_must_be_computed_afresh():
    kept = KeptList.of("need", "N", "N", [entry(f"I{i}", low=i) for i in range(10)], keep=3, reserve=1)
    once = kept.patch("I9", None)
    assert [e.ikm for e in once.shown] == ["I8", "I7", "I6"]
    assert once.patch("I8", None) is None


refs = st.sampled_from([f"I{i}" for i in range(14)])
entries = st.builds(
    entry,
    group=st.integers(0, 3),
    low=st.integers(0, 3),
    evidence=st.integers(0, 1),
    high=st.integers(3, 4),
)


def as_of_side(side, ref, made):
    other = {"ikm": ref, "ikm_key": ref} if side == "need" else {"need": ref, "need_key": ref}
    return made._replace(**other)


@settings(deadline=None)
@given(
    side=st.sampled_from(["need", "ikm"]),
    keep=st.integers(1, 4),
    reserve=st.integers(0, 3),
    start=st.dictionaries(refs, entries, max_size=14),
    changes=st.lists(st.tuples(refs, st.none() | entries), max_size=25),
)
def test_patching_a_list_equals_computing_it_afresh(side, keep, reserve, start, changes):
    """Step by step; where a patch answers that it cannot know, the list is computed afresh and goes on from there."""
    state = {ref: as_of_side(side, ref, made) for ref, made in start.items()}

    def afresh():
        return KeptList.of(side, "X", "X", state.values(), keep=keep, reserve=reserve)

    kept = afresh()
    for ref, made in changes:
        state.pop(ref, None)
        if made is not None:
            state[ref] = as_of_side(side, ref, made)
        patched = kept.patch(ref, state.get(ref))
        fresh = afresh()
        kept = fresh if patched is None else patched
        assert kept.shown == fresh.shown
        assert kept.is_complete == (kept.floor is None)
        assert kept.counts is None or kept.counts == count_groups(state.values())
        left_out = [e for e in state.values() if e not in kept.entries]
        assert all(kept.floor is not None and e.order(side) > kept.floor for e in left_out)
        assert len(kept.entries) <= keep + reserve


def test_a_complete_list_is_always_patched():
    kept = KeptList.of("need", "N", "N", [])
    for i in range(80):
        kept = kept.patch(f"I{i}", entry(f"I{i}", low=i))
    assert kept.is_complete
    assert kept.counts == (0, 80, 0, 0)
    for i in range(80):
        kept = kept.patch(f"I{i}", None)
    assert kept.entries == ()
