"""Suppliers side by side: up to four, chosen in the address."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from ikm import comparison, suppliers
from ikm.models import Ikm
from ikm.suppliers import Supplier
from ikm.views.readers import reader

# Keys are whole numbers of a size that a row can have.
LONGEST_KEY = 18
# Of the choices in an address so many are looked at.
MOST_READ = 20


@login_not_required
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """`?ikm=12&ikm=15`; a fifth is named and left out, and so is what is not published."""
    asked = keys(request.GET.getlist("ikm"))
    found = suppliers.with_place(Ikm.objects.published()).in_bulk(asked)
    there = [found[pk] for pk in asked if pk in found]
    listed, too_many = there[: comparison.MOST], there[comparison.MOST :]
    who = reader(request)
    shown = suppliers.read(listed, who.sights(listed), on=timezone.localdate(), favourites_of=who.buyer)
    only_differing = request.GET.get("beda") == "1" and len(shown) > 1
    context = {
        "columns": [(supplier, without(shown, supplier)) for supplier in shown],
        "groups": comparison.compare(shown, only_differing=only_differing) if shown else [],
        "only_differing": only_differing,
        "too_many": too_many,
        "gone": len(asked) - len(there),
        "most": comparison.MOST,
        "buyer": who.buyer,
        "chosen": urlencode({"banding": [supplier.ikm.pk for supplier in shown]}, doseq=True),
    }
    return render(request, "ikm/compare.html", context)


def keys(given: Sequence[str]) -> list[int]:
    """What can be keys, each once, in the order of the address."""
    plain = [text for text in given if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY]
    return list(dict.fromkeys(map(int, plain)))[:MOST_READ]


def without(shown: Sequence[Supplier], left_out: Supplier) -> str:
    """The query of the page without one of them."""
    return urlencode({"ikm": [each.ikm.pk for each in shown if each is not left_out]}, doseq=True)
