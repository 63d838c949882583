"""The kept lists follow the register: whatever changed, by whatever way, they equal what a full run would write."""

import threading
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal

import psycopg2
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from catalogue.models import CertificateKind
from ikm import products
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation, SupplyVersion
from industry import needs
from industry.models import Company, DemandVersion, Need
from matching import lists, policies
from matching.lists import refresh, run_fully
from matching.models import IkmRanking, NeedRanking, ScoringPolicy
from matching.names import names_of
from matching.snapshot import vocabulary_of
from matching.stale import Inputs
from tests.matching import people
from tests.matching.people import TODAY
from tests.plugin import database_url
from web import hints

SLOW = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CROWD = 90  # more workshops for one need than a list keeps


def shown():
    """What the lists say: the rows that are kept and what they were computed from; nothing of who takes no part."""
    return {
        (model.side, r.pk): [r.entries, r.as_of, r.policy_id, r.edition] if r.takes_part else r.entries
        for model in (NeedRanking, IkmRanking)
        for r in model.objects.all()
    }


def counts():
    return {
        (model.side, r.pk): tuple(r.counts)
        for model in (NeedRanking, IkmRanking)
        for r in model.objects.exclude(counts=None)
    }


def behind(today=TODAY):
    inputs = Inputs.now(today)
    return inputs.behind("need"), inputs.behind("ikm")


@pytest.fixture
def crowd(sample):
    """Many workshops that make the rollers which the first need asks for: lists overflow, patches meet the floor."""
    need, like = (
        Need.objects.get(ref="n01-roller-konveyor"),
        Ikm.objects.get(organisation__ref="ud-roller-kepuh"),
    )
    places = Organisation.objects.bulk_create(
        Organisation(kind="ikm", name=f"CV Ramai {i} (CONTOH)", ref=f"ramai-{i}", area_id="36.72.03")
        for i in range(CROWD)
    )
    fields = {"status": "approved", "submitted_at": timezone.now(), "approved_at": timezone.now()}
    ikms = Ikm.objects.bulk_create(Ikm(organisation=place, confirmed_on=TODAY, **fields) for place in places)
    Product.objects.bulk_create(
        Product(
            ikm=ikm, name="Roller", category_id=need.category_id, unit_id="pcs", capacity_per_month=i % 40 * 7
        )
        for i, ikm in enumerate(ikms)
    )
    ProcessCapability.objects.bulk_create(
        ProcessCapability(ikm=ikm, process_id=process)
        for ikm in ikms[::2]
        for process in like.processes.values_list("process_id", flat=True)
    )
    refresh(today=TODAY)
    return need


# --- What a page, the admin, a shell or raw SQL may do between two runs


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def change_product(draw, pick):
    product = Product.objects.get(pk=pick(Product))
    product.capacity_per_month = draw(st.sampled_from([None, Decimal(0), Decimal("7.5"), Decimal(400)]))
    product.lead_time_days = draw(st.sampled_from([None, 0, 14, 60]))
    product.save()


def update_products(draw, pick):
    family = Product.objects.get(pk=pick(Product)).category_id
    Product.objects.filter(category=family).update(
        evidence="verified", checked_on=TODAY, unit_mass_kg=draw(st.sampled_from([None, Decimal(2)]))
    )


def recategorise_by_sql(draw, pick):
    category = draw(st.sampled_from(["roller-konveyor", "jasa-bubut", "cangkul", "reng-baja-ringan"]))
    sql("UPDATE ikm_product SET category_id = %s WHERE id = %s", category, pick(Product))


def delete_product(draw, pick):
    Product.objects.filter(pk=pick(Product)).delete()


def delete_ikm(draw, pick):
    Ikm.objects.get(pk=pick(Ikm)).organisation.delete()


def withdraw_ikm(draw, pick):
    Ikm.objects.filter(pk=pick(Ikm)).update(status="withdrawn", withdrawal_reason="tutup")


def approve_ikm(draw, pick):
    Ikm.objects.filter(pk=pick(Ikm)).update(
        status="approved", submitted_at=timezone.now(), approved_at=timezone.now(), confirmed_on=TODAY
    )


def let_age(draw, pick):
    Ikm.objects.filter(pk=pick(Ikm), status="approved").update(confirmed_on=TODAY - timedelta(days=366))


def move_ikm(draw, pick):
    area = draw(st.sampled_from([None, "36.72.03", "36.04", "32.73"]))
    Organisation.objects.filter(pk=Ikm.objects.get(pk=pick(Ikm)).organisation_id).update(area_id=area)


