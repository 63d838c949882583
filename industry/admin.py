"""The operator's view of companies and needs. Steps of a life are taken on the portal's own pages, not here."""

from django.contrib import admin

from accounts.admin import ReadOnly
from industry.models import (
    Attachment,
    Company,
    ConfidentialityPromise,
    Interest,
    Need,
    Outcome,
    Question,
)


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["organisation", "status", "sector", "submitted_at", "reviewed_at"]
    list_filter = ["status"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "organisation__ref", "organisation__nib"]
    fields = [
        "organisation",
        "sector",
        "about",
        "status",
        "remarks",
        "submitted_at",
        "reviewed_at",
        "reviewed_by",
    ]
    readonly_fields = ["organisation", "status", "remarks", "submitted_at", "reviewed_at", "reviewed_by"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class AttachmentInline(admin.TabularInline):
    model = Attachment
    extra = 0
    fields = ["document", "visibility"]
    readonly_fields = ["document"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Need)
class NeedAdmin(admin.ModelAdmin):
    list_display = ["title", "company", "category", "status", "start", "end", "ref"]
    list_filter = ["status", "basis"]
    list_select_related = ["company__organisation", "category"]
    search_fields = ["title", "ref", "company__organisation__name"]
    raw_id_fields = ["category", "unit", "area"]
    filter_horizontal = ["required_certificates", "preferred_certificates", "required_processes"]
    readonly_fields = [
        *("company", "office", "ref", "status", "opened_at", "closed_at", "close_reason"),
        *("created_by", "created_at", "changed_at"),
    ]
    inlines = [AttachmentInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ConfidentialityPromise)
class ConfidentialityPromiseAdmin(admin.ModelAdmin):
    """Kept as it was given."""

    list_display = ["need", "organisation", "user", "given_at"]
    list_select_related = ["need", "organisation", "user"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Interest)
class InterestAdmin(ReadOnly):
    list_display = ["need", "organisation", "status", "moved_at"]
    list_filter = ["status"]
    list_select_related = ["need", "organisation"]
    search_fields = ["need__title", "need__ref", "organisation__name"]


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    list_display = ["need", "organisation", "asked_at", "answered_at"]
    list_select_related = ["need", "organisation"]
    search_fields = ["need__title", "organisation__name"]


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    list_display = ["need", "organisation", "side", "bought", "quantity", "reported_at"]
    list_filter = ["side", "bought"]
    list_select_related = ["need", "organisation"]
