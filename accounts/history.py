"""The record of changes: every insert, update and delete of a tracked row, by whatever way it came (also raw SQL).

Who did it comes from the context that the request, the command or the task opened.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import pghistory


def recorded(**options: Any):
    """Class decorator: keep the history of this model."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )


@contextlib.contextmanager
def acting_as(actor: str, **more: Any) -> Iterator[None]:
    """Changes made inside are recorded under `actor` ("import", "sweeper", or a user's id as text)."""
    with pghistory.context(actor=actor, **more):
        yield
