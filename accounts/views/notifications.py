"""News: what waits to be read, and what the organisation may still send by WhatsApp."""

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts import notices
from accounts.access import acts_for
from accounts.models import Notification, Organisation
from web.formats import wa_link

ANY = tuple(Organisation.Kind.values)
# Browsers apply form-action to every address that the answer to the form leads on to.
WHATSAPP = ["https://wa.me", "https://api.whatsapp.com"]


@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Unread first, then the newest."""
    own = Notification.objects.for_user(request.user).select_related("organisation")
    ordered = own.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")
    page = Paginator(ordered, 20).get_page(request.GET.get("page"))
    context = {"page": page, "unread": Notification.objects.for_user(request.user).unread().count()}
    return render(request, "accounts/notifications.html", context)


@require_POST
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    notification = get_object_or_404(Notification.objects.for_user(request.user), pk=pk)
    notices.mark_read(notification, by=request.user)
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(notification.url, allowed_hosts=hosts)
    return redirect(notification.url if is_ours else "accounts:notifications")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    notices.mark_all_read(by=request.user)
    return redirect("accounts:notifications")


@csp_update({"form-action": WHATSAPP})
@require_GET
@acts_for(*ANY)
def hand_over(request: HttpRequest) -> HttpResponse:
    """What the organisation may still send: one tap each."""
    waiting = Notification.objects.to_hand_over(request.membership.organisation)
    page = Paginator(waiting.select_related("organisation", "user"), 20).get_page(request.GET.get("page"))
    return render(request, "accounts/hand_over.html", {"page": page})


@require_POST
@acts_for(*ANY)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as handed over and open WhatsApp with its text."""
    own = Notification.objects.filter(sender=request.membership.organisation).exclude(whatsapp="")
    notification = get_object_or_404(own.select_related("organisation", "user"), pk=pk)
    notices.hand_over(notification, by=request.user)
    return HttpResponseRedirect(wa_link(notification.whatsapp, notices.whatsapp_text(notification)))


@login_not_required
@require_GET
def news(request: HttpRequest, token: str) -> HttpResponse:
    """One piece of news behind a link that was handed over: to read without a log-in, to act upon with one."""
    notification = notices.by_token(token)
    context = {"notification": notification}
    return render(request, "accounts/news.html", context, status=200 if notification else 410)
