"""The operator's view of people and organisations. Reached with a second factor only (SecondFactorMiddleware)."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa import admin as mfa_admin  # noqa: F401 (registers what is registered anew below)
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Claim,
    Consent,
    Document,
    EntryCard,
    FollowUp,
    Introduction,
    Invitation,
    Membership,
    Notification,
    Organisation,
    ReminderPolicy,
    User,
)
from accounts.organisations import assign_office, settle_around

admin.site.site_header = admin.site.site_title = _("Portal Kemitraan IKM Logam: pengelolaan")
admin.site.index_title = _("Pengelolaan")
# One log-in for all: the portal's, with its limits and its second step.
admin.site.login = secure_admin_login(admin.site.login)


class ReadOnly(admin.ModelAdmin):
    """Records of what happened: looked at, never edited here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    raw_id_fields = ["user", "organisation"]


class UserForm(forms.ModelForm):
    """Log-in names in their one spelling; an empty one is none."""

    def clean_email(self):
        return (self.cleaned_data["email"] or "").lower() or None

    def clean_phone(self):
        return self.cleaned_data["phone"] or None

    def clean(self):
        super().clean()
        if not (self.cleaned_data.get("email") or self.cleaned_data.get("phone") or self.errors):
            self.add_error("phone", _("Isi nomor ponsel atau e-mail."))


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """A new person has no password: they make one by "Lupa kata sandi", or with a card."""

    form = UserForm
    list_display = ["name", "email", "phone", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email", "phone"]
    fields = ["name", "email", "phone", "language", "is_active", "is_staff", "is_superuser", "groups"]
    filter_horizontal = ["groups"]
    inlines = [MembershipInline]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False  # a person is made inactive; deletion on request reaches further than one row


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "area", "reviewing_office", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["area", "reviewing_office"]
    search_fields = ["name", "ref", "nib"]
    raw_id_fields = ["area", "reviewing_office"]
    readonly_fields = ["allows_same_person", "created_at"]
    inlines = [MembershipInline]

    def save_model(self, request, obj, form, change):
        """An office that is founded or moved here takes over its area, as anywhere else."""
        obj.office_is_chosen = obj.office_is_chosen or "reviewing_office" in form.changed_data
        super().save_model(request, obj, form, change)
        if not change or {"area", "kind"} & set(form.changed_data):
            assign_office(obj)
            settle_around(obj)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "organisation", "role", "joined_on", "left_on"]
    list_filter = ["role"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "organisation__name"]
    raw_id_fields = ["user", "organisation"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["organisation", "email", "phone", "role", "expires_at", "accepted_at"]
    list_select_related = ["organisation"]
    exclude = ["token"]


@admin.register(Claim)
class ClaimAdmin(ReadOnly):
    list_display = ["organisation", "user", "state", "created_at", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["organisation", "user"]


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ["organisation", "user", "text_version", "given_at", "withdrawn_at"]
    list_select_related = ["organisation", "user"]


@admin.register(EntryCard)
class EntryCardAdmin(ReadOnly):
    list_display = ["user", "organisation", "office", "issued_by", "issued_at", "expires_at", "used_at"]
    list_select_related = ["user", "organisation", "office", "issued_by"]
    exclude = ["code_hash"]


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    list_display = ["title", "organisation", "created_at", "read_at", "handed_over_at"]
    list_select_related = ["organisation"]
    search_fields = ["title", "key"]


class ReminderPolicyForm(forms.ModelForm):
    MOST_MONTHS, MOST_DAYS = 24, 730

    def clean(self):
        cleaned = super().clean()
        for name, days in list(cleaned.items()):
            most = self.MOST_MONTHS if name == "confirm_months" else self.MOST_DAYS
            if days and max(days) > most:
                self.add_error(name, _("Paling banyak %(most)d.") % {"most": most})
        return cleaned


@admin.register(ReminderPolicy)
class ReminderPolicyAdmin(admin.ModelAdmin):
    """One row; without it the values that the form shows are in force."""

    form = ReminderPolicyForm

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not ReminderPolicy.objects.exists()


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ["name", "organisation", "content_type", "size", "uploaded_at"]
    list_select_related = ["organisation"]
    exclude = ["file", "thumbnail"]


@admin.register(Introduction)
class IntroductionAdmin(ReadOnly):
    list_display = ["first", "second", "opened_at", "reason"]
    list_select_related = ["first", "second"]


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly):
    list_display = ["organisation", "what", "about", "counterpart", "due_on", "done_at"]
    list_select_related = ["organisation", "counterpart"]
    search_fields = ["organisation__name", "about"]


# allauth's own page shows the secrets.
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnly):
    """A lost phone and no recovery codes left: the operator deletes the second factor, and it is set up anew."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email", "user__phone"]
    exclude = ["data"]

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser
