"""Who may open a page: the organisation that the request acts for must be of the right kind."""

import functools
from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Membership

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
