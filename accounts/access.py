"""Who may open a page, and in what role somebody acts on an organisation."""

import functools
from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Membership, Organisation, User

View = Callable[..., HttpResponse]


def acts_for(*kinds: str, roles: Iterable[str] = ()) -> Callable[[View], View]:
    """The view runs only when `request.membership` is of one of `kinds` (and of one of `roles`, if any are named).

    Somebody with another membership that fits is led to the chooser and back; everybody else gets 404.
    """
    held = frozenset(roles)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            membership = request.membership
            if membership and membership.organisation.kind in kinds and (not held or membership.role in held):
                return view(request, *args, **kwargs)
            others = Membership.objects.current().of_kinds(*kinds).filter(user=request.user.pk)
            if held:
                others = others.filter(role__in=held)
            if not others.exists():
                raise Http404
            query = urlencode({"next": request.get_full_path(), "jenis": ",".join(kinds)})
            return redirect(f"{reverse('accounts:choose')}?{query}")

        return guarded

    return decorate


def roles_of(user: User, organisation: Organisation) -> set[str]:
    """What the person is to the organisation: owner or staff who works for it, officer who works for its office."""
    office = organisation.reviewing_office_id
    found = (
        Membership.objects.current()
        .filter(user=user, organisation__in=[organisation.pk, office or organisation.pk])
        .values_list("organisation", "role")
    )
    return {role if place == organisation.pk else "officer" for place, role in found}
