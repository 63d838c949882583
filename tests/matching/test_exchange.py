"""The exchange format against the database: in, out, again, and the matches that come of it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings

from accounts.facts import may_check
from accounts.models import Membership, User
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from industry.models import Company, Need
from matching import lists
from matching.bundle import match_lines, write_bundle
from matching.exchange import import_bundle, office_of, read
from matching.models import IkmRanking, NeedRanking
from matching.register import export_bundle, fresh_lists
from tests.matching import reference
from tests.matching.strategies import AS_OF, bundles
from tests.matching.test_scoring import CATALOGUE, EXAMPLE

pytestmark = pytest.mark.django_db

# MATCHING.md, word for word.
LINE = (
    '{"need": "N1", "rank": 1, "ikm": "I1", "product": "P1", "standing": "qualified", "proven": false, '
    '"low": 810, "high": 810, "evidence": 312, "points": {"category": [375, 375], "certification": [250, 250], '
    '"capacity": [60, 250], "lead_time": [63, 63], "proximity": [62, 62]}, "unknown": [], "missing": [], '
    '"before_start": []}'
)


def text(**changes) -> str:
    return json.dumps(EXAMPLE | changes)


def ikm(**changes) -> list[dict]:
    return [EXAMPLE["ikms"][0] | changes]


def take(source: str, office: str = "impor", by: User | None = None):
    return import_bundle(read(source), office=office_of(office), by=by)


def dump() -> dict[str, list]:
    """Every row of every table of the register, also of the record of changes."""
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names() if not t.startswith("catalogue_")]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t ORDER BY 1")
            found[table] = cursor.fetchall()
        return found


def test_the_example_gives_exactly_its_line(tmp_path):
    source, matches = tmp_path / "in.json", tmp_path / "out.jsonl"
    source.write_text(text())
    call_command("import_bundle", str(source), stdout=StringIO())
    call_command("export_matches", str(matches), "--as-of", "2026-11-24", stdout=StringIO())
    assert matches.read_text() == LINE + "\n"
    call_command("export_matches", str(matches), "--as-of", "2026-11-24", "--side", "ikm", stdout=StringIO())
    assert matches.read_text() == LINE + "\n"


def test_importing_twice_changes_nothing_the_second_time():
    take(text())
    lists.refresh(today=AS_OF)
    before = dump()
    assert set(take(text()).values()) == {0}
    assert lists.refresh(today=AS_OF) == 0
    assert dump() == before


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"more": 1}, "$.more"),
        ({"ikms": ikm(area="99.99")}, "$.ikms[0].area"),
        ({"ikms": ikm(evidence="rejected")}, "$.ikms[0].evidence"),
        ({"ikms": ikm(name="a\x00b")}, "$.ikms[0].name"),
        ({"companies": []}, "$.needs[0].company"),
        ({"needs": [EXAMPLE["needs"][0] | {"quantity": 5000}]}, "$.needs[0].quantity"),
    ],
)
def test_what_is_wrong_is_refused_as_a_whole(tmp_path, change, path):
    take(text())
    before = dump()
    source, errors = tmp_path / "in.json", StringIO()
    source.write_text(text(**change))
    with pytest.raises(CommandError):
        call_command("import_bundle", str(source), "--office", "lain", stdout=StringIO(), stderr=errors)
    assert errors.getvalue().startswith(f"{path}: ")
    assert dump() == before


def test_unreadable_files_and_unknown_people_are_named(tmp_path):
    source = tmp_path / "in.json"
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_bundle", str(source))
    source.write_text(text())
    with pytest.raises(CommandError, match=r"nobody@contoh\.example"):
        call_command("import_bundle", str(source), "--by", "nobody@contoh.example")
    with pytest.raises(CommandError, match="kemarin"):
        call_command("export_matches", str(source), "--as-of", "kemarin")
    with pytest.raises(CommandError, match="antah"):
        call_command("export_bundle", str(source), "--office", "antah")


def test_lists_are_replaced_and_what_vanished_is_retired_and_may_return():
    take(text())
    take(text(ikms=ikm(products=[], processes=[], certificates=[])))
    assert [m.objects.current().count() for m in (Product, ProcessCapability, Certificate)] == [0, 0, 0]
    assert [m.objects.count() for m in (Product, ProcessCapability, Certificate)] == [1, 1, 1]
    take(text())
    assert [m.objects.current().count() for m in (Product, ProcessCapability, Certificate)] == [1, 1, 1]
    take(text(ikms=[], needs=[], companies=[]))
    assert (Ikm.objects.get().status, Need.objects.get().status) == ("withdrawn", "closed")
    assert Company.objects.get().status == "draft"
    assert json.loads(export_bundle(office_of("impor"))) == {
        "format": "ikm-partnership/1", "companies": [], "ikms": [], "needs": [],
    }  # fmt: skip
    take(text())
    assert (Ikm.objects.get().status, Need.objects.get().status) == ("approved", "open")
    assert json.loads(export_bundle(office_of("impor"))) == EXAMPLE


def test_unpublished_and_not_open_are_drafts_that_take_no_part():
    take(text(ikms=ikm(published=False), needs=[EXAMPLE["needs"][0] | {"open": False}]))
    assert (Ikm.objects.get().status, Need.objects.get().status) == ("draft", "draft")
    assert list(match_lines(fresh_lists(AS_OF, "need"))) == []
    take(text())
    take(text(ikms=ikm(published=False)))
    assert list(match_lines(fresh_lists(AS_OF, "need"))) == []


def test_two_offices_with_the_same_refs_do_not_touch_each_other():
    take(text(), "satu")
    take(text(ikms=ikm(name="Lain")), "dua")
    take(text(ikms=[]), "satu")
    assert sorted(Ikm.objects.values_list("organisation__reviewing_office__ref", "status")) == [
        ("dua", "approved"),
        ("satu", "withdrawn"),
    ]


def test_the_record_says_import_and_a_second_person_must_verify():
    office = office_of("impor")
    people = [User.objects.create_user(email=f"{name}@contoh.example", name=name) for name in "ab"]
    for person in people:
        Membership.objects.create(user=person, organisation=office, role="officer")
    take(text(ikms=ikm(published=False)), by=people[0])
    for fact in (Ikm.objects.get(), Product.objects.get(), ProcessCapability.objects.get()):
        assert [may_check(fact, by=person, office=office) for person in people] == [False, True]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.metadata ->> 'actor' FROM ikm_productevent e"
            " JOIN pghistory_context c ON c.id = e.pgh_context_id"
        )
        assert cursor.fetchall() == [("import",)]


def test_an_import_confirms_for_twelve_months():
    take(text())
    confirmed = Ikm.objects.get().confirmed_on
    for day, lines in [
        (confirmed, 1),
        (confirmed + timedelta(days=364), 1),
        (confirmed + timedelta(days=368), 0),
    ]:
        Need.objects.update(end=day + timedelta(days=400))
        assert len(list(match_lines(fresh_lists(day, "need")))) == lines


def check_bundle(bundle: dict) -> None:
    """In and out again, as the reference has it, and kept lists as computed afresh."""
    parsed = read(json.dumps(bundle))
    import_bundle(parsed, office=office_of("impor"))
    assert export_bundle(office_of("impor")) == write_bundle(parsed)
    rows = reference.pairs(bundle, [], CATALOGUE, AS_OF)
    lists.refresh(today=AS_OF)
    for side, model in (("need", NeedRanking), ("ikm", IkmRanking)):
        fresh = [json.loads(line) for line in match_lines(fresh_lists(AS_OF, side))]
        expected = reference.ranked(rows, side)
        assert fresh == [{key: row[key] for key in json.loads(LINE)} for row in expected]
        kept = [r.kept(owner_ref(r)) for r in model.objects.filter(takes_part=True)]
        assert [json.loads(line) for line in match_lines(kept)] == fresh


def owner_ref(ranking) -> str:
    return ranking.need.ref if ranking.side == "need" else ranking.ikm.organisation.ref


SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
# Without shrinking, which takes minutes on a database; tests.matching.test_scoring shrinks what the rule has wrong.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(bundle=bundles())
def test_random_registers_round_trip_and_match_as_the_reference_says(bundle):
    check_bundle(bundle)


@pytest.mark.full
@settings(max_examples=120, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(bundle=bundles())
def test_many_random_registers(bundle):
    check_bundle(bundle)
