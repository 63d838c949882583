"""The second factor beyond what django-allauth shows: where it begins, and which key must stay."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts import second_factor
from accounts.middleware import is_guarded


@require_GET
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Why an officer must set up a second factor, and the two ways to do it."""
    if second_factor.is_set_up(request.user) or not is_guarded(request):
        return redirect("mfa_index")
    return render(request, "accounts/second_factor.html")


@require_http_methods(["GET", "POST"])
def remove_key(request: HttpRequest, pk: int) -> HttpResponse:
    """allauth's page; but the last second factor of somebody who must have one stays."""
    keys = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN)
    key = get_object_or_404(keys, pk=pk)
    adapter = get_adapter()
    if not adapter.can_delete_authenticator(key):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    return remove_webauthn(request, pk=pk)