def end_certificate(draw, pick):
    day = draw(st.sampled_from([TODAY - timedelta(days=1), TODAY, date(2026, 12, 31), date(2030, 1, 1)]))
    Certificate.objects.filter(pk=pick(Certificate)).update(valid_from=None, valid_until=day)


def add_certificate(draw, pick):
    kind = draw(st.sampled_from(["iso-9001", "iso-14001", "mill-certificate"]))
    Certificate.objects.get_or_create(
        ikm_id=pick(Ikm),
        kind_id=kind,
        number="baru",
        valid_from=None,
        defaults={"valid_until": date(2029, 1, 1)},
    )


def drop_processes(draw, pick):
    sql("DELETE FROM ikm_processcapability WHERE ikm_id = %s", pick(Ikm))


def reserve(draw, pick):
    Reservation.objects.create(
        product_id=pick(Product),
        starts=TODAY,
        ends=date(2027, 12, 31),
        quantity_per_month=draw(st.sampled_from([None, Decimal(5), Decimal(900)])),
        serves_need=draw(st.sampled_from([None, pick(Need)])),
    )


def change_need(draw, pick):
    need = Need.objects.get(pk=pick(Need))
    need.quantity = draw(st.sampled_from([Decimal(1), Decimal(500)]))
    need.max_lead_time_days = draw(st.sampled_from([None, 7]))
    need.save()


def change_conditions(draw, pick):
    need = Need.objects.get(pk=pick(Need))
    need.required_certificates.set(draw(st.sampled_from([[], ["iso-9001"], ["csms", "iso-14001"]])))
    need.required_processes.set(draw(st.sampled_from([[], ["bubut-manual"], ["las-gmaw", "stamping"]])))


def close_need(draw, pick):
    sql(
        "UPDATE industry_need SET status = 'closed', closed_at = now(), close_reason = 'cancelled'"
        " WHERE id = %s AND status = 'open'",
        pick(Need),
    )


def open_need(draw, pick):
    closed = Need.objects.filter(pk=pick(Need)).exclude(unit=None)
    closed.update(status="open", closed_at=None, close_reason="", opened_at=timezone.now())


def delete_need(draw, pick):
    Need.objects.filter(pk=pick(Need)).delete()


def review_again(draw, pick):
    Company.objects.filter(pk=pick(Company)).update(status="submitted", submitted_at=timezone.now())


def approve_company(draw, pick):
    Company.objects.filter(pk=pick(Company)).update(status="reviewed", reviewed_at=timezone.now())


EDITS = [
    change_product, update_products, recategorise_by_sql, delete_product, delete_ikm, withdraw_ikm, approve_ikm,
    let_age, move_ikm, end_certificate, add_certificate, drop_processes, reserve, change_need, change_conditions,
    close_need, open_need, delete_need, review_again, approve_company,
]  # fmt: skip


def edit_and_compare(data):
    draw = data.draw

    def pick(model):
        return draw(st.sampled_from(sorted(model.objects.values_list("pk", flat=True))))

    today = TODAY
    for _turn in range(draw(st.integers(1, 3))):
        for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=4)):
            edit(draw, pick)
        today += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 40])))
        refresh(today=today)
    assert behind(today) == ([], [])
    patched, counted = shown(), counts()
    NeedRanking.objects.all().delete()
    IkmRanking.objects.all().delete()
    run_fully(Inputs.now(today))
    assert patched == shown()
    exact = counts()
    assert counted == {key: exact[key] for key in counted}


def in_a_savepoint(data):
    with transaction.atomic():
        edit_and_compare(data)
        transaction.set_rollback(True)


@given(st.data())
@settings(SLOW, max_examples=5)
def test_patched_lists_equal_a_full_run_whatever_was_edited(crowd, data):
    in_a_savepoint(data)


@pytest.mark.full
@given(st.data())
@settings(SLOW, max_examples=150)
def test_patched_lists_equal_a_full_run_whatever_was_edited_at_length(crowd, data):
    in_a_savepoint(data)


# --- One after another


@pytest.fixture
def kept(cast):
    """The register of the cast with its lists computed."""
    refresh(today=TODAY)
    return cast


def of_need(need):
    return NeedRanking.objects.get(pk=need.pk)


