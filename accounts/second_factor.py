"""The second step of a log-in: who needs it, and whether this session has had it (DESIGN §6)."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.dispatch import receiver
from django.http import HttpRequest

KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_set_up(user: Any) -> bool:
    """An authenticator app or a passkey; recovery codes alone do not count."""
    return is_mfa_enabled(user, KINDS)


def was_given(request: HttpRequest) -> bool:
    """In this session, by this person: a code, a recovery code or a passkey."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


@receiver(authenticator_added)
def count_as_given(
    sender: type, request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Who has just set it up has shown a code or touched the key: not asked again at once."""
    if authenticator.type in KINDS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
