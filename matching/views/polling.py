"""A list that is behind asks again by itself: every second at first, more slowly when it takes long."""

import time
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest

from matching.reading import Reading

EVERY, PATIENCE, LATER = 1, 60, 15


class Poll(NamedTuple):
    url: str
    seconds: int

    @property
    def is_slow(self) -> bool:
        return self.seconds > EVERY


def poll(request: HttpRequest, reading: Reading) -> Poll | None:
    """How the list asks again: with what it shows, and since when it waits. None: it is up to date."""
    if not reading.is_behind:
        return None
    since = waiting_since(request)
    query = urlencode({"sudah": reading.token, "sejak": since})
    return Poll(f"{request.path}?{query}", LATER if has_waited_long(since) else EVERY)


def nothing_new(request: HttpRequest, reading: Reading) -> bool:
    """The browser shows this list already, and nobody has finished another."""
    shown, since = request.GET.get("sudah"), waiting_since(request)
    return reading.is_behind and shown == reading.token and not has_waited_long(since)


def waiting_since(request: HttpRequest) -> int:
    """Seconds of the clock; now, for a page that is opened."""
    said = request.GET.get("sejak", "")
    return int(said) if said.isdecimal() and len(said) < 12 else int(time.time())


def has_waited_long(since: int) -> bool:
    return time.time() - since > PATIENCE
