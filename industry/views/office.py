"""The companies of an office, as a list."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import acts_for
from industry import lifecycle
from industry.filters import COMPANY_ORDERS, OfficeCompanyFilter
from industry.models import Company
from web.lists import applied, chosen_order

PER_PAGE = 25


@require_GET
@acts_for("dinas", "operator")
def of_the_office(request: HttpRequest) -> HttpResponse:
    companies = (
        Company.objects.filter(organisation__reviewing_office=request.membership.organisation)
        .select_related("organisation__area")
        .annotate(open_needs=Count("needs", filter=Q(needs__status=lifecycle.OPEN)))
    )
    found = OfficeCompanyFilter(request.GET, queryset=companies)
    order, columns = chosen_order(request.GET, COMPANY_ORDERS, default="nama")
    page = Paginator(found.qs.order_by(*columns), PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "order": order, "chips": applied(request.GET, found.form)}
    return render(request, "industry/of_the_office.html", context)
