"""A list asks again by itself: every second while it is behind, more slowly when that takes long; every few seconds
while it is up to date, so that a change elsewhere shows without a touch. The answer is 204 while nothing is new."""

import time
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest

from matching.reading import Reading

EVERY, PATIENCE, LATER, WATCH = 1, 60, 15, 5


class Poll(NamedTuple):
    url: str
    seconds: int
    is_behind: bool

    @property
    def is_slow(self) -> bool:
        return self.is_behind and self.seconds > EVERY


def poll(request: HttpRequest, reading: Reading) -> Poll | None:
    """How the list asks again: with what it shows, and since when it waits. None: nobody keeps it (a preview)."""
    if not reading.is_behind and reading.computed_at is None:
        return None
    since = waiting_since(request)
    query = urlencode({"sudah": shown(reading), "sejak": since})
    seconds = (LATER if has_waited_long(since) else EVERY) if reading.is_behind else WATCH
    return Poll(f"{request.path}?{query}", seconds, reading.is_behind)


def shown(reading: Reading) -> str:
    """Names what a browser shows: which list, and whether it is said to be behind."""
    return f"{reading.token} {'lama' if reading.is_behind else 'baru'}"


def nothing_new(request: HttpRequest, reading: Reading) -> bool:
    """The browser shows this list already, and nothing about it has changed."""
    same = request.GET.get("sudah") == shown(reading)
    return same and not (reading.is_behind and has_waited_long(waiting_since(request)))


def waiting_since(request: HttpRequest) -> int:
    """Seconds of the clock; now, for a page that did not wait before."""
    said, before = request.GET.get("sejak", ""), request.GET.get("sudah", "")
    waited = before.endswith("lama") and said.isdecimal() and len(said) < 12
    return int(said) if waited else int(time.time())


def has_waited_long(since: int) -> bool:
    return time.time() - since > PATIENCE
