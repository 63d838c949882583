"""The profiles that rows of a table may be, and what a row would change in them. Nothing here writes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Organisation
from catalogue.search import plain
from ikm import lifecycle, names
from ikm.models import Ikm, Product
from ikm.register.reading import Read
from ikm.register.remarks import refuse
from ikm.search import core_of

NEW, UPDATE, SAME, REJECTED = "new", "update", "same", "rejected"


@dataclass
class Verdict:
    """What becomes of a row. `organisation`, `ikm`, `products`, `kblis`: what would be written."""

    read: Read
    outcome: str
    of: Ikm | None = None
    organisation: dict[str, Any] = field(default_factory=dict)
    ikm: dict[str, Any] = field(default_factory=dict)
    products: list[tuple[str, str]] = field(default_factory=list)
    kblis: list[int] = field(default_factory=list)

    @property
    def remarks(self) -> list[list[str]]:
        return self.read.remarks


class Known:
    """Profiles of `office` that some of `reads` may be, read in a handful of statements, however many rows."""

    def __init__(self, office: Organisation, reads: Iterable[Read], *, locked: bool = False):
        listed = list(reads)
        nibs = {read.nib for read in listed} - {""}
        cores = {read.core for read in listed} - {""}
        found = self._profiles(office, nibs, cores, locked)
        self.by_nib: dict[str, Ikm] = {}
        self.by_core: dict[str, list[Ikm]] = defaultdict(list)
        self._survivors = self._merged(found)
        for ikm in found:
            self.add(ikm)
        kept = {self.survivor(ikm).pk for ikm in found}
        self.categories: dict[int, set[str]] = defaultdict(set)
        for pk, category in Product.objects.filter(ikm__in=kept).values_list("ikm", "category"):
            self.categories[pk].add(category)
        through = Ikm.kblis.through.objects.filter(ikm__in=kept)
        self.with_kblis = set(through.values_list("ikm", flat=True))
        elsewhere = Organisation.objects.of_kind("ikm").exclude(reviewing_office=office)
        self.elsewhere = set(elsewhere.filter(nib__in=nibs).values_list("nib", flat=True))

    def _profiles(
        self, office: Organisation, nibs: Collection[str], cores: Collection[str], locked: bool
    ) -> list[Ikm]:
        ikms: QuerySet[Ikm] = Ikm.objects.filter(organisation__reviewing_office=office)
        found = ikms.alias(core=core_of("organisation__name")).filter(
            Q(organisation__nib__in=nibs) | Q(core__in=cores)
        )
        keys = set(found.values_list("pk", flat=True))
        chain = keys
        while chain:  # a merged profile goes on in another one, which may have been merged too
            chain = set(
                Ikm.objects.filter(pk__in=chain)
                .exclude(merged_into=None)
                .values_list("merged_into", flat=True)
            )
            chain -= keys
            keys |= chain
        people = Membership.objects.current().filter(organisation=OuterRef("organisation"))
        rows = Ikm.objects.filter(pk__in=keys).select_related("organisation").order_by("pk")
        if locked:
            rows = rows.select_for_update(of=("self",), no_key=True)
        return list(rows.annotate(has_people=Exists(people)))

    def _merged(self, found: Iterable[Ikm]) -> dict[int, Ikm]:
        by_pk = {ikm.pk: ikm for ikm in found}
        survivors = {}
        for ikm in by_pk.values():
            last = ikm
            while last.merged_into_id in by_pk:
                last = by_pk[last.merged_into_id]
            survivors[ikm.pk] = last
        return survivors

    def survivor(self, ikm: Ikm) -> Ikm:
        return self._survivors.get(ikm.pk, ikm)

    def add(self, ikm: Ikm) -> None:
        of = ikm.organisation
        if of.nib:
            self.by_nib.setdefault(of.nib, ikm)
        self.by_core[names.core(of.name)].append(ikm)

    def match(self, read: Read) -> Ikm | None:
        """The profile that a row is: by NIB, else by name, area and telephone. The survivor of a merged one."""
        if read.nib in self.by_nib:
            return self.survivor(self.by_nib[read.nib])
        for ikm in self.by_core.get(read.core, ()):
            of = ikm.organisation
            if is_same(read, nib=of.nib, area=of.area_id, numbers={of.phone, of.whatsapp} - {""}):
                return self.survivor(ikm)
        return None

    def judge(self, read: Read, *, replaces: bool) -> Verdict:
        """What the row would do to the register as it is now."""
        if refuse(read.remarks):
            return Verdict(read, REJECTED)
        ikm = self.match(read)
        if ikm is None:
            if read.nib in self.elsewhere:
                read.remark("elsewhere", read.nib)
                return Verdict(read, REJECTED)
            return Verdict(
                read, NEW, None, read.organisation, about(read), list(read.products), list(read.kblis)
            )
        return self._changes(read, ikm, replaces=replaces)

    def _changes(self, read: Read, ikm: Ikm, *, replaces: bool) -> Verdict:
        verdict = Verdict(read, SAME, ikm)
        if ikm.status == lifecycle.WITHDRAWN:
            return verdict
        may_replace = replaces and not ikm.has_people
        for stated, stored, target in (
            (read.organisation, ikm.organisation, verdict.organisation),
            (about(read), ikm, verdict.ikm),
        ):
            for name, value in stated.items():
                before = getattr(stored, name)
                if value in ("", None) or says_the_same(name, before, value):
                    continue
                if before in ("", None) or may_replace or _is_finer(name, before, value):
                    target[name] = value
                else:
                    read.remark("differs", str(value))
        if not ikm.has_people:
            held = self.categories[ikm.pk]
            verdict.products = [product for product in read.products if product[1] not in held]
        if ikm.pk not in self.with_kblis:
            verdict.kblis = list(read.kblis)
        if verdict.organisation or verdict.ikm or verdict.products or verdict.kblis:
            verdict.outcome = UPDATE
        return verdict


def about(read: Read) -> dict[str, Any]:
    return {name: value for name, value in read.ikm.items() if value not in ("", None)}


def same_place(one: str | None, other: str | None) -> bool:
    """The same area, or one within the other: a table may name the district where the profile names the village."""
    if one is None or other is None:
        return True
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def says_the_same(name: str, before: Any, value: Any) -> bool:
    """Whether a cell says what is stored, in other letters or less exactly."""
    if name == "name":
        return names.core(before) == names.core(value)
    if name == "area_id":
        return before is not None and f"{before}.".startswith(f"{value}.")
    if name == "about":
        return bool(before)  # what the owner wrote is better than a list of words
    if name in {"address", "contact_name"}:
        return plain(before) == plain(value)
    return before == value


def _is_finer(name: str, before: Any, value: Any) -> bool:
    return name == "area_id" and bool(before) and str(value).startswith(f"{before}.")


def is_same(read: Read, *, nib: str, area: str | None, numbers: Collection[str]) -> bool:
    """Whether a row of this name is the business of that name with these: by NIB, else by area and telephone."""
    if read.nib and nib:  # two numbers are two businesses, whatever their names
        return read.nib == nib
    speaks = not read.numbers or not numbers or read.numbers & set(numbers)
    return bool(speaks) and same_place(area, read.organisation["area_id"])


class Twins:
    """Rows of one table that are the same business: the second is refused, with the line of the first."""

    def __init__(self) -> None:
        self.by_nib: dict[str, int] = {}
        self.by_core: dict[str, list[tuple[Read, int]]] = defaultdict(list)
        self.by_profile: dict[int, int] = {}

    def look(self, read: Read, number: int) -> None:
        """Remark that the row is the twin of an earlier one, else remember it."""
        first = self.by_nib.get(read.nib) or next(
            (
                line
                for other, line in self.by_core[read.core]
                if is_same(read, nib=other.nib, area=other.organisation["area_id"], numbers=other.numbers)
            ),
            None,
        )
        if first is not None:
            read.remark("twin", str(first))
            return
        self.by_core[read.core].append((read, number))
        if read.nib:
            self.by_nib[read.nib] = number

    def settle(self, verdict: Verdict, number: int) -> Verdict:
        """The same for two rows that turn out to be one profile of the register."""
        if verdict.of is None:
            return verdict
        first = self.by_profile.setdefault(verdict.of.pk, number)
        if first != number:
            verdict.read.remark("twin", str(first))
            return Verdict(verdict.read, REJECTED)
        return verdict
