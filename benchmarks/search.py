"""How long a search of the supplier directory keeps PostgreSQL busy, and how much the usual icontains design would.

    ./portal bench search [--profiles 100000] [--queries 400] [--baseline 12] [--repeat 3] [--seed 1]

A made-up register of `--profiles` published workshops over the whole catalogue and country, the same for the same seed,
is written with set-based SQL and read into the directory. `--queries` searches follow: 20 % ask nothing, 30 % a text,
30 % a text and two filters, 10 % free capacity with its unit, 10 % a text with a typing slip. Times are those of the
statements alone, of each query the quickest of `--repeat`. `--baseline` of the same queries are asked the usual way:
icontains over names, descriptions, products and words of the catalogue, then a count for each filter.
The last line is one JSON object.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership_portal.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Count, Q  # noqa: E402

from catalogue.models import Area, Category, CertificateKind, Edition, Process  # noqa: E402
from ikm.directory.query import Query  # noqa: E402
from ikm.directory.refreshing import refresh  # noqa: E402
from ikm.directory.search import search  # noqa: E402
from ikm.directory.vocabulary import vocabulary_of  # noqa: E402
from ikm.models import DirectoryEntry, Ikm, ProcessCapability, Product  # noqa: E402

AS_OF = date(2026, 11, 24)
MIX = (("empty", 20), ("text", 30), ("text and two filters", 30), ("free capacity", 10), ("slip", 10))
FIRST_NAMES = (
    "Maju Karya Sinar Cahaya Jaya Baja Mandiri Sumber Bintang Mitra Putra Usaha Tunas Berkah Harapan".split()
)
LAST_NAMES = "Abadi Sejahtera Makmur Sentosa Perkasa Logam Teknik Utama Bersama Lestari Nusantara Pratama Agung".split()
MARKS = "UNP WF CNP M ST SCH DN AISI FCD SKD S hollow tebal panjang SS".split()
MATERIALS = [
    "baja karbon",
    "baja lapis seng",
    "stainless",
    "besi cor",
    "kuningan",
    "aluminium",
    "plat bekas",
    "",
]
# A number below %(many)s for row n and purpose p, the same for the same seed.
DRAW = (
    "CREATE FUNCTION pg_temp.draw(n bigint, p int, many bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ \
SELECT (hashint8extended(n, p * 1000003 + {seed}) & 4611686018427387903) %% many $$"
)
REGISTER = """
CREATE TEMP TABLE trades ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY slug) - 1 AS at, slug FROM catalogue_category
    WHERE level = 2 AND retired_on IS NULL;
CREATE TEMP TABLE goods ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY t.at, c.slug) - 1 AS at, t.at AS trade,
    c.slug, c.name_id, c.default_unit_id, c.typical_unit_mass_kg AS mass
    FROM catalogue_category c JOIN trades t ON t.slug = c.parent_id WHERE c.retired_on IS NULL;
CREATE TEMP TABLE places ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY code) - 1 AS at, code, name
    FROM catalogue_area WHERE level = 'district';
CREATE TEMP TABLE kinds ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY slug) - 1 AS at, slug
    FROM catalogue_certificatekind WHERE NOT per_buyer AND slug <> 'nib';
CREATE TEMP TABLE shops ON COMMIT DROP AS
    SELECT n, trade, luck, p.code AS area, p.name AS place, t.slug AS trade_slug
    FROM (SELECT n, pg_temp.draw(n, 1, (SELECT count(*) FROM trades)) AS trade, pg_temp.draw(n, 5, 100) AS luck,
            -- two of three in Java and Banten, as workshops are
            CASE WHEN pg_temp.draw(n, 2, 3) = 0 THEN pg_temp.draw(n, 3, (SELECT count(*) FROM places))
                ELSE (SELECT min(at) FROM places WHERE code LIKE '31%%')
                    + pg_temp.draw(n, 4, (SELECT count(*) FROM places WHERE code ~ '^3[1-6]')) END AS place
        FROM generate_series(1, %(profiles)s) AS n) AS lot
    JOIN places p ON p.at = lot.place JOIN trades t ON t.at = lot.trade;
