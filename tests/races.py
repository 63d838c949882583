"""Two persons at once, each with a connection of their own."""

import threading
from collections.abc import Callable

from django.db import connection


def both(work: Callable[[int], object]) -> list[str]:
    """Run `work(0)` and `work(1)` in two threads that start together; "done" or the name of what each raised."""
    start = threading.Barrier(2, timeout=10)
    outcome = ["", ""]

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
            outcome[number] = "done"
        except Exception as refusal:
            outcome[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcome)
