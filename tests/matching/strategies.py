"""Random bundles that meet every rule of MATCHING.md: small, with values at the edges, and with many ties."""

from datetime import date, timedelta

from hypothesis import strategies as st

AS_OF = date(2026, 11, 24)
CATEGORIES = [
    "reng-baja-ringan",
    "reng-baja-ringan",
    "kanal-c-baja-ringan",
    "rangka-atap",
    "spandek",
    "cangkul",
]
SCOPES = [None, None, None, "reng-baja-ringan", "rangka-atap", "baja-ringan", "cangkul"]
PROCESSES = ["bubut-manual", "bubut-cnc", "frais-manual", "frais-cnc", "las-gmaw"]
KINDS = [
    "nib",
    "iso-9001",
    "iatf-16949",
    "csms",
    "juru-las-kelas-1",
    "juru-las-kelas-2",
    "juru-las-kelas-3",
    "mill-certificate",
    "uji-kan-17025",
]
UNITS = [
    "batang",
    "batang",
    "kg",
    "kg",
    "ton",
    "gram",
    "batang",
    "pcs",
    "lusin",
    "kodi",
    "m",
    "inci",
    "kaki",
    "m2",
    "set",
    "jam-mesin",
    "jam-orang",
]
AREAS = [
    None,
    "36",
    "36.72",
    "36.72.03",
    "36.72.03.1004",
    "36.72.05",
    "36.04",
    "36.04.05",
    "32",
    "32.73",
    "32.73.01",
]
REFS = ["A", "B", "a", "A1", "A10", "A2", "Å", "Ω-7", "😀", "ﬀ", "z z"]
QUANTITIES = [
    "1",
    "2",
    "4",
    "5",
    "0",
    "0.001",
    "0.5",
    "1",
    "2",
    "2.600",
    "3",
    "7",
    "10",
    "12.345",
    "100",
    "333.333",
    "1200.5",
    "999999999.999",
]
POSITIVE = [q for q in QUANTITIES if q != "0"]
EVIDENCE = ["claimed", "verified", "verified", "verified", "rejected", None]
DAYS = sorted(
    AS_OF + timedelta(days=offset) for offset in (-800, -366, -1, 0, 1, 30, 37, 38, 39, 60, 100, 300, 900)
)
STARTS = [AS_OF - timedelta(days=40), AS_OF, AS_OF + timedelta(days=1), date(2027, 1, 1), date(2027, 1, 31)]
ENDS = [
    AS_OF - timedelta(days=1),
    AS_OF,
    AS_OF + timedelta(days=1),
    date(2027, 1, 31),
    date(2027, 3, 1),
    date(2028, 2, 29),
]
LEAD_TIMES = [None, 0, 1, 2, 7, 10, 14, 15, 21, 30, 3650]


def one_of(values):
    return st.sampled_from(values)


def some(values, most):
    return st.lists(one_of(values), max_size=most)


def iso(values):
    return one_of([None, *(value.isoformat() for value in values)])


def missing(values):
    """The ways in which something is missing, and some values."""
    return one_of([None, "", *values, *values])


@st.composite
def dictionaries(draw, required, optional):
    """Keys of `optional` may also be absent where their value is None."""
    value = draw(st.fixed_dictionaries({**required, **optional}))
    gaps = [key for key in optional if value[key] is None]
    left_out = draw(st.integers(0, 2 ** len(gaps) - 1)) if gaps else 0
    for i, key in enumerate(gaps):
        if left_out >> i & 1:
            del value[key]
    return value


def products():
    required = {"name": st.just("Produk"), "category": one_of(CATEGORIES), "unit": one_of(UNITS)}
    optional = {
        "capacity_per_month": missing(QUANTITIES),
        "committed_per_month": missing(QUANTITIES[:8]),
        "pool": missing(["P", "Q"]),
        "unit_mass_kg": missing(POSITIVE),
        "lead_time_days": one_of(LEAD_TIMES),
        "evidence": one_of(EVIDENCE),
    }
    return dictionaries(required, optional)


