"""What came of a closed need, asked of both sides; the office sees where their words differ."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import roles_of
from accounts.models import Organisation
from industry import outcomes
from industry.forms.interest import BuyerOutcomeForm, WorkshopOutcomeForm, initial_outcome
from industry.models import Need, Outcome
from web.lifecycle import StepRefused


@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """By who asks: the buyer's form, the workshop's form, or the comparison for the office."""
    need = get_object_or_404(
        Need.objects.shown_to(request.user).select_related("company__organisation", "unit"), pk=pk
    )
    roles = roles_of(request.user, need.company.organisation)
    membership = request.membership
    acting = membership.organisation if membership else None
    if acting and acting.pk == need.company.organisation_id:
        return of_buyer(request, need)
    if "officer" in roles:
        return render(
            request, "industry/outcomes_compared.html", {"need": need, "rows": outcomes.compared(need)}
        )
    if acting and acting.kind == "ikm":
        return of_workshop(request, need, acting)
    raise Http404


def of_buyer(request: HttpRequest, need: Need) -> HttpResponse:
    if not need.is_closed:
        return redirect("industry:need", pk=need.pk)
    candidates = list(outcomes.candidates(need))
    said = list(need.outcomes.filter(side=Outcome.Side.BUYER))
    form = BuyerOutcomeForm(
        request.POST if request.method == "POST" else None,
        need=need,
        candidates=candidates,
        initial=initial_outcome(said),
    )
    if form.is_bound and form.is_valid():
        outcomes.report_as_buyer(need, form.bought, by=request.user)
        messages.success(request, _("Hasil dicatat. Terima kasih: angka ini menunjukkan apa yang berhasil."))
        return redirect("industry:need", pk=need.pk)
    context = {"need": need, "form": form, "said": said, "candidates": candidates}
    return render(request, "industry/outcome_buyer.html", context)


def of_workshop(request: HttpRequest, need: Need, workshop: Organisation) -> HttpResponse:
    if not outcomes.candidates(need).filter(organisation=workshop).exists():
        raise Http404
    if not need.is_closed:
        return redirect("industry:need", pk=need.pk)
    said = need.outcomes.filter(side=Outcome.Side.WORKSHOP, organisation=workshop).first()
    initial = {"bought": "ya" if said.bought else "tidak", "quantity": said.quantity} if said else {}
    form = WorkshopOutcomeForm(request.POST if request.method == "POST" else None, need=need, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            outcomes.report_as_workshop(
                need, workshop, quantity=form.cleaned_data["quantity"], by=request.user
            )
        except StepRefused:
            raise Http404 from None
        messages.success(request, _("Hasil dicatat. Terima kasih."))
        return redirect("industry:interests")
    return render(request, "industry/outcome_workshop.html", {"need": need, "form": form, "said": said})
