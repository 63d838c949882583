"""What is offered: shared hands, what less claims, retired and taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalogue.models import Category, Unit
from ikm import products
from ikm.models import Ikm, Product, Reservation
from tests.ikm.people import around_a_workshop
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db
CHECKED = {"evidence": "verified", "method": "visit", "checked_on": date(2026, 11, 1)}


@pytest.fixture
def people():
    return around_a_workshop(status="approved", facts=False)


def offer(people, name="Kanal C", *, category="kanal-c-baja-ringan", unit="batang", **fields) -> Product:
    return Product.objects.create(
        ikm=people.ikm, name=name, category_id=category, unit_id=unit, changed_by=people.owner, **fields
    )


def word(model, slug):
    return model.objects.get(pk=slug)


def added(people, ref="ABCDEFGH23", **fields):
    given = {
        "name": "Reng 30",
        "category": word(Category, "reng-baja-ringan"),
        "unit": word(Unit, "batang"),
        "capacity_per_month": Decimal(12000),
        "committed_per_month": Decimal(4000),
    }
    return products.add_product(people.ikm, by=people.owner, ref=ref, **given | fields)


def reload(product):
    return Product.objects.get(pk=product.pk)


def test_a_new_product_is_a_claim_of_who_entered_it(people):
    product = added(people)
    assert (product.evidence, product.changed_by, product.ikm) == ("claimed", people.owner, people.ikm)


def test_a_repeated_submit_is_the_same_product(people):
    first = added(people)
    again = added(people, name="Reng 30 asimetris")
    assert again.pk == first.pk
    assert [p.name for p in people.ikm.products.all()] == ["Reng 30 asimetris"]


def test_a_foreign_answer_is_a_mistake_of_the_programmer(people):
    with pytest.raises(TypeError, match="pool"):
        added(people, pool="A")


def test_what_an_officer_reads_is_not_changed(people):
    product = added(people)
    Ikm.objects.filter(pk=people.ikm.pk).update(status="submitted", submitted_at=timezone.now())
    with pytest.raises(StepRefused):
        products.revise_product(product, by=people.owner, name="Lain")


@pytest.mark.parametrize(
    ("fields", "stays"),
    [
        ({"capacity_per_month": Decimal(8000)}, True),
        ({"capacity_per_month": Decimal(9000)}, True),
        ({"capacity_per_month": Decimal("9000.001")}, False),
        ({"capacity_per_month": None}, True),
        ({"committed_per_month": Decimal(3001)}, True),
        ({"committed_per_month": Decimal(2999)}, False),
        ({"committed_per_month": None}, False),
        ({"lead_time_days": 15}, True),
        ({"lead_time_days": 13}, False),
        ({"lead_time_days": None}, True),
        ({"min_order": Decimal(101)}, True),
        ({"min_order": None}, False),
        ({"name": "Kanal C75"}, False),
        ({"material": "G550"}, False),
        ({"unit_mass_kg": Decimal("5.4")}, False),
        ({"capacity_per_month": Decimal(8000), "committed_per_month": Decimal(4000)}, True),
        ({"capacity_per_month": Decimal(8000), "committed_per_month": Decimal(1)}, False),
        ({"capacity_per_month": Decimal(8000), "name": "Kanal C75"}, False),
    ],
)
def test_verified_stays_verified_only_where_less_is_claimed(people, fields, stays):
    product = offer(
        people,
        capacity_per_month=9000,
        committed_per_month=3000,
        lead_time_days=14,
        min_order=100,
        unit_mass_kg=Decimal("5.5"),
        **CHECKED,
    )
    products.revise_product(product, by=people.owner, **fields)
    product = reload(product)
    assert product.evidence == ("verified" if stays else "claimed")
    assert (product.checked_on, product.method) == ((date(2026, 11, 1), "visit") if stays else (None, ""))


def test_another_unit_forgets_what_one_weighs_unless_it_is_the_same_base(people):
    product = offer(people, unit="pcs", unit_mass_kg=Decimal("1.5"))
    products.revise_product(product, by=people.owner, unit=word(Unit, "lusin"))
    assert reload(product).unit_mass_kg == Decimal("1.5")
    products.revise_product(product, by=people.owner, unit=word(Unit, "batang"))
    assert reload(product).unit_mass_kg is None


def test_a_stale_tab_changes_nothing(people):
    product = offer(people, capacity_per_month=9000)
    seen = fingerprint({"capacity_per_month": Decimal(9000)})
    products.revise_product(product, by=people.owner, seen=seen, capacity_per_month=Decimal(8000))
    with pytest.raises(Stale) as stale:
        products.revise_product(product, by=people.owner, seen=seen, capacity_per_month=Decimal(7000))
    assert stale.value.stored == {"capacity_per_month": Decimal("8000.000")}
    assert reload(product).capacity_per_month == 8000


# --- The same hands


def test_two_products_of_the_same_hands_share_a_pool(people):
    kanal, reng = offer(people), offer(people, "Reng")
    products.revise_product(reng, by=people.owner, same_hands=[kanal.pk])
    assert (reload(kanal).pool, reload(reng).pool) == ("A", "A")


def test_a_third_joins_the_pool_and_two_pools_become_one(people):
    kanal, reng, hollow, furing, nok = (offer(people, name) for name in ("K", "R", "H", "F", "N"))
    products.revise_product(reng, by=people.owner, same_hands=[kanal.pk])
    products.revise_product(furing, by=people.owner, same_hands=[hollow.pk])
    assert reload(furing).pool == "B"
    products.revise_product(nok, by=people.owner, same_hands=[kanal.pk, reng.pk, hollow.pk, furing.pk])
    assert {product.pool for product in people.ikm.products.all()} == {"A"}


def test_working_alone_again_claims_more_and_joining_claims_less(people):
    kanal, reng = offer(people, **CHECKED), offer(people, "Reng", **CHECKED)
    products.revise_product(reng, by=people.owner, same_hands=[kanal.pk])
    assert (reload(kanal).evidence, reload(reng).evidence) == ("verified", "verified")
    products.revise_product(reng, by=people.owner, same_hands=[])
    assert (reload(reng).pool, reload(reng).evidence) == ("", "claimed")
    assert (reload(kanal).pool, reload(kanal).evidence) == ("A", "verified")


def test_a_new_pool_never_takes_a_name_that_was_used(people):
    old = offer(people, pool="A", retired_at=timezone.now())
    kanal, reng = offer(people), offer(people, "Reng")
    products.revise_product(reng, by=people.owner, same_hands=[kanal.pk])
    assert (old.pool, reload(reng).pool) == ("A", "B")


def test_products_of_another_workshop_are_no_hands(people):
    kanal = offer(people)
    foreign = Product.objects.create(
        ikm=other_workshop(people), name="Asing", category_id="cangkul", unit_id="pcs"
    )
    products.revise_product(kanal, by=people.owner, same_hands=[foreign.pk])
    assert (reload(kanal).pool, reload(foreign).pool) == ("", "")


def other_workshop(people):
    return Ikm.objects.exclude(pk=people.ikm.pk).get()


# --- Retired and taken back


def test_a_retired_product_is_not_offered_and_comes_back_as_it_was(people):
    product = offer(people, **CHECKED)
    products.retire_product(product, by=people.owner)
    assert not people.ikm.products.current().exists()
    products.restore_product(product, by=people.owner)
    assert (reload(product).retired_at, reload(product).evidence) == (None, "verified")


def test_after_more_than_a_day_it_comes_back_as_a_claim(people):
    product = offer(people, retired_at=timezone.now() - timedelta(hours=25), **CHECKED)
    products.restore_product(product, by=people.owner)
    assert reload(product).evidence == "claimed"


def test_retiring_twice_keeps_the_first_moment(people):
    product = products.retire_product(offer(people), by=people.owner)
    first = reload(product).retired_at
    products.retire_product(product, by=people.owner)
    assert reload(product).retired_at == first


# --- What is free


def test_free_counts_what_letters_promise_on_that_day(people):
    product = offer(people, capacity_per_month=9000, committed_per_month=3000)
    Reservation.objects.create(
        product=product, starts=date(2026, 12, 1), ends=date(2026, 12, 31), quantity_per_month=1000
    )
    free = {
        day: products.with_free([product], on=day)[0].free
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    }
    assert list(free.values()) == [6000, 5000, 5000, 6000]


def test_an_unknown_promise_leaves_it_unknown(people):
    product = offer(people, capacity_per_month=9000)
    Reservation.objects.create(
        product=product, starts=date(2026, 12, 1), ends=date(2026, 12, 31), quantity_per_month=None
    )
    assert products.with_free([product], on=date(2026, 12, 5))[0].free is None


def test_free_is_asked_for_in_one_statement(people, django_assert_num_queries):
    every = [offer(people, f"P{n}", capacity_per_month=10, pool="A") for n in range(3)]
    with django_assert_num_queries(1):
        products.with_free(every, on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("unit", "weighs"),
    [
        ("kg", False),
        ("ton", False),
        ("batang", True),
        ("pcs", True),
        ("lusin", True),
        ("m2", True),
        ("set", True),
        ("jam-mesin", False),
        ("jam-orang", False),
        ("titik", False),
        ("inch-dia", False),
    ],
)
def test_weight_is_asked_of_goods_that_are_not_weighed(unit, weighs):
    assert products.can_weigh(word(Unit, unit)) is weighs
