"""Products: what a workshop offers and how much of it. Products made by the same hands share a pool."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.facts import restate
from accounts.models import User
from catalogue.models import Unit
from ikm.free import free_of
from ikm.models import Ikm, Product, Reservation
from ikm.profiles import lock_to_change
from ikm.signals import tell_supply_changed
from web import answers

ANSWERS = frozenset(
    [
        "name",
        "category",
        "unit",
        "capacity_per_month",
        "committed_per_month",
        "unit_mass_kg",
        "lead_time_days",
        "min_order",
        "material",
        "photo",
    ]
)
# A retired product that comes back within this time is as proven as it was: the owner pressed the wrong button.
UNDO = timedelta(hours=24)
# Units of work, not of goods: one of them weighs nothing.
WEIGHTLESS = frozenset(["jam-orang", "inch-dia", "titik", "sampel"])


@transaction.atomic
def add_product(ikm: Ikm, *, by: User, ref: str, **fields: Any) -> Product:
    """A new product. The form's `ref` makes a repeated submit the same product: what exists is revised."""
    _check(fields)
    locked = lock_to_change(ikm, by=by)
    existing = Product.objects.filter(ikm=locked, ref=ref).first()
    if existing is not None:
        return revise_product(existing, by=by, **fields)
    product = Product.objects.create(ikm=locked, ref=ref, changed_by=by, **fields)
    tell_supply_changed([locked.pk])
    return product


@transaction.atomic
def revise_product(
    product: Product,
    *,
    by: User,
    seen: str | None = None,
    same_hands: Collection[int] | None = None,
    **fields: Any,
) -> Product:
    """Save answers. Verified stays verified only where less is claimed than before (DESIGN §6).

    `same_hands`: keys of products made by the same people and machines. Stale after `seen` (answers.fingerprint).
    """
    _check(fields)
    locked = _locked(product, by=by)
    before = {name: getattr(locked, name) for name in fields}
    given = {name: value for name, value in fields.items() if name != "photo"}
    if same_hands is not None:
        before["same_hands"] = hands(locked)
        given["same_hands"] = ",".join(map(str, sorted(same_hands)))
    differing = answers.changed(before, given, seen=seen)
    if differing.pop("same_hands", None) is not None:
        share_hands(locked, same_hands, by=by)
    if "photo" in fields and fields["photo"] != locked.photo:
        differing["photo"] = fields["photo"]
    if "unit" in differing and "unit_mass_kg" not in fields and differing["unit"].base != locked.unit.base:
        # What one batang weighs says nothing about one lembar.
        differing["unit_mass_kg"], before["unit_mass_kg"] = None, locked.unit_mass_kg
    if differing:
        if differing.keys() != {"photo"}:
            restate(locked, by=by, less=claims_less(before, differing))
        for name, value in differing.items():
            setattr(locked, name, value)
    locked.save()
    tell_supply_changed([locked.ikm_id])
    return locked


def claims_less(before: answers.Answers, after: answers.Answers) -> bool:
    """Whether every change in `after` states less than `before` did, so that what was verified still holds."""
    smaller = {"capacity_per_month"}
    larger = {"committed_per_month", "lead_time_days", "min_order"}
    for name in after.keys() - {"photo"}:
        old, new = before[name], after[name]
        if name in smaller:
            less = new is None or (old is not None and new < old)
        elif name == "lead_time_days":
            less = new is None or (old is not None and new > old)
        else:
            less = name in larger and (new or 0) > (old or 0)
        if not less:
            return False
    return True


def share_hands(product: Product, mates: Collection[int], *, by: User) -> None:
    """Put `product` into the pool of those `mates` (keys) and of who shares theirs; alone where there are none.

    Saves the others, not `product`. Sharing hands claims less; working alone again claims more.
    """
    others = list(
        Product.objects.current()
        .select_for_update(of=("self",))
        .filter(ikm=product.ikm_id)
        .exclude(pk=product.pk)
    )
    left_behind = {other.pk for other in others if product.pool and other.pool == product.pool}
    pools = {other.pool for other in others if other.pk in mates and other.pool}
    team = [other for other in others if other.pk in mates or other.pool in pools]
    name = min(pools, default="") or (_new_pool(product.ikm_id) if team else "")
    for other in team:
        if other.pool != name:
            restate(other, by=by, less=True)
            other.pool = name
            other.save()
    if product.pool != name:
        restate(product, by=by, less=left_behind <= {other.pk for other in team} and bool(team))
        product.pool = name


def hands(product: Product, others: Iterable[Product] | None = None) -> str:
    """Keys of the other products made by the same hands, as one text."""
    if not product.pool:
        return ""
    if others is None:
        others = Product.objects.current().filter(ikm=product.ikm_id, pool=product.pool)
    mates = [other.pk for other in others if other.pool == product.pool and other.pk != product.pk]
    return ",".join(map(str, sorted(mates)))


@transaction.atomic
def retire_product(product: Product, *, by: User) -> Product:
    """The workshop no longer offers it. It stays for the record; a second time changes nothing."""
    locked = _locked(product, by=by)
    if locked.retired_at is None:
        locked.retired_at = locked.changed_at = timezone.now()
        locked.changed_by = by
        locked.save(update_fields=["retired_at", "changed_at", "changed_by"])
        tell_supply_changed([locked.ikm_id])
    return locked


@transaction.atomic
def restore_product(product: Product, *, by: User) -> Product:
    """Offer a retired product again; after more than a day it is a claim again."""
    locked = _locked(product, by=by)
    if locked.retired_at is not None:
        restate(locked, by=by, less=timezone.now() - locked.retired_at <= UNDO)
        locked.retired_at = None
        locked.save()
        tell_supply_changed([locked.ikm_id])
    return locked


def with_free(products: Iterable[Product], *, on: date) -> list[Product]:
    """The current products of workshops, each with `free` per month in its unit (None: unknown)."""
    listed = list(products)
    promised = Reservation.objects.filter(product__in=listed, starts__lte=on, ends__gte=on)
    used: dict[int, Decimal | None] = {p.pk: p.committed_per_month or Decimal(0) for p in listed}
    for key, quantity in promised.values_list("product", "quantity_per_month"):
        used[key] = None if quantity is None or used[key] is None else used[key] + quantity
    teams: dict[tuple, list[Product]] = {}
    for product in listed:
        same_hands = ("pool", product.ikm_id, product.pool) if product.pool else ("alone", product.pk)
        teams.setdefault(same_hands, []).append(product)
    for team in teams.values():
        for product, free in zip(
            team, free_of([(p.capacity_per_month, used[p.pk]) for p in team]), strict=True
        ):
            product.free = free
    return listed


def can_weigh(unit: Unit) -> bool:
    """Whether one of the unit has a weight that is worth asking for."""
    return not unit.is_mass and unit.dimension != "time" and unit.slug not in WEIGHTLESS


def _check(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - ANSWERS:
        raise TypeError(f"not part of a product: {', '.join(sorted(unknown))}")


def _locked(product: Product, *, by: User) -> Product:
    lock_to_change(product.ikm, by=by)
    return (
        Product.objects.select_for_update(of=("self",))
        .select_related("ikm", "category", "unit")
        .get(pk=product.pk)
    )


def _new_pool(ikm_id: int) -> str:
    """A, B, … Z, then numbers: a name that no product of the workshop has had."""
    taken = set(Product.objects.filter(ikm=ikm_id).values_list("pool", flat=True))
    letters = (chr(code) for code in range(ord("A"), ord("Z") + 1))
    numbers = (str(number) for number in range(1, len(taken) + 2))
    return next(name for name in (*letters, *numbers) if name not in taken)
