"""How fast the array form scores, and how much faster than the one-pair form in the same run.

    ./portal bench scoring [--ikm 100000] [--needs 10000] [--sample 200] [--pairs 2000] [--seed 1] [--full]

A made-up register of `--ikm` workshops (2.5 offers each) and `--needs` needs over the whole catalogue. `--sample` needs
are scored and their lists built, the time for all is projected; `--full` scores all of them, builds both sides' lists
and says how long that really took on one core. `--pairs` candidate pairs are explained one by one for the ratio, and
each is compared with what the arrays gave.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from matching.facts import (  # noqa: E402
    CertificateRecord,
    Ikm,
    Need,
    Offer,
    Policy,
    ProcessRecord,
    Reservation,
    Vocabulary,
)
from matching.ikm_lists import IkmLists  # noqa: E402
from matching.pair import explain  # noqa: E402
from matching.scoring import Scorer  # noqa: E402
from matching.supply import Supply  # noqa: E402

AS_OF = date(2026, 11, 24)
UNITS = ["pcs", "pcs", "kg", "batang", "unit", "ton", "m", "lusin", "set", "m2"]
EVIDENCE = ["claimed", "claimed", "verified", "rejected"]
OFFERS = [1, 2, 2, 3, 3, 4]
Rng = random.Random


class Register:
    """A made-up register, the same for the same seed."""

    def __init__(self, vocabulary: Vocabulary, seed: int):
        self.rng = Rng(seed)
        self.categories = [c.slug for c in vocabulary.categories.values() if c.level > 1]
        self.processes = [slug for slug, level in vocabulary.processes.items() if level == 2]
        self.kinds = list(vocabulary.kinds)
        self.areas = [f"{p}.{r:02}.{d:02}" for p in (31, 32, 36) for r in range(1, 20) for d in range(1, 15)]

    def quantity(self, most: int) -> Decimal:
        return Decimal(self.rng.randint(1, most * 10)) / 10

    def maybe(self, share: float, value: Callable):
        return value() if self.rng.random() < share else None

    def days_from_now(self, least: int, most: int) -> date:
        return AS_OF + timedelta(days=self.rng.randint(least, most))

    def reservations(self) -> tuple[Reservation, ...]:
        starts = self.days_from_now(-100, 200)
        return (Reservation(starts, starts + timedelta(days=180), self.quantity(400)),)

    def offer(self, number: int) -> Offer:
        return Offer(
            f"P{number}",
            self.rng.choice(self.categories),
            self.rng.choice(UNITS),
            self.maybe(0.9, lambda: self.quantity(5000)),
            self.maybe(0.7, lambda: self.quantity(1500)),
            self.maybe(0.4, lambda: "A"),
            self.maybe(0.5, lambda: self.quantity(20)),
            self.maybe(0.8, lambda: self.rng.randint(1, 45)),
            self.rng.choice(EVIDENCE),
            self.maybe(0.1, self.reservations) or (),
        )

    def certificate(self) -> CertificateRecord:
        kind = self.rng.choice(self.kinds)
        return CertificateRecord(
            kind,
            self.rng.choice(EVIDENCE),
            self.days_from_now(-900, 10),
            self.days_from_now(-100, 900),
            self.maybe(0.2, lambda: self.rng.choice(self.categories)),
            f"C{self.rng.randint(1, 200)}" if kind == "csms" else None,
        )

    def ikm(self, number: int) -> Ikm:
        rng = self.rng
        held = rng.sample(self.processes, rng.choice([0, 1, 2, 3, 4, 6]))
        return Ikm(
            f"I{number:06}",
            self.maybe(0.95, lambda: rng.choice(self.areas)),
            self.maybe(0.8, lambda: f"{number:013}"),
            rng.choice(["claimed", "verified"]),
            tuple(ProcessRecord(p, rng.choice(EVIDENCE)) for p in held),
            tuple(self.certificate() for _ in range(rng.choice([0, 0, 1, 2, 4]))),
            tuple(self.offer(i) for i in range(rng.choice(OFFERS))),
        )

    def need(self, number: int) -> Need:
        rng = self.rng
        start = self.days_from_now(-60, 200)
        return Need(
            f"N{number:06}",
            f"C{rng.randint(1, 200)}",
            rng.choice(self.categories),
            self.quantity(4000),
            rng.choice(["month", "total"]),
            rng.choice(UNITS),
            start,
            start + timedelta(days=rng.randint(30, 360)),
            rng.choice(self.areas)[: rng.choice([2, 5, 5, 8])],
            self.maybe(0.3, lambda: self.quantity(20)),
            self.maybe(0.5, lambda: rng.randint(5, 30)),
            tuple(rng.sample(self.kinds, rng.choice([0, 0, 1, 2]))),
            tuple(rng.sample(self.kinds, rng.choice([0, 1, 1]))),
            tuple(rng.sample(self.processes, rng.choice([0, 1, 1, 2]))),
        )


class Clock:
    """Prints how long something took, in seconds of one core: others may be using the machine too."""

    def __init__(self) -> None:
        self.at = time.process_time()

    def lap(self, what: str) -> float:
        took, self.at = time.process_time() - self.at, time.process_time()
        print(f"{what:<58} {took:9.2f} s", flush=True)
        return took


def compare(scorer: Scorer, policy: Policy, sample: list[Need], pairs: int, rng: Rng) -> float:
    """Seconds per pair of the one-pair form; each result is compared with the arrays'."""
    took, done = 0.0, 0
    for need in sample:
        scores = scorer.score(need)
        if done >= pairs or not len(scores):
            continue
        at = np.array(sorted(rng.sample(range(len(scores)), min(20, len(scores)))))
        for entry, offer in zip(scores.entries_at(at), scores.offers[at].tolist(), strict=True):
            ikm = scorer.supply.ikms[int(scorer.supply.ikm[offer])]
            begun = time.process_time()
            match = explain(need, ikm, scorer.supply.offers[offer], scorer.vocabulary, policy, AS_OF)
            took += time.process_time() - begun
            done += 1
            if match is None or match.entry() != entry:
                raise SystemExit(f"The two forms differ: {need.ref} {ikm.ref} {entry}")
    return took / max(1, done)


