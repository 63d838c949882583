"""Answers as a form showed them, and whether they are still what is stored when it comes back. Pure: no Django."""

import hashlib
from collections.abc import Mapping
from typing import Any

Answers = Mapping[str, Any]


class Stale(Exception):
    """Somebody changed these answers after the form was shown. `stored` is what they are now, by name."""

    def __init__(self, stored: Answers):
        super().__init__(", ".join(stored))
        self.stored = dict(stored)


def fingerprint(answers: Answers) -> str:
    """Sixteen signs that differ whenever an answer differs. Objects count by their key.

    Only the answers of one form count: who edits the address does not disturb who edits the capacity.
    """
    said = sorted((name, _said(value)) for name, value in answers.items())
    return hashlib.blake2s(repr(said).encode(), digest_size=8).hexdigest()


def changed(stored: Answers, given: Answers, *, seen: str | None) -> dict[str, Any]:
    """What `given` changes in `stored`. Stale if `stored` is not what was `seen`, unless nothing would change."""
    differing = {name: value for name, value in given.items() if _said(stored[name]) != _said(value)}
    if differing and seen is not None and seen != fingerprint({name: stored[name] for name in given}):
        raise Stale({name: stored[name] for name in given})
    return differing


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    if hasattr(value, "normalize"):  # Decimal: 5 and 5.000 are one answer
        return f"{value.normalize():f}"
    return str(getattr(value, "pk", value))