INSERT INTO accounts_organisation (kind, ref, name, area_id, address, postcode, nib, npwp, contact_name, phone,
        whatsapp, email, office_is_chosen, allows_same_person, created_at)
    SELECT 'ikm', 'BENCH' || n, (ARRAY['CV','UD','PT','Bengkel','KUB'])[1 + pg_temp.draw(n, 10, 5)] || ' '
        || (%(first)s::text[])[1 + pg_temp.draw(n, 11, %(firsts)s)] || ' '
        || (%(last)s::text[])[1 + pg_temp.draw(n, 12, %(lasts)s)] || ' ' || place,
        area, '', '', CASE WHEN luck < 60 THEN lpad(n::text, 13, '0') ELSE '' END, '', '', '', '', '', false, false,
        now()
    FROM shops;
INSERT INTO ikm_ikm (evidence, method, checked_on, same_person, changed_at, status, legal_form, about, workers,
        investment_band, done_sections, submitted_at, approved_at, confirmed_on, created_at, withdrawal_reason,
        hidden_fields, organisation_id)
    SELECT CASE WHEN luck < 35 THEN 'verified' ELSE 'claimed' END, CASE WHEN luck < 35 THEN 'visit' ELSE '' END,
        CASE WHEN luck < 35 THEN date %(today)s END, false, now(), 'approved', '',
        'Melayani ' || trade_slug || ' untuk industri dan proyek di ' || place || ', pesanan '
            || (ARRAY['kecil','besar','borongan','harian'])[1 + pg_temp.draw(n, 13, 4)] || ' sejak '
            || 1980 + pg_temp.draw(n, 14, 45),
        1 + pg_temp.draw(n, 15, 40), (ARRAY['0-1','1-5','5-10'])[1 + pg_temp.draw(n, 16, 3)], '[]', now(), now(),
        date %(today)s - (pg_temp.draw(n, 17, 360))::int, now(), '', '{}', o.id
    FROM shops JOIN accounts_organisation o ON o.ref = 'BENCH' || n ORDER BY n;
CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT ikm, n, m, luck, CASE WHEN pg_temp.draw(m, 21, 10) < 7 THEN first + pg_temp.draw(m, 30, many)
        ELSE pg_temp.draw(m, 31, (SELECT count(*) FROM goods)) END AS item
    FROM (SELECT i.id AS ikm, s.n, s.luck, n * 8 + k AS m, g.first, g.many
        FROM shops s JOIN accounts_organisation o ON o.ref = 'BENCH' || s.n JOIN ikm_ikm i ON i.organisation_id = o.id
        JOIN (SELECT trade, min(at) AS first, count(*) AS many FROM goods GROUP BY trade) AS g USING (trade)
        CROSS JOIN generate_series(0, 3) AS k WHERE k <= pg_temp.draw(s.n, 20, 4)) AS lot;
INSERT INTO ikm_product (ikm_id, ref, name, category_id, unit_id, capacity_per_month, committed_per_month, pool,
        unit_mass_kg, lead_time_days, material, evidence, method, checked_on, same_person, changed_at)
    SELECT ikm, 'P' || m, g.name_id || ' ' || (%(marks)s::text[])[1 + pg_temp.draw(m, 22, %(marked)s)] || ' '
            || 10 + 2 * pg_temp.draw(m, 32, 100), g.slug,
        coalesce(g.default_unit_id, 'kg'),
        CASE WHEN pg_temp.draw(m, 23, 10) > 0 THEN power(10, 1 + pg_temp.draw(m, 24, 3000) / 1000.0) END,
        pg_temp.draw(m, 25, 10), CASE WHEN pg_temp.draw(n, 26, 3) = 0 THEN 'A' ELSE '' END,
        CASE WHEN pg_temp.draw(m, 27, 2) = 0 THEN g.mass END, 3 + pg_temp.draw(m, 28, 40),
        (%(materials)s::text[])[1 + pg_temp.draw(m, 29, %(materialised)s)],
        CASE WHEN luck < 20 THEN 'verified' ELSE 'claimed' END, CASE WHEN luck < 20 THEN 'visit' ELSE '' END,
        CASE WHEN luck < 20 THEN date %(today)s END, false, now()
    FROM made JOIN goods g ON g.at = made.item;
