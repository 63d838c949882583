"""The directory of suppliers: asked in the address, answered as a page, as its part for htmx, or as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.access import acts_for
from catalogue.models import Area, Unit
from ikm import comparison, sheets
from ikm.directory.facets import LABELS, Choice, Facet
from ikm.directory.query import Query
from ikm.directory.rows import PER_PAGE, Offer, Proof, Row
from ikm.directory.search import Advice, Result, search
from ikm.filters import DirectoryFilter
from ikm.freshness import Freshness, freshness
from ikm.models import Favourite, Ikm
from ikm.suppliers import PROFESSIONAL, confirmed_words
from ikm.views.compare import keys
from ikm.views.readers import Reader, reader
from web.formats import long_date, quantity
from web.lists import Chip
from web.workbooks import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

# The city of the portal: whose workshops come first for somebody who acts for nobody.
HOME = "36.72"
WRITERS = {"xlsx": (write_xlsx, XLSX_TYPE), "csv": (write_csv, CSV_TYPE)}
MOST_EXPORTED = 5_000
# Of a row; the rest stands on the supplier's page.
MOST_OFFERS, MOST_PROOFS = 3, 4


@login_not_required
@require_GET
@vary_on_headers("HX-Request")
def directory(request: HttpRequest) -> HttpResponse:
    """Public facts of whoever takes part. With htmx the part alone, and the address as it is best kept."""
    asked = DirectoryFilter(request.GET)
    query, today = asked.asked(), timezone.localdate()
    result = search(query, on=today, page=page_number(request.GET))
    if result.page > max(result.pages, 1):
        result = search(query, on=today, page=result.pages)
    if (narrower := narrowed(result)) is not None:
        return redirect(address(narrower, chosen_in(request.GET)))
    context = answer(request, asked, result)
    if not request.htmx:
        return render(request, "ikm/directory.html", context)
    response = render(request, "ikm/_directory.html", context)
    response["HX-Push-Url"] = address(result.query, context["chosen"], page=result.page)
    return response


@require_GET
@acts_for(*PROFESSIONAL)
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """What the question finds as a table: the public facts that its pages show, at most so many suppliers."""
    if extension not in WRITERS:
        raise Http404
    write, content_type = WRITERS[extension]
    asked = DirectoryFilter(request.GET)
    result = search(asked.asked(), on=timezone.localdate(), many=MOST_EXPORTED)
    content = write(
        _("Pemasok"),
        sheets.notes(result, [chip.label for chip in chips(result, [])], limit=MOST_EXPORTED),
        sheets.header(),
        sheets.rows(result),
    )
    response = HttpResponse(content, content_type=content_type)
    name = f"pemasok-{result.on:%Y-%m-%d}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def page_number(given: QueryDict) -> int:
    text = given.get("page", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def address(query: Query, chosen: Sequence[int] = (), *, page: int = 1) -> str:
    """Where this is asked; `chosen` are the suppliers ticked for comparing."""
    more = [("banding", str(pk)) for pk in chosen] + ([("page", str(page))] if page > 1 else [])
    asked = urlencode([*query.parameters(), *more])
    return f"{reverse('ikm:directory')}?{asked}" if asked else reverse("ikm:directory")


def chosen_in(given: QueryDict) -> list[int]:
    """Suppliers ticked before, which travel in the address."""
    return keys(given.getlist("banding"))[: comparison.MOST]


def narrowed(result: Result) -> Query | None:
    """Where a choice and one under it stand together, the one under it is meant. None where nothing changes."""
    query = result.query
    for facet in result.facets:
        above = {choice.value: choice.parent for choice in facet.choices}
        for choice in facet.chosen:
            at = choice.parent
            while at:
                if at in getattr(query, facet.name):
                    query = query.without(facet.name, at)
                at = above.get(at, "")
    return query if query != result.query else None


# --- What the page shows


@dataclass(frozen=True)
class Shown:
    """One row, with what the page adds to it."""

    row: Row
    on: date
    offers: list[tuple[Offer, str]]
    proofs: list[Proof]
    is_ticked: bool
    is_favourite: bool

    @property
    def address(self) -> str:
        return f"{reverse('ikm:supplier', kwargs={'ref': self.row.ref})}?no={self.row.ikm}"

    @property
    def more_offers(self) -> int:
        return len(self.row.offers) - len(self.offers)

    @property
    def more_proofs(self) -> int:
        return len([proof for proof in self.row.proofs if proof.is_valid(self.on)]) - len(self.proofs)

    @property
    def confirmed(self) -> str:
        return confirmed_words(self.row.confirmed_on, self.on)

    @property
    def age(self) -> Freshness:
        return freshness(self.row.confirmed_on, self.on)


def arranged(facet: Facet) -> list[Choice]:
    """The choices as they are listed: those that lead somewhere first, none under one that leads nowhere.

    Ages, sizes and standings keep their own order.
    """
    if facet.name in ("ukuran", "segar", "bukti"):
        return list(facet.choices)
    under: dict[str, list[Choice]] = {}
    for choice in facet.choices:
        under.setdefault(choice.parent, []).append(choice)
    listed: list[Choice] = []

    def add(parent: str) -> None:
        for choice in sorted(under.get(parent, []), key=leads_nowhere):
            listed.append(choice)
            if not leads_nowhere(choice):
                add(choice.value)

    def leads_nowhere(choice: Choice) -> bool:
        return not choice.count and not any(each.is_chosen for each in below(choice, under))

    add("")
    return listed


def below(choice: Choice, under: Mapping[str, Sequence[Choice]]) -> Iterator[Choice]:
    """The choice, and all that lie under it."""
    yield choice
    for each in under.get(choice.value, ()):
        yield from below(each, under)


class Suggestion(NamedTuple):
    """Which filter to drop where nothing was found, and how many that gives."""

    label: str
    count: int
    url: str


def answer(request: HttpRequest, asked: DirectoryFilter, result: Result) -> dict[str, Any]:
    who = reader(request)
    chosen = chosen_in(request.GET)
    elsewhere = [pk for pk in chosen if pk not in {row.ikm for row in result.rows}]
    home = home_of(who)
    return {
        "form": asked.form,
        "result": result,
        "facets": [(facet, arranged(facet)) for facet in result.facets],
        "rows": list(rows_of(result, chosen, favourites_among(result, who))),
        "page": Paginator(range(min(result.total, PER_PAGE * result.pages)), PER_PAGE).get_page(result.page),
        "chips": list(chips(result, chosen)),
        "sorts": sorts(result, chosen, asked),
        "suggestions": [suggestion(each, result, chosen) for each in result.advice],
        "ignored": [(name_of(name), value) for name, value in result.ignored],
        "home": home,
        "home_first": result.query.dekat == home.code if home else False,
        "chosen": chosen,
        "elsewhere": Ikm.objects.published().filter(pk__in=elsewhere).select_related("organisation")
        if elsewhere
        else [],
        "most": comparison.MOST,
        "buyer": who.buyer,
        "may_export": who.acting is not None and who.acting.kind in PROFESSIONAL,
        "export_query": result.query.urlencode(),
        "filters_in_use": len([name for name in result.query.asked if name != "q"]),
    }


def home_of(who: Reader) -> Area | None:
    """The city or regency of whoever asks, else that of the portal."""
    area = who.acting.area if who.acting is not None else None
    return Area.objects.filter(pk=(area.regency_code if area is not None else None) or HOME).first()


def favourites_among(result: Result, who: Reader) -> set[int]:
    if who.buyer is None:
        return set()
    shown = [row.ikm for row in result.rows]
    return set(Favourite.objects.of(who.buyer).filter(ikm__in=shown).values_list("ikm", flat=True))


def rows_of(result: Result, chosen: Sequence[int], favourites: set[int]) -> Iterator[Shown]:
    symbols = Unit.objects.in_bulk({offer.unit for row in result.rows for offer in row.offers})
    for row in result.rows:
        best = row.matched or row.offers
        valid = [proof for proof in row.proofs if proof.is_valid(result.on)]
        yield Shown(
            row,
            result.on,
            [(offer, free_words(offer, symbols)) for offer in best[:MOST_OFFERS]],
            sorted(valid, key=lambda proof: proof.evidence != "verified")[:MOST_PROOFS],
            row.ikm in chosen,
            row.ikm in favourites,
        )


def free_words(offer: Offer, symbols: dict[str, Unit]) -> str:
    """ "bebas 160 pcs per bulan"; "" where it is not known."""
    if offer.free is None:
        return ""
    free = quantity(offer.free, str(symbols[offer.unit]))
    return _("bebas %(free)s per bulan") % {"free": free}


def chips(result: Result, chosen: Sequence[int]) -> Iterator[Chip]:
    """What is asked, each with the address without it."""
    query = result.query

    def without(facet: str, value: str | None = None) -> str:
        return address(query.without(facet, value), chosen)

    if query.q:
        yield Chip(f"“{query.q}”", without("q"))
    for facet in result.facets:
        for choice in facet.chosen:
            yield Chip(f"{facet.label}: {choice.label}", without(facet.name, choice.value))
    if query.terperiksa:
        yield Chip(_("Sertifikat terperiksa"), without("terperiksa"))
    if query.berlaku:
        yield Chip(
            _("Sertifikat berlaku pada %(day)s") % {"day": long_date(query.berlaku)}, without("berlaku")
        )
    if query.bebas is not None:
        unit = Unit.objects.filter(pk=query.satuan).first()
        yield Chip(
            _("Bebas paling sedikit %(free)s per bulan")
            % {"free": quantity(query.bebas, str(unit or query.satuan))},
            without("bebas"),
        )


def sorts(result: Result, chosen: Sequence[int], asked: DirectoryFilter) -> list[tuple[str, str, bool]]:
    """(word, address, whether it is the order of the page)."""
    return [
        (word, address(replace(result.query, urut=slug), chosen), slug == result.query.urut)
        for slug, word in asked.form.fields["urut"].choices
    ]


def suggestion(advice: Advice, result: Result, chosen: Sequence[int]) -> Suggestion:
    if advice.facet == "q":
        label = _("Tanpa kata “%(word)s”") % {"word": advice.value or result.query.q}
    else:
        label = _("Tanpa saringan %(name)s") % {"name": name_of(advice.facet)}
    return Suggestion(label, advice.count, address(advice.query, chosen))


def name_of(parameter: str) -> str:
    """A parameter of the address in words."""
    others = {
        "q": _("kata"),
        "bebas": _("kapasitas bebas"),
        "satuan": _("satuan"),
        "berlaku": _("tanggal berlaku"),
        "urut": _("urutan"),
        "dekat": _("kota yang didahulukan"),
    }
    return str(LABELS.get(parameter) or others.get(parameter, parameter))