def test_a_run_leaves_nothing_behind_and_a_second_does_nothing(cast):
    assert refresh(today=TODAY) == 5
    assert (behind(), refresh(today=TODAY)) == (([], []), 0)
    assert (of_need(cast.need).counts, of_need(cast.need).takes_part) == ([1, 1, 2, 0], True)
    assert [entry.ikm_key for entry in of_need(cast.need).entries] == [
        cast.proven.pk,
        cast.claimed.pk,
        cast.near.pk,
        cast.route.pk,
    ]
    assert IkmRanking.objects.get(pk=cast.near.pk).counts == [0, 0, 1, 0]


def test_few_changes_are_patched_and_many_are_one_run(kept, monkeypatch):
    Product.objects.filter(category="rak-gudang").update(capacity_per_month=Decimal(50))
    changed = sorted([kept.proven.pk, kept.claimed.pk, kept.near.pk])
    assert (behind(), refresh(today=TODAY)) == (([], changed), 3)
    patched = shown()
    monkeypatch.setattr(lists, "MANY", 0)
    Product.objects.update(min_order=Decimal(1))
    assert (refresh(today=TODAY), shown()) == (4, patched)


def test_an_edit_that_scoring_does_not_read_changes_no_list(kept):
    before = shown()
    Need.objects.update(spec="Lebih panjang")
    refresh(today=TODAY)
    assert (behind(), shown()) == (([], []), before)


@pytest.mark.parametrize("leave", ["close", "review", "past", "delete"])
def test_a_need_that_leaves_is_in_no_list(kept, leave):
    key, today = kept.need.pk, TODAY
    assert IkmRanking.objects.filter(others__contains=[key]).count() == 4
    if leave == "close":
        needs.close_need(kept.need, reason="filled", by=kept.buyer)
    elif leave == "review":
        Company.objects.filter(pk=kept.company.pk).update(status="submitted", submitted_at=timezone.now())
    elif leave == "past":
        today = people.END + timedelta(days=1)
    else:
        kept.need.delete()
    refresh(today=today)
    assert not IkmRanking.objects.filter(others__contains=[key]).exists()
    left = NeedRanking.objects.filter(pk=key).first()
    assert (
        (left is None) if leave == "delete" else (left.takes_part, left.rows, left.others) == (False, [], [])
    )
    assert DemandVersion.objects.filter(pk=key).exists() is (leave != "delete")
    assert behind(today) == ([], [])


@pytest.mark.parametrize("leave", ["withdraw", "age", "delete"])
def test_a_workshop_that_leaves_is_in_no_list(kept, leave):
    key, today = kept.proven.pk, TODAY
    if leave == "withdraw":
        Ikm.objects.filter(pk=key).update(status="withdrawn", withdrawal_reason="tutup")
    elif leave == "age":
        Ikm.objects.filter(pk=key).update(confirmed_on=date(2026, 1, 10))
        today = date(2027, 1, 11)
    else:
        kept.proven.organisation.delete()
    refresh(today=today)
    assert not NeedRanking.objects.filter(others__contains=[key]).exists()
    left = IkmRanking.objects.filter(pk=key).first()
    assert (left is None) if leave == "delete" else (left.takes_part, left.rows) == (False, [])
    assert SupplyVersion.objects.filter(pk=key).exists() is (leave != "delete")


def test_the_day_makes_every_list_stale(kept):
    Certificate.objects.filter(ikm=kept.proven).update(valid_until=date(2027, 1, 31))
    refresh(today=TODAY)
    assert of_need(kept.need).counts == [1, 1, 2, 0]
    tomorrow = TODAY + timedelta(days=1)
    assert behind(tomorrow) == ([kept.need.pk], sorted(IkmRanking.objects.values_list("pk", flat=True)))
    refresh(today=date(2027, 2, 1))
    assert (of_need(kept.need).counts, of_need(kept.need).as_of) == ([0, 1, 3, 0], date(2027, 2, 1))


def test_other_weights_make_every_list_stale_and_change_the_scores(kept):
    policy = policies.draft_policy((300, 150, 200, 50, 200, 50, 500), by=kept.officer)
    assert behind() == ([], [])
    policies.put_in_force(policy, by=kept.officer)
    assert behind() == ([kept.need.pk], sorted(IkmRanking.objects.values_list("pk", flat=True)))
    refresh(today=TODAY)
    assert (of_need(kept.need).policy, of_need(kept.need).entries[0].points[-1]) == (policy, (345, 345))


@pytest.fixture
def own_words():
    """Editions of a rolled back catalogue come again with other words."""
    yield
    vocabulary_of.cache_clear()
    names_of.cache_clear()


