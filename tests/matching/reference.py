"""The rule of MATCHING.md once more, slow and plain: an independent check that shares no code with the product.

It reads the exchange format as parsed JSON and the catalogue's CSV files, computes with fractions, pair by pair, and
gives the rows of `export_matches` as dicts. Letters are not in the exchange format: `letters` are dicts with ikm,
product, starts, ends, quantity (decimal string in the product's unit, None: not convertible) and need (ref or None).
"""

import csv
import zlib
from datetime import date
from fractions import Fraction
from math import floor
from pathlib import Path

NAMES = ["category", "process", "certification", "preference", "capacity", "lead_time", "proximity"]
DEFAULT_WEIGHTS = {
    "category": 300,
    "process": 150,
    "certification": 200,
    "preference": 50,
    "capacity": 200,
    "lead_time": 50,
    "proximity": 50,
}


class Catalogue:
    def __init__(self, folder: Path):
        def read(name):
            with open(folder / name, encoding="utf-8", newline="") as file:
                return {row["slug"]: row for row in csv.DictReader(file)}

        self.categories = read("categories.csv")
        self.processes = read("processes.csv")
        self.kinds = read("certificate_kinds.csv")
        self.units = read("units.csv")

    def category_chain(self, slug):
        """The category and everything above it."""
        chain = [slug]
        while self.categories[chain[-1]]["parent"]:
            chain.append(self.categories[chain[-1]]["parent"])
        return chain

    def family(self, slug):
        for one in self.category_chain(slug):
            if self.categories[one]["level"] == "2":
                return one
        raise AssertionError(slug)

    @staticmethod
    def reaches(words, source, target):
        if source == target:
            return True
        return any(Catalogue.reaches(words, s, target) for s in words[source]["satisfies"].split("|") if s)


def day(text):
    return None if not text else date.fromisoformat(text)


def number(text):
    return None if text in (None, "") else Fraction(text)


def down(value):
    """Rounded down to 3 decimals."""
    return Fraction(floor(value * 1000), 1000)


def items(owner, key):
    return owner.get(key) or []


def evidence_of(record):
    return record.get("evidence") or "claimed"


def existing(records):
    return [r for r in records if evidence_of(r) != "rejected"]


def quantity_per_month(need):
    quantity = number(need["quantity"])
    if need["basis"] == "month":
        return quantity
    at, end, count = day(need["start"]).replace(day=1), day(need["end"]), 0
    while (at.year, at.month) <= (end.year, end.month):
        count += 1
        if (at.year, at.month) == (9999, 12):
            break
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return -down(-quantity / count)


