"""The exchange format: each refusal by example, and that reading, writing and reading again changes nothing."""

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.bundle import Bundle, match_lines, parse_bundle, write_bundle
from matching.bundle_fields import MAX_PROBLEMS
from matching.bundle_problems import ENGLISH, WORDS, BundleRefused
from matching.facts import CertificateRecord
from matching.ranking import KeptList
from tests.matching.making import VOCABULARY
from tests.matching.strategies import bundles
from tests.matching.test_ranking import entry
from tests.matching.test_scoring import EXAMPLE


def parse(value, vocabulary=VOCABULARY):
    return parse_bundle(value if isinstance(value, (str, bytes)) else json.dumps(value), vocabulary)


def problems(value, vocabulary=VOCABULARY):
    with pytest.raises(BundleRefused) as refused:
        parse(value, vocabulary)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def changed(path, value):
    """The example with the value at a path ("ikms.0.nib") set; `...` removes the key."""
    bundle = copy.deepcopy(EXAMPLE)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at = bundle
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    elif isinstance(last, int) and last == len(at):
        at.append(value)
    else:
        at[last] = value
    return bundle


def json_path(path):
    return "$" + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path.split("."))


def without_echo(found):
    """A company that cannot be read is also not there for the need that names it."""
    echo = ("$.needs[0].company", "unknown_company")
    return [one for one in found if one != echo or found[0] == echo]


IKM, PRODUCT, CERTIFICATE, NEED = "ikms.0", "ikms.0.products.0", "ikms.0.certificates.0", "needs.0"
COMPULSORY = [
    "format",
    "companies.0.ref",
    "companies.0.name",
    f"{IKM}.ref",
    f"{IKM}.name",
    f"{IKM}.published",
    f"{IKM}.processes.0.process",
    f"{CERTIFICATE}.kind",
    f"{PRODUCT}.ref",
    f"{PRODUCT}.name",
    f"{PRODUCT}.category",
    f"{PRODUCT}.unit",
    f"{NEED}.ref",
    f"{NEED}.company",
    f"{NEED}.title",
    f"{NEED}.category",
    f"{NEED}.quantity",
    f"{NEED}.basis",
    f"{NEED}.unit",
    f"{NEED}.start",
    f"{NEED}.end",
    f"{NEED}.open",
]
OPTIONAL = [
    "companies.0.area",
    f"{IKM}.area",
    f"{IKM}.nib",
    f"{IKM}.evidence",
    f"{IKM}.processes",
    f"{IKM}.processes.0.evidence",
    f"{IKM}.certificates",
    f"{CERTIFICATE}.number",
    f"{CERTIFICATE}.valid_from",
    f"{CERTIFICATE}.valid_until",
    f"{CERTIFICATE}.category",
    f"{CERTIFICATE}.for_company",
    f"{CERTIFICATE}.evidence",
    f"{IKM}.products",
    f"{PRODUCT}.capacity_per_month",
    f"{PRODUCT}.committed_per_month",
    f"{PRODUCT}.pool",
    f"{PRODUCT}.unit_mass_kg",
    f"{PRODUCT}.lead_time_days",
    f"{PRODUCT}.evidence",
    f"{NEED}.unit_mass_kg",
    f"{NEED}.area",
    f"{NEED}.max_lead_time_days",
    f"{NEED}.required_certificates",
    f"{NEED}.preferred_certificates",
    f"{NEED}.required_processes",
]


@pytest.mark.parametrize("path", COMPULSORY)
def test_what_is_compulsory_must_be_there(path):
    for nothing in (..., None, ""):
        assert without_echo(problems(changed(path, nothing))) == [(json_path(path), "missing")]


@pytest.mark.parametrize("path", OPTIONAL)
def test_absent_null_and_empty_are_the_same(path):
    absent, null, empty = (parse(changed(path, nothing)) for nothing in (..., None, ""))
    assert absent == null == empty