INSERT INTO ikm_processcapability (ikm_id, process_id, machines, evidence, method, checked_on, same_person, changed_at)
    SELECT DISTINCT ON (p.ikm_id, t.process_id) p.ikm_id, t.process_id,
        (pg_temp.draw(p.id, 40, 6) + 1) || ' mesin ' || 20 + 10 * pg_temp.draw(p.id, 41, 80) || ' ton',
        p.evidence, p.method, p.checked_on, false, now()
    FROM ikm_product p JOIN catalogue_category_typical_processes t ON t.category_id = p.category_id
    WHERE p.ref LIKE 'P%%' AND pg_temp.draw(p.id * 100 + t.id, 42, 2) = 0;
INSERT INTO ikm_certificate (ikm_id, kind_id, number, issuer, scope, holders, valid_from, valid_until, evidence, method,
        checked_on, same_person, changed_at)
    SELECT DISTINCT ON (i.id, k.slug) i.id, k.slug, 'N' || m, 'Lembaga ' || m %% 50, '', 1,
        date %(today)s - (100 + pg_temp.draw(m, 51, 900))::int, date %(today)s + (pg_temp.draw(m, 52, 1000) - 100)::int,
        i.evidence, i.method, i.checked_on, false, now()
    FROM made JOIN ikm_ikm i ON i.id = made.ikm JOIN kinds k ON k.at = pg_temp.draw(m, 50, (SELECT count(*) FROM kinds))
    WHERE pg_temp.draw(m, 53, 10) < 6;
INSERT INTO ikm_supplyversion (ikm_id, version) SELECT DISTINCT ikm, 1 FROM made ON CONFLICT DO NOTHING;
"""


@transaction.atomic
def make_up(profiles: int, seed: int) -> None:
    """Without triggers, since nothing of it has a history; versions are written as they would be."""
    values = {
        "profiles": profiles, "today": AS_OF.isoformat(),
        "first": FIRST_NAMES, "firsts": len(FIRST_NAMES), "last": LAST_NAMES, "lasts": len(LAST_NAMES),
        "marks": MARKS, "marked": len(MARKS), "materials": MATERIALS, "materialised": len(MATERIALS),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(DRAW.format(seed=seed).replace("%%", "%"))
        cursor.execute(REGISTER, values)


class Asker:
    """Searches as buyers type them, the same for the same seed."""

    def __init__(self, seed: int):
        self.rng = random.Random(seed)
        self.goods = [
            word
            for category in Category.objects.current().order_by("pk")
            for word in (category.name_id, category.name_en, *category.synonyms)
        ]
        self.methods = [
            word
            for process in Process.objects.current().order_by("pk")
            for word in (process.name_id, process.name_en, *process.synonyms)
        ]
        self.categories = list(Category.objects.current().order_by("pk").values_list("pk", flat=True))
        self.processes = list(Process.objects.current().order_by("pk").values_list("pk", flat=True))
        self.kinds = list(CertificateKind.objects.current().order_by("pk").values_list("pk", flat=True))
        self.regencies = list(Area.objects.filter(level="regency", code__startswith="3").order_by("pk"))
        self.provinces = list(Area.objects.filter(level="province").order_by("pk"))

    def text(self) -> str:
        rng = self.rng
        lot = rng.random()
        if lot < 0.35:
            return rng.choice(self.goods)
        if lot < 0.55:
            return rng.choice(self.methods)
        if lot < 0.7:
            return f"{rng.choice(self.goods)} {rng.choice([*MATERIALS[:6], rng.choice(self.regencies).name])}"
        if lot < 0.85:
            return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
        return f"{rng.choice(MARKS)} {10 + 2 * rng.randrange(100)}"

    def filters(self, count: int) -> dict[str, list[str]]:
        rng = self.rng
        lots: dict[str, Callable[[], list[str]]] = {
            "kategori": lambda: [rng.choice(self.categories)],
            "proses": lambda: rng.sample(self.processes, rng.choice([1, 1, 2])),
            "sertifikat": lambda: [rng.choice(self.kinds)],
            "wilayah": lambda: [rng.choice([*self.regencies, *self.provinces]).code],
            "ukuran": lambda: [rng.choice(["small", "medium"])],
            "bukti": lambda: ["verified"],
            "segar": lambda: [rng.choice(["3", "6"])],
        }
        return {facet: lots[facet]() for facet in rng.sample(sorted(lots), count)}

    def free(self) -> dict[str, list[str]]:
        """Alone, of a category, or with a text; more than most workshops have."""
        rng = self.rng
        asked = {
            "bebas": [str(round(10 ** rng.uniform(2.5, 4)))],
            "satuan": [rng.choice(["kg", "pcs", "batang", "ton", "unit"])],
        }
        lot = rng.randrange(3)
        if lot == 1:
            asked["kategori"] = [rng.choice(self.categories)]
        if lot == 2:
            asked["q"] = [rng.choice(self.goods)]
        return asked

    def slip(self) -> str:
        """A word of the catalogue with one letter left out, doubled, changed, or swapped with the next."""
        rng = self.rng
        word = rng.choice(
            [w for text in (rng.choice(self.goods), "pengelasan") for w in text.split() if len(w) > 5]
        )
        at = rng.randrange(1, len(word) - 1)
        return rng.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + rng.choice("aeioubdgkpst") + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )

    def query(self, sort: str) -> Query:
        asked: dict[str, list[str]] = {}
        if sort.startswith("text"):
            asked = {"q": [self.text()]} | (self.filters(2) if "filters" in sort else {})
        elif sort == "free capacity":
            asked = self.free()
        elif sort == "slip":
            asked = {"q": [self.slip()]}
        return Query.from_get(asked)


class Stopwatch:
    """Adds up the milliseconds of statements: elapsed, and what the server's process had of the processor."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.process = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        self.elapsed = self.processor = 0.0
        self.statements = 0

    def ran(self) -> float:
        """0 where the server is elsewhere."""
        try:
            return int(self.process.read_text().split()[0]) / 1e6
        except (OSError, ValueError, IndexError):
            return 0.0

    def __call__(self, execute, sql, params, many, context):
        begun, ran = time.perf_counter(), self.ran()
        try:
            return execute(sql, params, many, context)
        finally:
            self.processor += self.ran() - ran
            self.elapsed += (time.perf_counter() - begun) * 1000
            self.statements += 1


