"""What django-allauth asks us: mobile numbers as log-in names, where to go next, and which codes count."""

import time

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import pins, sample
from accounts.models import User
from web import identifiers
from web.fields import PhoneField

# The doors of the start page: what somebody wants here, and where that begins.
DOORS = {"usaha": "ikm:start", "pembeli": "industry:start"}


def door_of(request: HttpRequest) -> str:
    """The door that this log-in or sign-up came through ("usaha", "pembeli"); "" when none was chosen."""
    door = request.POST.get("untuk") or request.GET.get("untuk") or ""
    return door if door in DOORS else ""


class AccountAdapter(DefaultAccountAdapter):
    """A mobile number is a log-in name without a code by SMS: no gateway is contacted (DESIGN §6)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."),
        "phone_password_mismatch": _("Nomor atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."),
        "username_password_mismatch": _("Tulis e-mail lengkap, atau nomor ponsel seperti 0812 3456 7890."),
        "invalid_login": _("Tulis e-mail lengkap, atau nomor ponsel seperti 0812 3456 7890."),
        "too_many_login_attempts": _("Terlalu banyak percobaan. Tunggu 5 menit, lalu coba lagi."),
        "email_taken": _("Alamat ini sudah terdaftar. Masuk dengan alamat ini, atau buat kata sandi baru."),
        "phone_taken": _("Nomor ini sudah terdaftar. Masuk, atau minta kartu masuk dari Dinas."),
        "incorrect_code": _("Kode tidak cocok atau sudah lewat waktunya."),
    }

    def phone_form_field(self, **kwargs):
        return PhoneField(mobile=True, **kwargs)

    def get_phone(self, user):
        return (user.phone, True) if user.phone else None

    def set_phone(self, user, phone, verified):
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user, phone):
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone):
        try:
            number = identifiers.phone(phone, mobile=True)
        except identifiers.IdentifierRefused:
            return None
        return User.objects.filter(phone=number).first()

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        raise ImproperlyConfigured("no gateway for text messages; codes go by mail")

    def save_user(self, request, user, form, commit=True):
        """allauth's own leaves "" in an address that is missing, which only one person could have."""
        data = form.cleaned_data
        user.name, user.email, user.phone = data["name"], data.get("email") or None, data.get("phone") or None
        user.language = get_language() or settings.LANGUAGE_CODE
        user.set_password(data["password1"])
        if commit:
            user.save()
        return user

    def clean_password(self, password, user=None):
        """Who has no e-mail address may keep to a PIN of six figures; everybody else needs a password."""
        if user is not None and user.pk and not user.email and password.isdigit():
            pins.check_pin(password, phone=user.phone or "")
            return password
        return super().clean_password(password, user=user)

    def get_login_redirect_url(self, request):
        return reverse(DOORS.get(door_of(request), "home"))

    def get_signup_redirect_url(self, request):
        return self.get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not within minutes of the log-in: who sets up the second factor has just given the password."""
        records = get_authentication_records(context.request, context.request.user)
        if records and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Petugas harus punya langkah masuk kedua. Tambahkan yang lain dulu, lalu hapus yang ini."
        ),
        "incorrect_code": _(
            "Kode tidak cocok, sudah terpakai, atau sudah lewat waktunya. Tunggu kode berikutnya."
        ),
    }

    def get_totp_label(self, user):
        return user.login_name

    def decrypt(self, encrypted_text):
        """The sample secret is known to everybody: outside the demo and the tests no code of it counts."""
        if encrypted_text == sample.TOTP_SECRET and not settings.IS_SAMPLE:
            return generate_totp_secret()
        return encrypted_text

    def can_delete_authenticator(self, authenticator):
        """Who must have a second factor keeps at least one."""
        kinds = [authenticator.Type.TOTP, authenticator.Type.WEBAUTHN]
        others = type(authenticator).objects.filter(user=authenticator.user_id, type__in=kinds)
        if authenticator.type in kinds and not others.exclude(pk=authenticator.pk).exists():
            return not authenticator.user.needs_second_factor
        return True