class Judge:
    """One need, one IKM, one product."""

    def __init__(self, catalogue, need, ikm, product, letters, weights, as_of):
        self.catalogue, self.need, self.ikm, self.product = catalogue, need, ikm, product
        self.letters, self.weights, self.as_of = letters, weights, as_of
        self.on = max(as_of, day(need["start"]))
        self.shares = {}
        self.rests_on_verified = {}
        self.missing = []
        self.before_start = []
        self.proven = evidence_of(product) == "verified"

    # --- processes

    def holds(self, process, verified_only=False):
        for record in existing(items(self.ikm, "processes")):
            if verified_only and evidence_of(record) != "verified":
                continue
            if self.catalogue.reaches(self.catalogue.processes, record["process"], process):
                return True
        return False

    # --- certificates

    def counts(self, record):
        kind = self.catalogue.kinds[record["kind"]]
        if evidence_of(record) == "rejected":
            return False
        if day(record.get("valid_from")) and day(record.get("valid_from")) > self.as_of:
            return False
        until = day(record.get("valid_until"))
        if until is None and kind["validity_months"]:
            return False
        if until is not None and until < self.on:
            return False
        chain = self.catalogue.category_chain(self.product["category"])
        if record.get("category") and record["category"] not in chain:
            return False
        if record.get("for_company"):
            return record["for_company"] == self.need["company"]
        return kind["per_buyer"] != "yes"

    def has(self, kind, verified_only=False):
        records = [r for r in items(self.ikm, "certificates") if self.counts(r)]
        if self.ikm.get("nib"):
            records.append({"kind": "nib", "evidence": self.ikm.get("evidence")})
        for record in records:
            if verified_only and evidence_of(record) != "verified":
                continue
            if self.catalogue.reaches(self.catalogue.kinds, record["kind"], kind):
                return True
        return False

    # --- capacity

    def used(self, product):
        total = number(product.get("committed_per_month")) or Fraction(0)
        for letter in self.letters:
            if letter["ikm"] != self.ikm["ref"] or letter["product"] != product["ref"]:
                continue
            if not letter["starts"] <= self.on <= letter["ends"] or letter["need"] == self.need["ref"]:
                continue
            if letter["quantity"] is None:
                return None
            total += Fraction(letter["quantity"])
        return total

    def free(self):
        capacity = number(self.product.get("capacity_per_month"))
        pool = [self.product]
        if self.product.get("pool"):
            pool = [p for p in existing(items(self.ikm, "products")) if p.get("pool") == self.product["pool"]]
        if any(self.used(p) is None for p in pool) or capacity is None:
            return None
        u = Fraction(0)
        for p in pool:
            c = number(p.get("capacity_per_month"))
            if c is not None and c > 0:
                u += self.used(p) / c
        return down(max(Fraction(0), capacity * (1 - u)))

    def kilograms(self, unit, base_mass):
        """Of one unit, where its base weighs base_mass."""
        row = self.catalogue.units[unit]
        factor = Fraction(row["factor_to_base"])
        return factor if row["dimension"] == "mass" else factor * base_mass

    def in_needs_unit(self, quantity):
        offered, asked = self.product["unit"], self.need["unit"]
        a, b = self.catalogue.units[offered], self.catalogue.units[asked]
        if offered == asked:
            return quantity
        if a["dimension"] == b["dimension"] and a["base"] == b["base"]:
            return down(quantity * Fraction(a["factor_to_base"]) / Fraction(b["factor_to_base"]))
        if a["dimension"] == "time" or b["dimension"] == "time":
            return None
        offers, needs = number(self.product.get("unit_mass_kg")), number(self.need.get("unit_mass_kg"))
        if a["dimension"] == "mass" or b["dimension"] == "mass":
            mass_offered = mass_asked = offers if offers is not None else needs
        else:
            mass_offered, mass_asked = offers, needs
        if mass_offered is None or mass_asked is None:
            return None
        return down(quantity * self.kilograms(offered, mass_offered) / self.kilograms(asked, mass_asked))

    # --- the criteria

    def category_share(self):
        asked, offered = self.need["category"], self.product["category"]
        if asked in self.catalogue.category_chain(offered):
            return Fraction(1)
        if self.catalogue.categories[asked]["level"] == "3" and offered == self.catalogue.family(asked):
            return Fraction(8, 10)
        if self.catalogue.family(asked) == self.catalogue.family(offered):
            return Fraction(6, 10)
        processes = items(self.need, "required_processes")
        if processes and all(self.holds(p) for p in processes):
            return Fraction(25, 100)
        return None

    def judge(self):
        """The row, or None where the pair is no candidate."""
        share = self.category_share()
        if share is None:
            return None
        product_seen = evidence_of(self.product) == "verified"
        ikm_seen = evidence_of(self.ikm) == "verified"
        self.earn("category", share, product_seen)
        comparable = share >= Fraction(8, 10)
        if not comparable:
            self.missing.append("category")
        self.judge_processes()
        self.judge_certificates()
        self.judge_capacity(comparable, product_seen)
        longest = self.need.get("max_lead_time_days") or 0
        if longest >= 1:
            days = self.product.get("lead_time_days")
            if days is None or not comparable:
                earned = None
            elif days <= longest:
                earned = Fraction(1)
            else:
                earned = max(Fraction(0), 1 - Fraction(days - longest, longest))
            self.earn("lead_time", earned, product_seen)
        self.earn("proximity", self.proximity(), ikm_seen)
        return self.row()

    def earn(self, name, share, verified):
        self.shares[name] = share
        self.rests_on_verified[name] = verified

    def judge_processes(self):
        asked = set(items(self.need, "required_processes"))
        if not asked:
            return
        if not existing(items(self.ikm, "processes")):
            self.earn("process", None, False)
            self.missing.append("process")
            self.proven = False
            return
        met = {p for p in asked if self.holds(p)}
        seen = {p for p in met if self.holds(p, verified_only=True)}
        self.earn("process", Fraction(len(met), len(asked)), seen == met)
        self.missing += asked - met
        self.proven = self.proven and seen == asked

    def judge_certificates(self):
        per_buyer = {k for k, row in self.catalogue.kinds.items() if row["per_buyer"] == "yes"}
        required = set(items(self.need, "required_certificates"))
        gating = required - per_buyer
        preferred = (set(items(self.need, "preferred_certificates")) - required) | (required & per_buyer)
        for name, asked in (("certification", gating), ("preference", preferred)):
            if asked:
                met = {k for k in asked if self.has(k)}
                seen = {k for k in met if self.has(k, verified_only=True)}
                self.earn(name, Fraction(len(met), len(asked)), seen == met)
        for kind in gating:
            if not self.has(kind):
                self.missing.append(kind)
            if not self.has(kind, verified_only=True):
                self.proven = False
        self.before_start = [k for k in required & per_buyer if not self.has(k)]

    def judge_capacity(self, comparable, product_seen):
        free = self.free()
        converted = None if free is None else self.in_needs_unit(free)
        asked = quantity_per_month(self.need)
        if converted is None or not comparable:
            self.earn("capacity", None, product_seen)
            self.sufficient, self.free_converted = None, None
        else:
            self.earn("capacity", min(Fraction(1), converted / asked), product_seen)
            self.sufficient, self.free_converted = converted >= asked, converted

    def proximity(self):
        asked, offered = self.need.get("area"), self.ikm.get("area")
        if not asked or not offered:
            return None
        a, o = asked.split("."), offered.split(".")
        if o[: len(a)] == a:
            return Fraction(1)
        if len(a) >= 2 and len(o) >= 2 and a[:2] == o[:2]:
            return Fraction(1)
        return Fraction(1, 2) if a[0] == o[0] else Fraction(0)

    # --- points

    def maxima(self):
        asked = [n for n in NAMES if n in self.shares]
        total = sum(self.weights[n] for n in asked)
        exact = {n: Fraction(self.weights[n] * 1000, total) for n in asked}
        points = {n: floor(exact[n]) for n in asked}
        while sum(points.values()) < 1000:
            left = [n for n in asked if points[n] == floor(exact[n])]
            largest = max(exact[n] - floor(exact[n]) for n in left)
            neediest = [n for n in left if exact[n] - floor(exact[n]) == largest][0]
            points[neediest] += 1
        return points

    def row(self):
        maxima = self.maxima()
        points, low, high, evidence, unknown = {}, 0, 0, 0, []
        for name in NAMES:
            if name not in self.shares:
                continue
            share, most = self.shares[name], maxima[name]
            earned = 0 if share is None else floor(most * share + Fraction(1, 2))
            points[name] = [earned, most]
            low += earned
            high += most if share is None else earned
            if share is None:
                unknown.append(name)
            if self.rests_on_verified[name]:
                evidence += earned
        standing = {0: "qualified", 1: "near"}.get(len(self.missing), "partial")
        return {
            "need": self.need["ref"],
            "ikm": self.ikm["ref"],
            "product": self.product["ref"],
            "standing": standing,
            "proven": not self.missing and self.proven,
            "low": low,
            "high": high,
            "evidence": evidence,
            "points": points,
            "unknown": unknown,
            "missing": sorted(self.missing),
            "before_start": sorted(self.before_start),
            "sufficient": self.sufficient,
            "free": self.free_converted,
        }


