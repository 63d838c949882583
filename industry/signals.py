"""News to the right: sent after commit, a hint only. What must be recomputed stands in `DemandVersion`."""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

# Argument `need_ids`: needs whose rankings may have become stale.
demand_changed = Signal()


def tell_demand_changed(need_ids: Iterable[int]) -> None:
    """Send `demand_changed` once the transaction has committed; a receiver that fails does not reach the user."""
    changed = sorted(set(need_ids))
    transaction.on_commit(lambda: demand_changed.send_robust(sender=None, need_ids=changed), robust=True)
