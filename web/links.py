"""Signed links: they name what may be done, last a stated time, and can be made good for one use."""

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac


class LinkRefused(Exception):
    """`code`: "broken" (altered, cut off, or made for something else), "expired", "used"."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def sign(purpose: str, data: Any, *, lasts: datetime.timedelta, state: str = "") -> str:
    """A token for an address: `data` (small, JSON; readable to whoever holds it) for `purpose` only.

    `state` makes it good for one use: name what the use changes (an accepted_at, a password's hash), and give
    `read` the same, looked up afresh. It does not stand in the token.
    """
    until = int((timezone.now() + lasts).timestamp())
    return signing.dumps([data, until, _fingerprint(purpose, state)], salt=_salt(purpose), compress=True)


def read(purpose: str, token: str, *, state: Callable[[Any], str | None] | None = None) -> Any:
    """The `data` of a token that was signed for `purpose` and is still good; LinkRefused otherwise.

    `state(data)` gives the state of now; None where what the link was about is gone. A link signed with a state
    is never read without one.
    """
    try:
        data, until, fingerprint = signing.loads(token, salt=_salt(purpose))
    except (signing.BadSignature, ValueError):
        raise LinkRefused("broken") from None
    if timezone.now().timestamp() >= until:
        raise LinkRefused("expired")
    now = state(data) if state else ""
    if now is None or not constant_time_compare(fingerprint, _fingerprint(purpose, now)):
        raise LinkRefused("used")
    return data


def absolute(path: str) -> str:
    """The full address of a path of this portal, for mails and messages."""
    return f"{settings.SITE_URL}{path}"


def _salt(purpose: str) -> str:
    return f"web.links.{purpose}"


def _fingerprint(purpose: str, state: str) -> str:
    return salted_hmac(_salt(purpose), state, algorithm="sha256").hexdigest()[:16] if state else ""