def score_all(scorer: Scorer, needs: list[Need], clock: Clock) -> float:
    """Every need and both sides' lists on this one core."""
    gathered = IkmLists(scorer.supply)
    rows = sum(len(kept.entries) for _, kept in scorer.block(needs, gathered))
    took = clock.lap(f"lists of {len(needs):,} needs ({rows:,} rows)")
    gathered.settle()
    took += clock.lap("last settling of the IKM's rows")
    rows = sum(len(kept.entries) for kept in gathered.lists(scorer, needs))
    return took + clock.lap(f"lists of {len(scorer.supply.ikms):,} IKM ({rows:,} rows)")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (
        ("ikm", 100_000),
        ("needs", 10_000),
        ("sample", 200),
        ("pairs", 2_000),
        ("seed", 1),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument(
        "--full", action="store_true", help="score every need and build the lists of both sides"
    )
    options = parser.parse_args(argv)
    policy = Policy()
    vocabulary = Vocabulary.from_csv(ROOT / "catalogue" / "data")
    register = Register(vocabulary, options.seed)
    clock = Clock()
    ikms = [register.ikm(i) for i in range(options.ikm)]
    needs = [register.need(i) for i in range(options.needs)]
    clock.lap(f"made up {len(ikms):,} IKM and {len(needs):,} needs")
    supply = Supply.of(ikms, vocabulary, AS_OF)
    clock.lap(f"compiled {len(supply.offers):,} offers")

    scorer = Scorer(supply, policy)
    sample = register.rng.sample(needs, min(options.sample, len(needs)))
    pairs = sum(len(scorer.score(need)) for need in sample)
    scoring = clock.lap(f"scored {len(sample):,} needs, {pairs:,} pairs")
    for _ in scorer.block(sample):
        pass
    listing = clock.lap("scored them again and built their lists")
    print(f"projected for {len(needs):,} needs on one core {listing / len(sample) * len(needs):35.1f} s")
    one = compare(scorer, policy, sample, options.pairs, register.rng)
    clock.lap("explained pairs one by one, and compared")
    array = scoring / max(1, pairs)
    print(f"one-pair form {one * 1e6:.1f} µs a pair, array form {array * 1e6:.3f} µs a pair")
    print(f"ratio array form : one-pair form = 1 : {one / array:.0f}")
    if options.full:
        print(f"everything on one core {score_all(scorer, needs, clock):47.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