def test_evidence_is_claimed_unless_said():
    bundle = parse(changed(f"{PRODUCT}.evidence", None))
    assert bundle.workshops[0].products[0].offer.evidence == "claimed"


REFUSED = [
    ("format", "ikm-partnership/2", "format"),
    ("companies", {}, "not_list"),
    ("companies.0", "C1", "not_object"),
    ("companies.0.ref", 7, "not_text"),
    ("companies.0.name", "x" * 161, "too_long"),
    ("companies.0.name", "x" * 10_000, "too_long"),
    ("companies.0.name", "a\x00b", "control"),
    ("companies.0.name", "a\nb", "control"),
    ("companies.0.name", "a\x7fb", "control"),
    ("companies.0.name", "a\u0085b", "control"),
    ("companies.0.name", "a\ud800b", "control"),
    ("companies.0.name", "  ", "blank"),
    ("companies.0.area", "Cilegon", "not_area"),
    (f"{IKM}.ref", "x" * 61, "too_long"),
    (f"{IKM}.area", "3672", "not_area"),
    (f"{IKM}.area", "36.72.3", "not_area"),
    (f"{IKM}.area", "36.72.03.1004.1", "not_area"),
    (f"{IKM}.area", "3", "not_area"),
    (f"{IKM}.area", 36, "not_area"),
    (f"{IKM}.nib", "123", "not_nib"),
    (f"{IKM}.nib", 1234567890123, "not_nib"),
    (f"{IKM}.nib", "١٢٣٤٥٦٧٨٩٠١٢٣", "not_nib"),
    (f"{IKM}.evidence", "rejected", "not_one_of"),
    (f"{IKM}.evidence", True, "not_one_of"),
    (f"{IKM}.published", "true", "not_boolean"),
    (f"{IKM}.published", 1, "not_boolean"),
    (f"{IKM}.published", 0, "not_boolean"),
    (f"{IKM}.processes", "las-gmaw", "not_list"),
    (f"{IKM}.processes.0", "las-gmaw", "not_object"),
    (f"{IKM}.processes.0.process", "las-gaib", "unknown_process"),
    (f"{IKM}.processes.0.process", "penyambungan", "process_level"),
    (f"{IKM}.processes.0.process", ["las-gmaw"], "not_text"),
    (f"{IKM}.processes.0.evidence", "seen", "not_one_of"),
    (f"{CERTIFICATE}.kind", "iso-9002", "unknown_kind"),
    (f"{CERTIFICATE}.number", "x" * 81, "too_long"),
    (f"{CERTIFICATE}.valid_from", "2024-02-30", "not_day"),
    (f"{CERTIFICATE}.valid_from", "2024-1-1", "not_day"),
    (f"{CERTIFICATE}.valid_from", "20240101", "not_day"),
    (f"{CERTIFICATE}.valid_from", "2024-01-01T00:00:00", "not_day"),
    (f"{CERTIFICATE}.valid_from", "0000-01-01", "not_day"),
    (f"{CERTIFICATE}.valid_from", 20240101, "not_day"),
    (f"{CERTIFICATE}.valid_until", "2023-12-31", "ends_early"),
    (f"{CERTIFICATE}.category", "atap", "unknown_category"),
    (f"{CERTIFICATE}.for_company", "C2", "unknown_company"),
    (f"{CERTIFICATE}.evidence", "Verified", "not_one_of"),
    (f"{PRODUCT}.category", "baja-ringan", "category_level"),
    (f"{PRODUCT}.category", "reng", "unknown_category"),
    (f"{PRODUCT}.unit", "sak", "unknown_unit"),
    (f"{PRODUCT}.unit", {"slug": "kg"}, "not_text"),
    (f"{PRODUCT}.capacity_per_month", 1200.5, "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", 0, "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "1,5", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "1.2345", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "01", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", ".5", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "1.", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "-1", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "+1", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "1e3", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "1\n", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", " 1", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "1234567890", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "١٢", "not_quantity"),
    (f"{PRODUCT}.capacity_per_month", "NaN", "not_quantity"),
    (f"{PRODUCT}.committed_per_month", True, "not_quantity"),
    (f"{PRODUCT}.pool", "x" * 41, "too_long"),
    (f"{PRODUCT}.pool", 1, "not_text"),
    (f"{PRODUCT}.unit_mass_kg", "0", "not_positive"),
    (f"{PRODUCT}.unit_mass_kg", "0.000", "not_positive"),
    (f"{PRODUCT}.lead_time_days", -1, "not_days"),
    (f"{PRODUCT}.lead_time_days", 3651, "not_days"),
    (f"{PRODUCT}.lead_time_days", 14.0, "not_days"),
    (f"{PRODUCT}.lead_time_days", "14", "not_days"),
    (f"{PRODUCT}.lead_time_days", True, "not_days"),
    (f"{PRODUCT}.lead_time_days", 10**30, "not_days"),
    (f"{NEED}.company", "C9", "unknown_company"),
    (f"{NEED}.title", "x" * 161, "too_long"),
    (f"{NEED}.category", "baja-ringan", "category_level"),
    (f"{NEED}.quantity", "0", "not_positive"),
    (f"{NEED}.quantity", 5000, "not_quantity"),
    (f"{NEED}.basis", "year", "not_one_of"),
    (f"{NEED}.unit_mass_kg", "0", "not_positive"),
    (f"{NEED}.end", "2026-12-31", "ends_early"),
    (f"{NEED}.max_lead_time_days", 3651, "not_days"),
    (f"{NEED}.required_certificates", "iso-9001", "not_list"),
    (f"{NEED}.required_certificates", {"iso-9001": 1}, "not_list"),
    (f"{NEED}.open", "yes", "not_boolean"),
]


@pytest.mark.parametrize(("path", "value", "code"), REFUSED)
def test_what_is_wrong_is_refused_where_it_stands(path, value, code):
    assert without_echo(problems(changed(path, value))) == [(json_path(path), code)]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("required_certificates", "iso-9002", "unknown_kind"),
        ("preferred_certificates", None, "not_text"),
        ("preferred_certificates", "", "unknown_kind"),
        ("required_processes", "bubut", "unknown_process"),
        ("required_processes", "pemisahan", "process_level"),
        ("required_processes", ["bubut-manual"], "not_text"),
    ],
)
def test_each_slug_of_a_list_is_checked(key, value, code):
    wrong = changed(f"{NEED}.{key}", [value])
    assert problems(wrong) == [(f"$.needs[0].{key}[0]", code)]


