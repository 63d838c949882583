"""Forms of the account, of members, of cards, claims and consent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import memberships
from accounts.models import Organisation, User
from accounts.pins import check_pin
from web.fields import LineField, ParagraphField, PhoneField

NEW_OWNER = "baru"


class PersonForm(forms.Form):
    name = LineField(label=_("Nama"), max_length=120)
    phone = PhoneField(
        label=_("Nomor ponsel"), mobile=True, required=False, help_text=_("Untuk masuk dan untuk WhatsApp.")
    )
    language = forms.ChoiceField(
        label=_("Bahasa"),
        choices=[("id", "Bahasa Indonesia"), ("en", "English")],
        widget=forms.RadioSelect,
        help_text=_("Untuk halaman, surat, dan pemberitahuan."),
    )


class InvitationForm(forms.Form):
    """Cleaned to `role` and either `email` or `phone`."""

    contact = LineField(
        label=_("E-mail atau nomor WhatsApp"),
        max_length=254,
        help_text=_("Ke e-mail kami yang mengirim. Ke nomor, Anda sendiri yang mengirim lewat WhatsApp."),
    )
    role = forms.ChoiceField(label=_("Peran"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        roles = memberships.roles_in(organisation)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        self.fields["role"].initial = roles[-1].value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        contact = cleaned.pop("contact", "")
        kind, field = (
            ("email", forms.EmailField(max_length=254))
            if "@" in contact
            else ("phone", PhoneField(mobile=True))
        )
        try:
            cleaned[kind] = field.clean(contact) if contact else ""
        except ValidationError as refusal:
            self.add_error("contact", refusal)
        return cleaned


class CardForm(forms.Form):
    """For a member of the workshop, or for its new owner where it has none."""

    holder = forms.ChoiceField(label=_("Untuk siapa?"), widget=forms.RadioSelect)
    name = LineField(label=_("Nama pemilik"), max_length=120, required=False)
    phone = PhoneField(
        label=_("Nomor ponsel"),
        mobile=True,
        required=False,
        help_text=_("Dengan nomor ini ia masuk. Nomornya berganti? Tulis yang baru."),
    )

    def __init__(self, *args: Any, members: list[User], has_owner: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in members}
        choices = [(pk, f"{member} ({member.login_name})") for pk, member in self.members.items()]
        if has_owner:
            del self.fields["name"]
        else:
            choices.append((NEW_OWNER, gettext("Pemilik yang belum punya akun")))
        self.fields["holder"].choices = choices
        if len(choices) == 1:
            self.fields["holder"].initial = choices[0][0]
            if choices[0][0] == NEW_OWNER:
                self.fields["holder"].widget = forms.HiddenInput()
                for name in ("name", "phone"):
                    self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("holder") == NEW_OWNER:
            for name in ("name", "phone"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Bagian ini belum diisi."))
        return cleaned

    @property
    def person(self) -> User | None:
        return self.members.get(self.cleaned_data["holder"])


class CardEntryForm(forms.Form):
    login = LineField(label=_("Nomor ponsel (atau e-mail)"), max_length=254)
    code = LineField(label=_("Kode di kartu"), max_length=20, help_text=_("8 angka."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("PIN baru"),
        help_text=_("6 angka yang mudah Anda ingat dan sulit ditebak orang."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Ulangi PIN"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, phone: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.phone = phone

    def clean_pin(self) -> str:
        check_pin(self.cleaned_data["pin"], phone=self.phone)
        return self.cleaned_data["pin"]

    def clean_again(self) -> str:
        if "pin" in self.cleaned_data and self.cleaned_data["again"] != self.cleaned_data["pin"]:
            raise ValidationError(gettext("Kedua PIN tidak sama. Tulis sekali lagi."))
        return self.cleaned_data["again"]


class ClaimForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Keputusan"),
        widget=forms.RadioSelect,
        choices=[("accept", _("Terima: orang ini pemiliknya")), ("refuse", _("Tolak"))],
    )
    reason = ParagraphField(
        label=_("Alasan bila ditolak"),
        max_length=500,
        required=False,
        help_text=_("Dibaca oleh pengaju. Tulis juga apa yang perlu dibawa atau dilakukan."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason"):
            self.add_error("reason", gettext("Tulis alasannya."))
        return cleaned
