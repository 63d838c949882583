"""What a workshop can do, and on which machines."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.facts import restate
from accounts.models import User
from catalogue.models import Process
from ikm.models import Ikm, ProcessCapability
from ikm.profiles import lock_to_change, mark_done
from ikm.signals import tell_supply_changed


def suggested(ikm: Ikm) -> list[Process]:
    """Processes that its products' categories usually need and that it has not stated: questions, never facts."""
    made = ikm.products.current().values("category")
    stated = ikm.processes.current().values("process")
    return list(
        Process.objects.current()
        .filter(typical_for__in=made)
        .exclude(pk__in=stated)
        .distinct()
        .order_by("name_id")
    )


def by_slug(slugs: Collection[str]) -> list[Process]:
    """Those of `slugs` that are processes in use, in the order of their names."""
    return list(Process.objects.current().filter(level=2, slug__in=slugs))


@transaction.atomic
def state_processes(
    ikm: Ikm, *, by: User, held: Collection[str], asked: Collection[str]
) -> list[ProcessCapability]:
    """Of the processes that were `asked` (slugs), the workshop has those that are `held`; others stay as they are.

    Returns what it has now. Without any it is remembered that the owner said so.
    """
    locked = lock_to_change(ikm, by=by)
    known = {row.process_id: row for row in locked.processes.select_for_update(of=("self",))}
    for slug in sorted(set(asked) | set(held)):
        row = known.get(slug)
        if slug in held:
            _hold(locked, slug, row, by=by)
        elif row is not None and row.retired_at is None:
            _retire(row, by=by)
    mark_done(locked, "processes")
    locked.save(update_fields=["done_sections"])
    tell_supply_changed([locked.pk])
    return list(locked.processes.current().select_related("process"))


@transaction.atomic
def describe_machines(ikm: Ikm, *, by: User, machines: Mapping[str, str]) -> None:
    """What stands in the workshop for each process (slug) that it has; other slugs are passed over."""
    locked = lock_to_change(ikm, by=by)
    for row in locked.processes.current().select_for_update(of=("self",)):
        text = machines.get(row.process_id, row.machines)
        if text != row.machines:
            row.machines = text
            restate(row, by=by)
            row.save()
    tell_supply_changed([locked.pk])


def _hold(ikm: Ikm, slug: str, row: ProcessCapability | None, *, by: User) -> None:
    if row is None:
        ProcessCapability.objects.create(ikm=ikm, process_id=slug, changed_by=by)
    elif row.retired_at is not None:
        row.retired_at = None
        restate(row, by=by)
        row.save()


def _retire(row: ProcessCapability, *, by: User) -> None:
    row.retired_at = row.changed_at = timezone.now()
    row.changed_by = by
    row.save(update_fields=["retired_at", "changed_at", "changed_by"])