@pytest.mark.parametrize("owner", ["", "companies.0", IKM, f"{IKM}.processes.0", CERTIFICATE, PRODUCT, NEED])
def test_unknown_keys_are_wrong_everywhere(owner):
    path = f"{owner}.colour" if owner else "colour"
    assert problems(changed(path, None)) == [(json_path(path), "unknown_key")]


def test_strange_keys_stay_readable():
    found = problems({**EXAMPLE, "a.b\x00": 1, "y" * 500: 1})
    assert found == [('$["a.b\\u0000"]', "unknown_key"), ('$["' + "y" * 60 + '"]', "unknown_key")]


@pytest.mark.parametrize(
    ("path", "at", "first"),
    [
        ("companies", "$.companies[1].ref", "$.companies[0]"),
        ("ikms", "$.ikms[1].ref", "$.ikms[0]"),
        ("needs", "$.needs[1].ref", "$.needs[0]"),
        (f"{IKM}.processes", "$.ikms[0].processes[1].process", "$.ikms[0].processes[0]"),
        (f"{IKM}.certificates", "$.ikms[0].certificates[1]", "$.ikms[0].certificates[0]"),
        (f"{IKM}.products", "$.ikms[0].products[1].ref", "$.ikms[0].products[0]"),
    ],
)
def test_an_identity_stands_once(path, at, first):
    again = EXAMPLE
    for step in path.split("."):
        again = again[int(step) if step.isdigit() else step]
    with pytest.raises(BundleRefused) as refused:
        parse(changed(f"{path}.1", again[0]))
    assert [(p.path, p.code, p.params) for p in refused.value.problems] == [
        (at, "repeated", {"first": first})
    ]


