"""Who works in a state directory. Three flocks say so, and the kernel lets go of them by itself:

owner    held by the supervisor alone: a second one is refused
servers  handed down to every server process: free only when the last of them is gone
guests   shared by commands that work beside the supervisor, so that it can wait for them
"""

import fcntl
import json
import os
import time
from pathlib import Path

from partnership_portal.children import Refused

NOTE = "running.json"
EXCLUSIVE, SHARED = fcntl.LOCK_EX, fcntl.LOCK_SH
AT_ONCE = fcntl.LOCK_NB


class InUse(Refused):
    """Another supervisor owns the state directory."""


def lock(state: Path, name: str, how: int) -> int | None:
    """The descriptor that holds the lock, None if another process has it."""
    descriptor = os.open(state / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def own(state: Path, patience: float = 40) -> tuple[int, int]:
    """Become the supervisor: at once, or when the servers of one that was killed are gone."""
    owner = lock(state, "owner", EXCLUSIVE | AT_ONCE)
    if owner is None:
        time.sleep(0.1)  # `guest` holds it for an instant when it looks whether there is an owner
        owner = lock(state, "owner", EXCLUSIVE | AT_ONCE)
    if owner is None:
        raise InUse(
            f"{state} is in use by another ./portal. Stop that one, or set PORTAL_STATE to another directory."
        )
    deadline = time.monotonic() + patience
    while (servers := lock(state, "servers", EXCLUSIVE | AT_ONCE)) is None:
        if time.monotonic() > deadline:
            os.close(owner)
            raise Refused(
                f"The servers of an earlier ./portal still work in {state}: end them and try again "
                f"(fuser {state}/servers.lock names them)."
            )
        time.sleep(0.05)
    return owner, servers


def guest(state: Path) -> dict[str, str] | None:
    """The environment of a running supervisor, None if there is none (any more).

    Holds the guests' lock, also across exec, until this process ends.
    """
    try:
        place = lock(state, "guests", SHARED | AT_ONCE)
    except FileNotFoundError:
        return None
    if place is None:
        return None
    try:
        environment: dict[str, str] = json.loads((state / NOTE).read_text())
        free = lock(state, "owner", EXCLUSIVE | AT_ONCE)
    except (OSError, ValueError):
        os.close(place)
        return None
    if free is not None:  # the supervisor was killed and left its note behind
        os.close(free)
        os.close(place)
        return None
    os.set_inheritable(place, True)
    return environment


def leave_note(state: Path, environment: dict[str, str]) -> None:
    """Tell guests where the servers are."""
    draft = state / (NOTE + ".new")
    draft.write_text(json.dumps(environment))
    draft.rename(state / NOTE)


def wait_for_guests(state: Path) -> int | None:
    """Returns when the last guest has gone; while the descriptor is open no new one is let in."""
    return lock(state, "guests", EXCLUSIVE)
