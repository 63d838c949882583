"""A life cycle is one table of steps. Buttons, guards, the database check and the diagram derive from it.

Pure: no Django. An app states its table in its own `lifecycle.py`; its write module asks `step()` before it acts.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class StepRefused(Exception):
    """The action is not a step from this state (a stale tab, a double click). Carries both for the message."""

    def __init__(self, state: str, action: str):
        super().__init__(f"no step {action!r} from state {state!r}")
        self.state, self.action = state, action


@dataclass(frozen=True)
class Step:
    """`who` names roles that may take it; `needs` names conditions that the write module checks."""

    source: str
    action: str
    target: str
    who: frozenset[str]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lifecycle:
    initial: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        pairs = [(s.source, s.action) for s in self.steps]
        if len(set(pairs)) != len(pairs):
            raise ValueError("two steps share state and action")

    @property
    def states(self) -> tuple[str, ...]:
        found = dict.fromkeys([self.initial])
        for step in self.steps:
            found.update({step.source: None, step.target: None})
        return tuple(found)

    def step(self, state: str, action: str, *, roles: Iterable[str]) -> Step:
        """The step, if the table has it for one of `roles`; StepRefused otherwise."""
        for step in self.steps:
            if (step.source, step.action) == (state, action) and step.who & set(roles):
                return step
        raise StepRefused(state, action)

    def actions(self, state: str, *, roles: Iterable[str]) -> tuple[str, ...]:
        """What somebody with `roles` may do now, in the order of the table."""
        held = set(roles)
        return tuple(s.action for s in self.steps if s.source == state and s.who & held)

    def mermaid(self) -> str:
        """The diagram for docs/lifecycles.md."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [
            f"    {s.source} --> {s.target}: {s.action} ({', '.join(sorted(s.who))})" for s in self.steps
        ]
        return "\n".join(lines)


def table(initial: str, *rows: tuple[str, str, str, str, str]) -> Lifecycle:
    """A life cycle from rows (from, action, to, who, needs); several names in a cell stand apart by spaces."""
    return Lifecycle(
        initial,
        tuple(Step(a, b, c, frozenset(who.split()), tuple(needs.split())) for a, b, c, who, needs in rows),
    )
