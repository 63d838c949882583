"""An officer registers a workshop for its owner, who signs in later with a card or takes it over by invitation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.people import InvitationForm
from ikm.forms.start import StartForm
from web.fields import LineField, PhoneField


class RegistrationForm(StartForm):
    """`is_new`: the officer has seen the profiles that resemble it, and says that it is none of them."""

    contact_name = LineField(label=_("Nama pemilik"), max_length=120)
    whatsapp = PhoneField(
        label=_("Nomor ponsel pemilik"),
        mobile=True,
        help_text=_("Dengan nomor ini pemilik masuk dan menerima kabar lewat WhatsApp."),
    )
    is_new = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ("name", "area", "contact_name", "whatsapp", "nib")


class OwnerInvitationForm(InvitationForm):
    """Cleaned to either `email` or `phone` of the owner who is to take the profile over."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["role"]
        self.fields["contact"].label = _("E-mail atau nomor WhatsApp pemilik")


class TakeoverForm(forms.Form):
    consent = forms.BooleanField(
        label=_("Saya sudah membaca dan setuju."), error_messages={"required": _("Centang bila Anda setuju.")}
    )

    def clean_consent(self) -> bool:
        # Django takes any word for a tick; a consent is the tick that the page offers.
        if self.data.get("consent") != "on":
            raise ValidationError(self.fields["consent"].error_messages["required"], code="required")
        return True