def test_a_certificate_without_number_and_day_is_one_identity_too():
    bare = {"kind": "iso-9001"}
    bundle = changed(f"{IKM}.certificates", [bare, {"kind": "iso-14001"}, {**bare, "number": ""}])
    assert problems(bundle) == [("$.ikms[0].certificates[2]", "repeated")]


def test_a_kind_that_a_buyer_issues_names_the_buyer():
    csms = {"kind": "csms", "valid_until": "2028-01-01"}
    assert problems(changed(f"{IKM}.certificates", [csms])) == [
        ("$.ikms[0].certificates[0].for_company", "company_missing")
    ]
    named = parse(changed(f"{IKM}.certificates", [{**csms, "for_company": "C1"}]))
    assert named.workshops[0].ikm.certificates == (
        CertificateRecord("csms", valid_until=date(2028, 1, 1), for_company="C1"),
    )


def test_areas_are_looked_up_where_they_are_known():
    known = replace(VOCABULARY, areas=frozenset({"36.72"}))
    assert problems(EXAMPLE, known) == [("$.ikms[0].area", "unknown_area")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ("$", "not_json")),
        ("{", ("$", "not_json")),
        ('{"format": "ikm-partnership/1",}', ("$", "not_json")),
        ('{"format": NaN}', ("$", "not_a_number")),
        ('{"format": -Infinity}', ("$", "not_a_number")),
        ("[" * 100_000, ("$", "too_deep")),
        ('{"needs":' * 100_000, ("$", "too_deep")),
        (b'{"format": "\xff"}', ("$", "not_utf8")),
        ("[]", ("$", "not_object")),
        ("null", ("$", "not_object")),
        ('"ikm-partnership/1"', ("$", "not_object")),
    ],
)
def test_what_is_not_such_json_is_refused(text, problem):
    assert problems(text) == [problem]


def test_numbers_of_any_length_are_read_safely():
    text = json.dumps(EXAMPLE).replace('"lead_time_days": 14', '"lead_time_days": ' + "9" * 10_000)
    assert problems(text) == [("$.ikms[0].products[0].lead_time_days", "not_days")]
    text = json.dumps(EXAMPLE).replace('"lead_time_days": 14', '"lead_time_days": 1e999')
    assert problems(text) == [("$.ikms[0].products[0].lead_time_days", "not_days")]


def test_a_key_written_twice_is_refused_where_it_stands():
    text = json.dumps(EXAMPLE).replace('"published": true', '"published": false, "published": true')
    assert problems(text) == [("$.ikms[0].published", "repeated_key")]


def test_a_file_with_a_byte_order_mark_is_read():
    assert parse(b"\xef\xbb\xbf" + json.dumps(EXAMPLE).encode()) == parse(EXAMPLE)


def test_all_problems_are_told_at_once_up_to_a_limit():
    wrong = {"format": "ikm-partnership/1", "companies": [{"ref": "C1"}], "needs": [{"ref": "N1", "open": 3}]}
    assert ("$.companies[0].name", "missing") in problems(wrong)
    assert ("$.needs[0].open", "not_boolean") in problems(wrong)
    many = problems({"format": "ikm-partnership/1", "companies": [{}] * 200})
    assert len(many) == MAX_PROBLEMS + 1
    assert many[-1] == ("$", "too_many")


