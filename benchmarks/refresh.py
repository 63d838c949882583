"""How long until an edit stands in the kept lists, and how much a patch saves against a full run in the same run.

    ./portal bench refresh [--ikm 2000] [--needs 400] [--edits 20] [--seed 1]

A made-up register goes into the database through the exchange format. Then the whole is computed once (the baseline),
and single products and needs are edited, each followed by a refresh as a worker does it. Seconds of the wall clock.
"""

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership_portal.settings")

import django  # noqa: E402

django.setup()

from benchmarks.scoring import AS_OF, Register  # noqa: E402
from catalogue.models import Area  # noqa: E402
from ikm.models import Product  # noqa: E402
from industry.models import Need  # noqa: E402
from matching import bundle, lists  # noqa: E402
from matching.exchange import import_bundle, office_of  # noqa: E402
from matching.snapshot import vocabulary  # noqa: E402
from matching.stale import Inputs  # noqa: E402


def made_up(ikms: int, needs: int, seed: int) -> bundle.Bundle:
    """The register of the scoring benchmark with areas that exist and without reservations."""
    register = Register(vocabulary(), seed)
    register.areas = list(
        Area.objects.filter(level="district", code__startswith="3").values_list("code", flat=True)
    )
    companies = tuple(bundle.Company(f"C{i}", f"PT {i}", None) for i in range(1, 201))
    workshops = []
    for number in range(ikms):
        made = register.ikm(number)
        offers = tuple(replace(offer, reservations=()) for offer in made.offers)
        seen = {
            (r.kind, r.valid_from): replace(r, valid_until=max(r.valid_from, r.valid_until))
            for r in made.certificates
        }
        made = replace(made, offers=offers, certificates=tuple(seen.values()))
        products = tuple(bundle.Product(f"Produk {offer.ref}", offer) for offer in offers)
        workshops.append(bundle.Workshop(f"IKM {number}", True, made, products))
    wants = tuple(bundle.Request(f"Kebutuhan {n}", True, register.need(n)) for n in range(needs))
    return bundle.Bundle(companies, tuple(workshops), wants)


def timed(what) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def edits(model, field: str, count: int, change) -> list[float]:
    """Seconds of a refresh after each of `count` single edits."""
    took = []
    rows = model.objects.exclude(**{field: None}).order_by("pk")
    for row in list(rows[:: max(1, rows.count() // count)])[:count]:
        model.objects.filter(pk=row.pk).update(**{field: change(getattr(row, field))})
        took.append(timed(lambda: lists.refresh(today=AS_OF)))
    return took


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("ikm", 2_000), ("needs", 400), ("edits", 20), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(argv)
    register = made_up(options.ikm, options.needs, options.seed)
    print(
        f"imported in {timed(lambda: import_bundle(register, office=office_of('bench'))):.2f} s", flush=True
    )
    full = timed(lambda: lists.refresh_some(Inputs.now(AS_OF)))
    print(f"full run {full:.2f} s: {options.needs:,} needs, {options.ikm:,} IKM", flush=True)
    found = {}
    for name, model, field, change in (
        ("product", Product, "capacity_per_month", lambda value: value / 2),
        ("need", Need, "quantity", lambda value: value * 2),
    ):
        took = edits(model, field, options.edits, change)
        found[name] = statistics.median(took)
        print(f"one {name} edited: median {found[name]:.3f} s, longest {max(took):.3f} s", flush=True)
    print(
        json.dumps(
            {
                "ikm": options.ikm,
                "needs": options.needs,
                "full_s": round(full, 3),
                "product_s": round(found["product"], 4),
                "need_s": round(found["need"], 4),
                "ratio_full_to_product": round(full / found["product"], 1),
            }
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
