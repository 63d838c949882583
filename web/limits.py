"""How often somebody may try something. Counted in PostgreSQL, so it holds while Redis is down."""

import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from web.models import Tally

_COUNT = """
    INSERT INTO web_tally AS kept (key, count, resets_at) VALUES (%(key)s, 1, %(end)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.resets_at <= %(now)s THEN 1 ELSE kept.count + 1 END,
        resets_at = CASE WHEN kept.resets_at <= %(now)s THEN excluded.resets_at ELSE kept.resets_at END
    RETURNING count, resets_at
"""


class Verdict(NamedTuple):
    """`allowed`; how many tries are `left` in this window; how long to `wait` (zero while allowed)."""

    allowed: bool
    left: int
    wait: datetime.timedelta


def attempt(purpose: str, who: str, *, limit: int, window: datetime.timedelta) -> Verdict:
    """Count one try of `who` (an address, a number, an IP) and say whether it is among the first `limit`.

    The window opens with the first try. Two tries at the same moment are two: the row is counted in one statement.
    Call it outside a transaction that may be rolled back, or the try is forgotten with it.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": _digest(purpose, who), "now": now, "end": now + window})
        count, resets_at = cursor.fetchone()
    allowed = count <= limit
    return Verdict(allowed, max(0, limit - count), datetime.timedelta(0) if allowed else resets_at - now)


def forgive(purpose: str, who: str) -> None:
    """Forget the tries, after one that succeeded."""
    Tally.objects.filter(key=_digest(purpose, who)).delete()


def forget_old() -> int:
    """Delete windows that are over."""
    return Tally.objects.filter(resets_at__lte=timezone.now()).delete()[0]


def _digest(purpose: str, who: str) -> str:
    # Keyed: a bare digest of a telephone number is found by trying all numbers.
    return salted_hmac("web.limits", f"{purpose}\n{who.strip().lower()}", algorithm="sha256").hexdigest()
