"""News to the right: sent after commit, a hint only. What must be recomputed stands in `SupplyVersion`."""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

# Argument `ikm_ids`: workshops whose matches may have become stale.
supply_changed = Signal()


def tell_supply_changed(ikm_ids: Iterable[int]) -> None:
    """Send `supply_changed` once the transaction has committed; a receiver that fails does not reach the user."""
    changed = sorted(set(ikm_ids))
    transaction.on_commit(lambda: supply_changed.send_robust(sender=None, ikm_ids=changed), robust=True)