def test_another_catalogue_makes_every_list_stale(kept, own_words):
    Certificate.objects.create(
        ikm=kept.near, kind_id="iso-14001", valid_until=date(2029, 1, 1), changed_by=kept.officer
    )
    refresh(today=TODAY)
    assert of_need(kept.need).counts == [1, 1, 2, 0]
    CertificateKind.objects.get(pk="iso-14001").satisfies.add("iso-9001")
    assert kept.need.pk in behind()[0]
    refresh(today=TODAY)
    assert of_need(kept.need).counts == [1, 2, 1, 0]


# --- At once, and interrupted


@pytest.fixture
def stored(transactional_db, morning):
    """The same register, really committed."""
    return people.cast()


def other_connection():
    return closing(psycopg2.connect(database_url()))


def test_two_at_once_wait_for_each_other_and_agree(stored):
    done, failures = [], []

    def work():
        try:
            done.append(refresh(today=TODAY))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, sorted(done), behind()) == ([], [0, 5], ([], []))
    first = shown()
    run_fully(Inputs.now(TODAY))
    assert shown() == first


def test_who_finds_the_lock_taken_gives_up_and_loses_nothing(stored, monkeypatch):
    monkeypatch.setattr(lists, "WAIT", "50ms")
    with other_connection() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lists.WRITERS_LOCK])
        assert refresh(today=TODAY) == 0
        assert len(behind()[0]) == 1
        other.rollback()
    assert refresh(today=TODAY) == 5


def test_a_worker_killed_while_it_writes_leaves_everything_stale(stored):
    refresh(today=TODAY)
    before = shown()
    Product.objects.update(capacity_per_month=Decimal(9))
    waits = behind()
    killed = []

    def work():
        try:
            refresh(today=TODAY)
        except OperationalError as error:
            killed.append(error)
        finally:
            connection.close()

    with other_connection() as other, other.cursor() as cursor:
        # Its last write meets a row that somebody holds, and there its connection is cut.
        cursor.execute("SELECT 1 FROM matching_ikmranking FOR UPDATE")
        thread = threading.Thread(target=work)
        thread.start()
        cut_off_who_waits()
        thread.join()
        other.rollback()
    assert len(killed) == 1
    assert (shown(), behind()) == (before, waits)
    assert refresh(today=TODAY) == len(waits[1]) == 4
    assert {entry.free for entry in of_need(stored.need).entries} == {9000, None}


def cut_off_who_waits():
    """Terminates the backend that waits for a row lock, as kill -9 of its worker would."""
    waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _try in range(100):
        with connection.cursor() as cursor:
            cursor.execute(f"{waiting} AND datname = current_database()")
            if cursor.fetchall():
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    pytest.fail("nobody waited for a row")


def test_a_change_while_it_is_being_computed_is_done_again(stored):
    """Versions are read before facts: what changes in between leaves its owner stale."""
    inputs = Inputs.now(TODAY)
    keys = inputs.behind("ikm")
    with transaction.atomic():
        lists.refresh_needs(inputs.behind("need"), inputs)
        lists.refresh_ikms(keys, inputs)
        Product.objects.filter(ikm=keys[0]).update(capacity_per_month=Decimal(3))
    assert behind() == ([], keys[:1])


@pytest.fixture
def no_redis(settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/none?virtual_host=0"
    hints._producers.cache_clear()
    hints._silent_until = 0.0
    yield
    hints._producers.cache_clear()
    hints._silent_until = 0.0


def test_without_redis_a_change_is_saved_and_the_sweeper_finds_it(stored, no_redis, caplog):
    refresh(today=TODAY)
    product = Product.objects.select_related("ikm", "changed_by").get(ikm=stored.claimed)
    products.revise_product(product, by=product.changed_by, capacity_per_month=Decimal(77))
    assert [record.levelname for record in caplog.records if "not sent" in record.message] == ["WARNING"]
    assert behind() == ([], [product.ikm_id])
    assert refresh(today=TODAY) == 1
    assert {e.ikm_key: e.free for e in of_need(stored.need).entries}[product.ikm_id] == 77_000


# --- What the database refuses


@pytest.mark.parametrize(
    "wrong",
    [{"takes_part": False, "others": [1], "rows": [["row"]]}, {"others": [1, 2], "rows": [["row"]]}],
)
def test_a_list_that_contradicts_itself_is_refused(kept, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedRanking.objects.filter(pk=kept.need.pk).update(**wrong)


def test_a_need_has_one_list(kept):
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedRanking.objects.bulk_create([of_need(kept.need)])


def test_a_policy_that_lists_name_is_not_deleted(kept):
    with pytest.raises(ProtectedError):
        ScoringPolicy.objects.get(in_force=True).delete()
