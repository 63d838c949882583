"""Who reads a public page, and what they see of a workshop there."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts import second_factor
from accounts.middleware import is_guarded, memberships_of
from accounts.models import Membership, Organisation, User
from ikm import suppliers
from ikm.models import Ikm
from ikm.suppliers import Sight


class Reader(NamedTuple):
    user: User | AnonymousUser
    memberships: Sequence[Membership]
    acting: Organisation | None

    @property
    def buyer(self) -> Organisation | None:
        """The company that is acted for; None for everybody else."""
        return self.acting if self.acting is not None and self.acting.kind == "company" else None

    def sights(self, ikms: list[Ikm]) -> dict[int, Sight]:
        return suppliers.sights(ikms, memberships=self.memberships, acting=self.acting)


def reader(request: HttpRequest) -> Reader:
    """Whose second step of the log-in is still due reads public pages as a stranger does."""
    user = request.user
    if not user.is_authenticated or (is_guarded(request) and not second_factor.was_given(request)):
        return Reader(AnonymousUser(), [], None)
    acting = request.membership.organisation if request.membership else None
    return Reader(user, memberships_of(request), acting)