@st.composite
def certificates(draw, companies):
    value = draw(
        dictionaries(
            {"kind": one_of(KINDS)},
            {
                "valid_from": iso(DAYS[:6]),
                "valid_until": iso(DAYS[2:]),
                "category": one_of(SCOPES),
                "for_company": one_of([None, None, *companies]),
                "evidence": one_of(EVIDENCE),
            },
        )
    )
    if value.get("valid_from") and value.get("valid_until") and value["valid_until"] < value["valid_from"]:
        value["valid_until"] = value["valid_from"]
    if value["kind"] == "csms" and not value.get("for_company"):
        value["for_company"] = draw(one_of(companies))
    return value


def processes():
    return st.lists(
        dictionaries({"process": one_of(PROCESSES)}, {"evidence": one_of(EVIDENCE)}),
        max_size=4,
        unique_by=lambda record: record["process"],
    )


@st.composite
def ikms(draw, companies):
    value = draw(
        dictionaries(
            {
                "name": st.just("IKM"),
                "published": one_of([True, True, True, True, False]),
                "processes": processes(),
                "certificates": st.lists(certificates(companies), max_size=4),
                "products": st.lists(products(), min_size=1, max_size=4),
            },
            {
                "area": one_of(AREAS),
                "nib": one_of([None, "", "0000000000001"]),
                "evidence": one_of(["claimed", "verified", None]),
            },
        )
    )
    for i, certificate in enumerate(value["certificates"]):
        certificate["number"] = str(i)
    for product, ref in zip(value["products"], draw(st.permutations(REFS[:5])), strict=False):
        product["ref"] = ref
    return value


@st.composite
def needs(draw, companies):
    value = draw(
        dictionaries(
            {
                "title": st.just("Kebutuhan"),
                "company": one_of(companies),
                "category": one_of(CATEGORIES),
                "quantity": one_of(POSITIVE),
                "basis": one_of(["month", "total"]),
                "unit": one_of(UNITS),
                "start": one_of([day.isoformat() for day in STARTS]),
                "end": one_of([day.isoformat() for day in ENDS]),
                "open": one_of([True, True, True, True, False]),
                "required_certificates": some(KINDS, 3),
                "preferred_certificates": some(KINDS, 2),
                "required_processes": some(PROCESSES, 3),
            },
            {
                "area": one_of(AREAS),
                "unit_mass_kg": missing(POSITIVE),
                "max_lead_time_days": one_of(LEAD_TIMES[:-1]),
            },
        )
    )
    value["end"] = max(value["start"], value["end"])
    return value


@st.composite
def copies(draw, originals):
    """The same again under other refs, so that rows tie."""
    return [dict(draw(one_of(originals))) for _ in range(draw(st.integers(0, 2)))]


@st.composite
def bundles(draw):
    refs = draw(st.permutations(REFS))
    companies = refs[: draw(st.integers(1, 2))]
    workshops = draw(st.lists(ikms(companies), min_size=1, max_size=4))
    workshops += draw(copies(workshops))
    wants = draw(st.lists(needs(companies), min_size=1, max_size=3))
    wants += draw(copies(wants))
    return {
        "format": "ikm-partnership/1",
        "companies": [{"ref": ref, "name": "PT"} for ref in companies],
        "ikms": [{**w, "ref": ref} for w, ref in zip(workshops, draw(st.permutations(REFS)), strict=False)],
        "needs": [{**n, "ref": ref} for n, ref in zip(wants, draw(st.permutations(REFS)), strict=False)],
    }


@st.composite
def letters(draw, bundle):
    """What letters promise of the bundle's products (dicts as tests.matching.reference takes them)."""
    products_ = [(i["ref"], p["ref"]) for i in bundle["ikms"] for p in i["products"]]
    if not products_:
        return []
    found = []
    for ikm, product in draw(st.lists(one_of(products_), max_size=4)):
        starts, ends = sorted((draw(one_of(DAYS)), draw(one_of(DAYS))))
        found.append(
            {
                "ikm": ikm,
                "product": product,
                "starts": starts,
                "ends": ends,
                "quantity": draw(one_of([None, *QUANTITIES[:11]])),
                "need": draw(one_of([None, *(need["ref"] for need in bundle["needs"])])),
            }
        )
    return found


def weights():
    return st.tuples(*[one_of([1, 2, 3, 7, 50, 333, 1000])] * 7)
