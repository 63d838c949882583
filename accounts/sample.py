"""The sample people of the demo, and a second factor that everybody knows: only the demo and the tests accept it."""

from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

PASSWORD = "contoh-portal-2026"
PIN = "480213"
TOTP_SECRET = "CONTOHPORTALKEMITRAANLOGAM234567"
PERIOD = 30  # seconds for which one code counts (settings.MFA_TOTP_PERIOD is left at its default)


class Login(NamedTuple):
    """A sample log-in, as `demo_logins` prints it and the log-in page of the demo shows it."""

    who: str | Promise
    name: str
    secret: str
    note: str | Promise = ""


CODE_TOO = _("dengan kode sekali pakai")
LOGINS = [
    Login(_("Pemilik IKM (CV Roller Samangraya)"), "ikm16@contoh.example", PASSWORD),
    Login(_("Pemilik IKM tanpa e-mail (Bengkel Golok Kotabumi)"), "+6281200000010", PIN, "PIN"),
    Login(_("Pembeli (PT Baja Selat Gunungan)"), "pengadaan1@contoh.example", PASSWORD),
    Login(_("Petugas Dinas A"), "petugas.a@contoh.example", PASSWORD, CODE_TOO),
    Login(_("Petugas Dinas B"), "petugas.b@contoh.example", PASSWORD, CODE_TOO),
    Login(_("Petugas Dinas wilayah lain"), "petugas.serang@contoh.example", PASSWORD, CODE_TOO),
    Login(_("Pengelola sistem (/kelola/)"), "pengelola@contoh.example", PASSWORD, CODE_TOO),
]


def current_code() -> str:
    """The one-time code of every sample officer now."""
    counter = int(timezone.now().timestamp()) // PERIOD
    return format_hotp_value(hotp_value(TOTP_SECRET, counter))


def give_sample_totp(user: User) -> None:
    """The sample secret as the user's second factor, with recovery codes; refused outside the demo and the tests."""
    if not settings.IS_SAMPLE:
        raise ImproperlyConfigured("the sample secret is for PORTAL_MODE demo and test only")
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, TOTP_SECRET)
        RecoveryCodes.activate(user)
