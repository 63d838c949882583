"""The forms of log-in and sign-up, as django-allauth calls them (settings.ACCOUNT_FORMS and MFA_FORMS)."""

import struct
from contextlib import contextmanager

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.adapter import door_of
from web import identifiers
from web.fields import LineField, PhoneField

NOT_FILLED = _("Bagian ini belum diisi.")
TOO_SHORT = _("Paling sedikit 10 karakter, bukan kata yang umum.")


class PlainMixin:
    """Labels above, help below, no placeholders (they are no labels), and no link inside a help text."""

    labels: dict = {}
    helps: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.error_messages["required"] = NOT_FILLED
            if isinstance(field.widget, forms.PasswordInput):
                field.help_text = ""
            field.help_text = self.helps.get(name, field.help_text)


class LoginForm(PlainMixin, account_forms.LoginForm):
    labels = {"login": _("E-mail atau nomor ponsel"), "password": _("Kata sandi atau PIN")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}

    def clean_login(self):
        """A mobile number in one spelling, so that each of its spellings counts as the same log-in name."""
        login = super().clean_login()
        try:
            return identifiers.phone(login, mobile=True)
        except identifiers.IdentifierRefused:
            return login


class SignupForm(PlainMixin, account_forms.SignupForm):
    """One log-in name: a workshop's owner has a mobile number or an e-mail address, who comes to buy an address."""

    name = LineField(label=_("Nama Anda"), max_length=120)
    contact = LineField(label=_("Nomor ponsel atau e-mail"), max_length=254)
    field_order = ["name", "contact", "password1"]
    labels = {"password1": _("Kata sandi")}
    helps = {"password1": TOO_SHORT, "contact": _("Dengan ini Anda masuk. Contoh: 0812 3456 7890.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["phone"], self.fields["email"]
        self.fields["name"].widget.attrs |= {"autocomplete": "name"}
        contact = self.fields["contact"]
        contact.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.needs_email = door_of(context.request) == "pembeli"
        if self.needs_email:
            contact.label = _("E-mail kantor")
            contact.help_text = _("Dengan ini Anda masuk. Kami mengirim tautan konfirmasi ke alamat ini.")
            contact.widget.attrs |= {"type": "email", "autocomplete": "email"}

    def clean_contact(self):
        """Sets `email` or `phone` among the cleaned data; both spelled in the one way they are kept."""
        contact = self.cleaned_data["contact"]
        self.cleaned_data |= {"email": "", "phone": ""}
        if "@" in contact or self.needs_email:
            address = forms.EmailField().clean(contact).lower()
            self.cleaned_data["email"] = self.validate_unique_email(address)
        else:
            self.cleaned_data["phone"] = self._unused(PhoneField(mobile=True).clean(contact))
        return contact

    def _unused(self, phone):
        """allauth would keep it a secret where a code by SMS could follow; here the person must be told."""
        adapter = account_forms.get_adapter()
        if adapter.get_user_by_phone(phone):
            raise adapter.validation_error("phone_taken")
        return phone

    def _clean_phone(self):
        pass  # done with the contact

    def try_save(self, request):
        """Two clicks at once: the second finds the account made, and is sent to log in."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            messages.info(request, gettext("Akun ini sudah dibuat. Silakan masuk."))
            return None, redirect("account_login")


class RequestLoginCodeForm(PlainMixin, account_forms.RequestLoginCodeForm):
    labels = {"email": _("E-mail")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["phone"]
        self.fields["email"].required = True

    def clean_email(self):
        # allauth looks for the person by the address as typed.
        self.cleaned_data["email"] = self.cleaned_data["email"].lower()
        return super().clean_email()


class CodeMixin(PlainMixin):
    """A code of figures: the number pad on phones, no suggestions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "none"}


class ConfirmLoginCodeForm(CodeMixin, account_forms.ConfirmLoginCodeForm):
    labels = {"code": _("Kode dari e-mail")}


class ResetPasswordForm(PlainMixin, account_forms.ResetPasswordForm):
    labels = {"email": _("E-mail")}


class ResetPasswordKeyForm(PlainMixin, account_forms.ResetPasswordKeyForm):
    labels = {"password1": _("Kata sandi baru"), "password2": _("Ulangi kata sandi baru")}
    helps = {"password1": TOO_SHORT}


class SetPasswordForm(PlainMixin, account_forms.SetPasswordForm):
    labels = {"password1": _("Kata sandi baru"), "password2": _("Ulangi kata sandi baru")}
    helps = {"password1": TOO_SHORT}


class ChangePasswordForm(PlainMixin, account_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Kata sandi atau PIN sekarang"),
        "password1": _("Kata sandi baru"),
        "password2": _("Ulangi kata sandi baru"),
    }
    helps = {"password1": TOO_SHORT}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user is not None and not self.user.email:
            self.fields["password1"].label = _("Kata sandi atau PIN baru")
            self.fields["password1"].help_text = _("PIN 6 angka, atau kata sandi paling sedikit 10 karakter.")
            self.fields["password2"].label = _("Ulangi kata sandi atau PIN baru")


class ReauthenticateForm(PlainMixin, account_forms.ReauthenticateForm):
    labels = {"password": _("Kata sandi atau PIN")}


class ChangeEmailForm(PlainMixin, account_forms.AddEmailForm):
    labels = {"email": _("E-mail baru")}


class AuthenticateForm(CodeMixin, mfa_forms.AuthenticateForm):
    labels = {"code": _("Kode dari aplikasi, atau kode cadangan")}


class MfaReauthenticateForm(CodeMixin, mfa_forms.ReauthenticateForm):
    labels = {"code": _("Kode dari aplikasi, atau kode cadangan")}


class ActivateTotpForm(CodeMixin, totp_forms.ActivateTOTPForm):
    labels = {"code": _("Kode 6 angka dari aplikasi")}


# What the libraries raise, here and there, for an answer that no browser gives.
GARBLED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    InvalidSignature,
    struct.error,
)


@contextmanager
def answer_of_a_key():
    """What a browser says of a key is written by whoever sends it: garbled, it is a wrong code, not a failure."""
    try:
        yield
    except GARBLED:
        raise get_adapter().validation_error("incorrect_code") from None


class KeyNameMixin(PlainMixin):
    """A key has a name of one line; without one it gets the usual name."""

    labels = {"name": _("Nama kunci"), "passwordless": _("Masuk tanpa kata sandi dengan kunci ini")}
    helps = {"passwordless": _("Kuncinya harus meminta sidik jari, wajah, atau PIN.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        self.fields["name"] = LineField(label=field.label, required=field.required, max_length=80)


class AddWebAuthnForm(KeyNameMixin, webauthn_forms.AddWebAuthnForm):
    def clean(self):
        with answer_of_a_key():
            return super().clean()


class EditWebAuthnForm(KeyNameMixin, webauthn_forms.EditWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(webauthn_forms.AuthenticateWebAuthnForm):
    def clean_credential(self):
        with answer_of_a_key():
            return super().clean_credential()


class LoginWebAuthnForm(webauthn_forms.LoginWebAuthnForm):
    def clean_credential(self):
        with answer_of_a_key():
            return super().clean_credential()


class ReauthenticateWebAuthnForm(webauthn_forms.ReauthenticateWebAuthnForm):
    def clean_credential(self):
        with answer_of_a_key():
            return super().clean_credential()
