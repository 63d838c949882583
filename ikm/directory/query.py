"""What somebody asks of the directory, as it stands in the address. Pure: no database.

`Query.from_get(request.GET)` never refuses: what cannot be read is left out and named in `ignored`. Whether a word
exists in the catalogue is known when it is searched; `Result.ignored` has those too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from web import dates, numbers
from web.refusal import Refused

# Filters by several words at once, in the order of the page. Within one of them OR, between them AND.
FACETS = ("kategori", "proses", "sertifikat", "wilayah", "ukuran", "bukti", "segar")
SIZES = ("small", "medium")
STANDINGS = ("verified", "claimed")
MONTHS = ("3", "6", "12")
SORTS = ("relevansi", "kapasitas", "terbaru")
LONGEST_TEXT = 200
MOST_CHOICES = 30
_WORD = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
# Filters with choices of their own, not of the catalogue.
CLOSED = {"ukuran": SIZES, "bukti": STANDINGS, "segar": MONTHS}


@dataclass(frozen=True)
class Query:
    """The names of the fields are those of the address."""

    q: str = ""
    kategori: tuple[str, ...] = ()
    proses: tuple[str, ...] = ()
    sertifikat: tuple[str, ...] = ()
    terperiksa: bool = False  # only certificates that an officer has verified
    berlaku: date | None = None  # the day on which they are valid; None: the day of the search
    wilayah: tuple[str, ...] = ()
    bebas: Decimal | None = None  # at least so much free per month of one product …
    satuan: str = ""  # … in this unit
    ukuran: tuple[str, ...] = ()
    bukti: tuple[str, ...] = ()
    segar: tuple[str, ...] = ()  # confirmed within so many months
    urut: str = "relevansi"
    dekat: str = ""  # workshops of this area first
    # (parameter, value) that could not be read or does not exist; no part of the address.
    ignored: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_get(cls, given: Mapping[str, Any]) -> "Query":
        """From request.GET or a dict of strings or lists. Unknown parameters are not ours and are passed over."""
        reader = _Reader(given)
        query = cls(
            q=reader.text("q"),
            **{name: reader.words(name) for name in FACETS},
            terperiksa=reader.one("terperiksa") == "1",
            berlaku=reader.day("berlaku"),
            bebas=reader.quantity("bebas"),
            satuan=reader.word("satuan"),
            urut=reader.word("urut", SORTS) or "relevansi",
            dekat=reader.word("dekat"),
            ignored=(),
        )
        if query.bebas is not None and not query.satuan:
            reader.ignore("bebas", reader.one("bebas"))
        return replace(query, ignored=tuple(reader.ignored))._tidy()

    def _tidy(self) -> "Query":
        """An amount needs its unit. How certificates must be stays where none is chosen: counts follow it."""
        return self if self.bebas is not None and self.satuan else replace(self, bebas=None, satuan="")

    def parameters(self) -> list[tuple[str, str]]:
        """Of the address, in the order of the fields; what is not asked is left out."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "ignored" or value == field.default:
                continue
            values = value if isinstance(value, tuple) else [value]
            found += [(field.name, _written(each)) for each in values]
        return found

    def urlencode(self) -> str:
        return urlencode(self.parameters())

    def without(self, facet: str, value: str | None = None) -> "Query":
        """Without one choice of a filter, or the whole filter. The last certificate takes along how it must be."""
        changes: dict[str, Any] = {
            facet: next(field.default for field in fields(self) if field.name == facet)
        }
        if facet in FACETS and value is not None:
            changes[facet] = tuple(each for each in getattr(self, facet) if each != value)
        if facet == "sertifikat" and not changes[facet]:
            changes |= {"terperiksa": False, "berlaku": None}
        return replace(self, **changes)._tidy()

    def with_choice(self, facet: str, value: str) -> "Query":
        """With one more choice of a filter of FACETS."""
        changes: dict[str, Any] = {facet: tuple(dict.fromkeys([*getattr(self, facet), value]))}
        return replace(self, **changes)

    @property
    def asked(self) -> tuple[str, ...]:
        """The filters in use, the text among them ("q"), in the order of the page."""
        return tuple(name for name in ("q", *FACETS, "bebas") if getattr(self, name) not in ((), "", None))

    @property
    def is_empty(self) -> bool:
        return not self.asked


class _Reader:
    """Reads one address; gathers what it leaves out."""

    def __init__(self, given: Mapping[str, Any]):
        self.given = given
        self.ignored: list[tuple[str, str]] = []

    def all(self, name: str) -> list[str]:
        getlist = getattr(self.given, "getlist", None)
        found = getlist(name) if getlist else self.given.get(name, [])
        values: Iterable[Any] = [found] if isinstance(found, str) else found
        return [clean for value in values if (clean := str(value).replace("\0", "").strip())]

    def one(self, name: str) -> str:
        return next(reversed(self.all(name)), "")

    def ignore(self, name: str, value: str) -> None:
        self.ignored.append((name, value[:60]))

    def text(self, name: str) -> str:
        return " ".join(self.one(name)[:LONGEST_TEXT].split())

    def words(self, name: str) -> tuple[str, ...]:
        allowed = CLOSED.get(name)
        read: dict[str, None] = {}
        for value in self.all(name):
            known = value in allowed if allowed else _WORD.fullmatch(value)
            if known and len(read) < MOST_CHOICES:
                read[value] = None
            elif value not in read:
                self.ignore(name, value)
        return tuple(read)

    def word(self, name: str, allowed: tuple[str, ...] = ()) -> str:
        value = self.one(name)
        if value and (value in allowed if allowed else _WORD.fullmatch(value)):
            return value
        if value:
            self.ignore(name, value)
        return ""

    def day(self, name: str) -> date | None:
        return self._parsed(name, dates.parse)

    def quantity(self, name: str) -> Decimal | None:
        return self._parsed(name, numbers.parse)

    def _parsed(self, name: str, parse: Any) -> Any:
        value = self.one(name)
        if not value:
            return None
        try:
            return parse(value)
        except Refused:
            self.ignore(name, value)
            return None


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1"
    if isinstance(value, Decimal):
        return numbers.typeable(value)
    return value.isoformat() if isinstance(value, date) else str(value)
