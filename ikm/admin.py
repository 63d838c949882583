"""The operator's view of workshops. Evidence and steps of a life are decided on the portal's own pages, not here."""

from django.contrib import admin

from accounts.admin import ReadOnly
from accounts.facts import restate
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Reservation, Review, Visit
from ikm.signals import tell_supply_changed

EVIDENCE = ("evidence", "method", "checked_by", "checked_on", "same_person", "changed_by", "changed_at")


class FactAdmin(admin.ModelAdmin):
    """What is corrected here is a claim of the operator again, as on any other page."""

    list_filter = ["evidence"]
    list_select_related = ["ikm__organisation"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if form.changed_data:
            restate(obj, by=request.user)
        super().save_model(request, obj, form, change)
        tell_supply_changed([obj.pk if isinstance(obj, Ikm) else obj.ikm_id])


@admin.register(Ikm)
class IkmAdmin(FactAdmin):
    list_display = ["organisation", "status", "evidence", "submitted_at", "approved_at", "confirmed_on"]
    list_filter = ["status", "evidence"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "organisation__ref", "organisation__nib"]
    raw_id_fields = ["kblis"]
    fields = [
        *("organisation", "legal_form", "about", "year_founded", "workers", "investment_band"),
        *("kblis", "latitude", "longitude", "status", "submitted_at", "submitted_by", "entered_by"),
        *("approved_at", "confirmed_on", "withdrawal_reason", "merged_into", "created_at", *EVIDENCE),
    ]
    readonly_fields = [
        *("organisation", "status", "submitted_at", "submitted_by", "entered_by", "approved_at"),
        *("confirmed_on", "withdrawal_reason", "merged_into", "created_at", *EVIDENCE),
    ]


@admin.register(Product)
class ProductAdmin(FactAdmin):
    list_display = ["name", "ikm", "category", "capacity_per_month", "unit", "evidence", "retired_at"]
    list_select_related = ["ikm__organisation", "category", "unit"]
    search_fields = ["name", "ref", "ikm__organisation__name"]
    raw_id_fields = ["category", "unit"]
    readonly_fields = ["ikm", "ref", "photo", "retired_at", *EVIDENCE]


@admin.register(ProcessCapability)
class ProcessCapabilityAdmin(FactAdmin):
    list_display = ["process", "ikm", "machines", "evidence", "retired_at"]
    list_select_related = ["ikm__organisation", "process"]
    search_fields = ["process__name_id", "ikm__organisation__name"]
    readonly_fields = ["ikm", "process", "retired_at", *EVIDENCE]


@admin.register(Certificate)
class CertificateAdmin(FactAdmin):
    list_display = ["kind", "number", "ikm", "valid_until", "evidence", "retired_at"]
    list_select_related = ["ikm__organisation", "kind"]
    search_fields = ["number", "issuer", "ikm__organisation__name"]
    raw_id_fields = ["category", "for_company"]
    readonly_fields = ["ikm", "kind", "document", "retired_at", *EVIDENCE]


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ["ikm", "decision", "officer", "office", "decided_at", "same_person"]
    list_filter = ["decision"]
    list_select_related = ["ikm__organisation", "officer", "office"]


@admin.register(Visit)
class VisitAdmin(ReadOnly):
    list_display = ["ikm", "officer", "visited_on"]
    list_select_related = ["ikm__organisation", "officer"]


@admin.register(Reservation)
class ReservationAdmin(ReadOnly):
    list_display = ["product", "starts", "ends", "quantity_per_month"]
    list_select_related = ["product"]