def place(row):
    order = ["proven", "qualified", "near", "partial"]
    return (
        order.index("proven" if row["proven"] else row["standing"]),
        -row["low"],
        -row["evidence"],
        -row["high"],
    )


def tie(row):
    return zlib.crc32(row["ikm"].encode("utf-8")) ^ zlib.crc32(row["need"].encode("utf-8"))


def pairs(bundle, letters, catalogue, as_of, weights=DEFAULT_WEIGHTS):
    """A row for every candidate pair of those who take part, of every product."""
    rows = []
    for need in items(bundle, "needs"):
        if not need["open"] or day(need["end"]) < as_of:
            continue
        for ikm in items(bundle, "ikms"):
            if not ikm["published"]:
                continue
            for product in existing(items(ikm, "products")):
                row = Judge(catalogue, need, ikm, product, letters, weights, as_of).judge()
                if row is not None:
                    rows.append(row)
    return rows


def ranked(rows, side, first=50):
    """The kept rows of each need (side "need") or IKM, represented by their best product, with ranks."""
    best = {}
    for row in rows:
        pair = row["need"], row["ikm"]
        if pair not in best or (place(row), row["product"]) < (place(best[pair]), best[pair]["product"]):
            best[pair] = row
    other = "ikm" if side == "need" else "need"
    lines = []
    for ref in sorted({row[side] for row in best.values()}):
        own = [row for row in best.values() if row[side] == ref]
        own.sort(key=lambda row: (place(row), tie(row), row[other]))
        lines += [{**row, "rank": rank} for rank, row in enumerate(own[:first], 1)]
    return lines
