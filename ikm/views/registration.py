"""An officer registers a workshop for an owner who stands at the counter, or in the workshop."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import acts_for
from accounts.organisations import office_for
from ikm import profiles, search
from ikm.forms.registration import RegistrationForm

# What was typed and chosen goes with the question whether it is one of those that exist.
TRAVELS = frozenset(["name", "area", "area_kata", "area_untuk", "contact_name", "whatsapp", "nib"])


@require_http_methods(["GET", "POST"])
@acts_for("dinas")
def register_for_owner(request: HttpRequest) -> HttpResponse:
    """Name, place, owner; first the profiles that it may already be; then the task list on the owner's behalf."""
    office = request.membership.organisation
    if request.method != "POST":
        return _draw(request, RegistrationForm())
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return _draw(request, form, status=422)
    said = {name: value for name, value in form.cleaned_data.items() if name != "is_new"}
    # Who registers for another office's area could not go on with the profile.
    responsible = office_for(said["area"])
    if responsible != office:
        form.add_error(
            "area",
            _("Wilayah ini ditangani %(office)s. Minta petugas di sana mendaftarkannya.")
            % {"office": responsible or _("pengelola portal")},
        )
        return _draw(request, form, status=422)
    if not form.cleaned_data["is_new"]:
        answers = {name: said[name] for name in ("name", "area", "nib", "whatsapp")}
        if found := list(search.resembling(**answers, by=request.user)):
            typed = [(name, value) for name, value in request.POST.items() if name in TRAVELS]
            return _draw(request, form, found=found, typed=typed)
    ikm = profiles.start_profile(by=request.user, role=None, **said)
    card = reverse("accounts:card_issue", args=[ikm.organisation_id])
    messages.success(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            _("%(name)s terdaftar sebagai draf. Isi datanya bersama pemilik, atau")
            % {"name": ikm.organisation.name},
            card,
            _("buat kartu masuknya"),
        ),
    )
    return redirect("ikm:workshop", pk=ikm.pk)


def _draw(request: HttpRequest, form: RegistrationForm, *, status: int = 200, **more) -> HttpResponse:
    context = {"form": form, "office": request.membership.organisation, **more}
    return render(request, "ikm/register_for_owner.html", context, status=status)
