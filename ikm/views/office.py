"""The workshops of an office, as a list."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import acts_for
from ikm.filters import ORDERS, OfficeIkmFilter, of_office
from web.lists import applied, chosen_order

PER_PAGE = 25


@require_GET
@acts_for("dinas", "operator")
def of_the_office(request: HttpRequest) -> HttpResponse:
    office = request.membership.organisation
    found = OfficeIkmFilter(request.GET, queryset=of_office(office), office=office)
    order, columns = chosen_order(request.GET, ORDERS, default="nama")
    page = Paginator(found.qs.order_by(*columns), PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "order": order, "chips": applied(request.GET, found.form)}
    return render(request, "ikm/of_the_office.html", context)