def test_every_problem_has_words_in_both_languages():
    filled = dict.fromkeys(
        ("line", "column", "found", "expected", "limit", "length", "start", "value", "choices", "first"), "x"
    )
    for indonesian, english in WORDS.values():
        assert indonesian.format(**filled) != english.format(**filled)
    with pytest.raises(BundleRefused) as refused:
        parse(changed(f"{NEED}.end", "2026-12-31"))
    assert str(refused.value) == "$.needs[0].end: berakhir sebelum mulai (2027-01-01)"
    assert refused.value.problems[0].text(ENGLISH) == "it ends before it starts (2027-01-01)"


def test_a_value_with_braces_is_shown_as_it_is():
    with pytest.raises(BundleRefused) as refused:
        parse(changed(f"{PRODUCT}.unit", "{0.__class__}"))
    assert refused.value.problems[0].text() == 'satuan "{0.__class__}" tidak dikenal'


def test_a_bundle_of_nothing():
    assert parse({"format": "ikm-partnership/1"}) == Bundle()
    assert parse({"format": "ikm-partnership/1", "ikms": None, "needs": "", "companies": []}) == Bundle()


def test_the_example_is_read_as_it_stands():
    bundle = parse(EXAMPLE)
    product = bundle.workshops[0].products[0].offer
    assert product.capacity_per_month == Decimal("1200.5")
    assert bundle.workshops[0].ikm.offers == (product,)
    assert bundle.requests[0].need.required_certificates == ("iso-9001",)
    assert json.loads(write_bundle(bundle)) == EXAMPLE


def test_only_those_who_take_part_are_scored():
    as_of = date(2027, 6, 30)
    assert [need.ref for need in parse(EXAMPLE).demand(as_of)] == ["N1"]
    assert parse(EXAMPLE).demand(date(2027, 7, 1)) == []
    assert parse(changed(f"{NEED}.open", False)).demand(as_of) == []
    assert parse(changed(f"{IKM}.published", False)).supply() == []


def test_the_written_form_is_canonical():
    bundle = changed(f"{PRODUCT}.capacity_per_month", "1200.500")
    bundle["needs"][0]["required_certificates"] = ["smk3", "iso-9001", "smk3"]
    bundle["companies"].insert(0, {"ref": "D", "name": "PT"})
    written = json.loads(write_bundle(parse(bundle)))
    assert written["ikms"][0]["products"][0]["capacity_per_month"] == "1200.5"
    assert written["needs"][0]["required_certificates"] == ["iso-9001", "smk3"]
    assert [company["ref"] for company in written["companies"]] == ["C1", "D"]


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(bundles())
def test_a_round_trip_changes_nothing(bundle):
    once = parse(bundle)
    text = write_bundle(once)
    assert parse(text) == once
    assert write_bundle(parse(text)) == text


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for i, inner in enumerate(value) for leaf in leaves(inner, (*path, str(i)))]
    return [".".join(path)]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(leaves(EXAMPLE)), value=junk)
def test_anything_anywhere_is_read_or_refused_but_never_breaks(path, value):
    found = []
    try:
        bundle = parse(changed(path, value))
    except BundleRefused as refused:
        found = refused.problems
    else:
        assert parse(write_bundle(bundle)) == bundle
    assert all(problem.text() and problem.path.startswith("$") for problem in found)


def test_lines_stand_in_order_of_ref_and_count_within_each():
    lists = [
        KeptList.of("need", "N2", 1, [entry("A", "N2", low=1), entry("B", "N2", low=2)]),
        KeptList.of("need", "N1", 2, [entry("Å", "N1")]),
    ]
    found = [json.loads(line) for line in match_lines(lists)]
    assert [(row["need"], row["rank"], row["ikm"]) for row in found] == [
        ("N1", 1, "Å"),
        ("N2", 1, "B"),
        ("N2", 2, "A"),
    ]
    assert "Å" in next(match_lines(lists))


def test_only_the_first_fifty_are_written():
    kept = KeptList.of("need", "N", "N", [entry(f"I{i}", low=i) for i in range(70)])
    assert len(list(match_lines([kept]))) == 50