def timed(ask: Callable[[], object], repeat: int = 1) -> Stopwatch:
    """The least of `repeat` times, since others may be using the machine too."""
    watches = []
    for _ in range(repeat):
        watches.append(Stopwatch())
        with connection.execute_wrapper(watches[-1]):
            ask()
    best = min(watches, key=lambda watch: watch.elapsed)
    best.processor = min(watch.processor for watch in watches)
    return best


def the_usual_way(query: Query) -> int:
    """icontains over everything that is said of a workshop, and a count for each filter. Each table is asked by itself:
    joined, products by processes by words, one search took half a minute."""
    ikms = Ikm.objects.taking_part(AS_OF)
    for word in query.q.split():
        made = Product.objects.filter(
            Q(name__icontains=word)
            | Q(material__icontains=word)
            | Q(category__name_id__icontains=word)
            | Q(category__name_en__icontains=word)
        )
        able = ProcessCapability.objects.filter(
            Q(process__name_id__icontains=word) | Q(process__name_en__icontains=word)
        )
        ikms = ikms.filter(
            Q(organisation__name__icontains=word)
            | Q(about__icontains=word)
            | Q(pk__in=made.values("ikm"))
            | Q(pk__in=able.values("ikm"))
        )
    if query.kategori:
        ikms = ikms.filter(products__category__in=query.kategori)
    if query.proses:
        ikms = ikms.filter(processes__process__in=query.proses)
    if query.sertifikat:
        ikms = ikms.filter(certificates__kind__in=query.sertifikat, certificates__valid_until__gte=AS_OF)
    if query.wilayah:
        within = Q()
        for code in query.wilayah:
            within |= Q(organisation__area__code__startswith=code)
        ikms = ikms.filter(within)
    if query.bukti:
        ikms = ikms.filter(evidence__in=query.bukti)
    if query.bebas is not None:
        ikms = ikms.filter(products__unit=query.satuan, products__capacity_per_month__gte=query.bebas)
    keys = ikms.order_by().values("pk").distinct()
    total = keys.count()
    list(ikms.select_related("organisation__area").distinct().order_by("organisation__name", "pk")[:20])
    for column in (
        "products__category", "processes__process", "certificates__kind", "organisation__area", "evidence",
        "investment_band", "confirmed_on",
    ):  # fmt: skip
        list(
            Ikm.objects.filter(pk__in=keys)
            .order_by()
            .values(column)
            .annotate(many=Count("pk", distinct=True))
        )
    return total


