"""How large a workshop is, by the rules in data/size_rules.csv. Pure: no Django.

Investment and capital are whole rupiah without land and building; both ends of a range count.
Scheme "industry": Permenperin 64/2016 (small, medium, large). "capital": PP 7/2021 (micro, small, medium, large).
"""

import csv
import functools
from pathlib import Path
from typing import NamedTuple

RULES = Path(__file__).parent / "data" / "size_rules.csv"
INDUSTRY, CAPITAL = "industry", "capital"
BILLION = 10**9
# Bands as owners are asked (ikm.models.InvestmentBand): what lies below them, and an amount inside. No rule has a
# threshold within a band, so any amount of it stands for all.
BANDS = {
    "0-1": (BILLION, BILLION // 2),
    "1-5": (5 * BILLION + 1, 3 * BILLION),
    "5-10": (10 * BILLION + 1, 8 * BILLION),
    "10-15": (15 * BILLION + 1, 13 * BILLION),
    "15-": (None, 16 * BILLION),
}


class Rule(NamedTuple):
    scheme: str
    size: str
    workers: tuple[int, int | None]
    investment: tuple[int, int | None]
    source: str

    def fits(self, workers: int, investment: int) -> bool:
        return _within(self.workers, workers) and _within(self.investment, investment)


@functools.cache
def rules() -> tuple[Rule, ...]:
    with RULES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                row["scheme"],
                row["size"],
                _ends(row["workers_from"], row["workers_to"]),
                _ends(row["investment_from"], row["investment_to"]),
                row["source"],
            )
            for row in csv.DictReader(file)
        )


def rule_for(scheme: str, *, workers: int, investment: int) -> Rule:
    """The one rule of `scheme` that fits; every pair of whole numbers from 0 has exactly one."""
    return next(rule for rule in rules() if rule.scheme == scheme and rule.fits(workers, investment))


def band_of(investment: int) -> str:
    """The band in which an amount lies: "0-1" is below Rp1 billion, "1-5" from there up to and with 5, and so on."""
    return next(band for band, (below, _) in BANDS.items() if below is None or investment < below)


def amount_in(band: str) -> int:
    """An amount that stands for the band; KeyError for no band."""
    return BANDS[band][1]


def _ends(lowest: str, highest: str) -> tuple[int, int | None]:
    return int(lowest), int(highest) if highest else None


def _within(ends: tuple[int, int | None], number: int) -> bool:
    lowest, highest = ends
    return lowest <= number and (highest is None or number <= highest)