def percentiles(watches: list[Stopwatch], what: str = "elapsed") -> tuple[float, float]:
    """The 50th and the 95th, in milliseconds."""
    times = [getattr(watch, what) for watch in watches]
    cuts = statistics.quantiles(times * 2 if len(times) == 1 else times, n=100, method="inclusive")
    return cuts[49], cuts[94]


def told(watches: list[Stopwatch]) -> str:
    (half, most), (cpu_half, cpu_most) = percentiles(watches), percentiles(watches, "processor")
    return f"p50 {half:8.2f}  p95 {most:8.2f} ms   of the processor {cpu_half:8.2f} {cpu_most:8.2f} ms"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (
        ("profiles", 100_000),
        ("queries", 400),
        ("baseline", 12),
        ("repeat", 3),
        ("seed", 1),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--slow", type=int, default=0, metavar="N", help="name the N slowest queries")
    options = parser.parse_args(argv)
    begun = time.perf_counter()
    if not DirectoryEntry.objects.exists():
        make_up(options.profiles, options.seed)
        print(f"made up {options.profiles:,} workshops in {time.perf_counter() - begun:.1f} s", flush=True)
        begun = time.perf_counter()
        read = refresh(today=AS_OF)
        print(f"read {read:,} of them into the directory in {time.perf_counter() - begun:.1f} s", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one search, one process
    vocabulary_of(Edition.current_version())
    asker = Asker(options.seed)
    sorts = [sort for sort, share in MIX for _ in range(round(options.queries * share / 100))]
    asker.rng.shuffle(sorts)
    queries = [(sort, asker.query(sort)) for sort in sorts]
    for _, query in queries[:: max(1, len(queries) // 20)]:
        search(query, on=AS_OF)  # warms what a running server has warm
    times: dict[str, list[Stopwatch]] = defaultdict(list)
    named, most, found = [], 0, Counter()
    for sort, query in queries:
        totals: list[int] = []
        watch = timed(lambda q=query, t=totals: t.append(search(q, on=AS_OF).total), options.repeat)
        times[sort].append(watch)
        most = max(most, watch.statements)
        found[sort] += bool(totals[0])
        named.append((watch, totals[0], query))
    everything = [watch for each in times.values() for watch in each]
    for sort, _ in MIX:
        print(f"{sort:<22} {len(times[sort]):4} queries, {found[sort]:4} with results   {told(times[sort])}")
    print(
        f"{'all':<22} {len(everything):4} queries, at most {most} statements   {told(everything)}", flush=True
    )
    for watch, total, query in sorted(named, key=lambda each: -each[0].processor)[: options.slow]:
        print(f"   {watch.elapsed:8.2f} {watch.processor:8.2f} ms {total:7,} found: {query.urlencode()}")
    sample = queries[:: max(1, len(queries) // max(1, options.baseline))][: options.baseline]
    usual = [timed(lambda q=query: the_usual_way(q)) for _, query in sample]
    same = [timed(lambda q=query: search(q, on=AS_OF), options.repeat) for _, query in sample]
    ratio = percentiles(usual)[0] / percentiles(same)[0] if usual else 0
    if usual:
        print(f"the usual way, {len(usual)} of these queries   {told(usual)}")
        print(f"the directory, the same queries   {told(same)}")
    print(
        json.dumps(
            {
                "p50_ms": round(percentiles(everything)[0], 2),
                "p95_ms": round(percentiles(everything)[1], 2),
                "ratio_icontains": round(ratio, 1),
                "profiles": DirectoryEntry.objects.count(),
                "processor_p50_ms": round(percentiles(everything, "processor")[0], 2),
                "processor_p95_ms": round(percentiles(everything, "processor")[1], 2),
            }
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
