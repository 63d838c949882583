"""The operator's view of the weights. A version is written once and put in force; the lists are looked at only."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import ReadOnly
from matching import facts, invitations, policies
from matching.models import (
    DismissedQuestion,
    GradualInvitation,
    IkmRanking,
    InvitationPolicy,
    NeedRanking,
    ScoringPolicy,
)
from matching.wording import CRITERIA, capitalised

EFFECT = gettext_lazy(
    "Versi yang disimpan belum berlaku. Begitu diberlakukan, semua urutan menjadi usang dan dihitung ulang di latar "
    "belakang; sampai selesai, halaman menampilkan urutan lama dan mengatakannya."
)


class WeightsForm(forms.ModelForm):
    """One field for each criterion, whole numbers from 1 to 1000."""

    class Meta:
        model = ScoringPolicy
        fields = ["note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stored = self.instance.weights or facts.Policy().weights
        for slug, weight in zip(facts.CRITERIA, stored, strict=True):
            self.fields[slug] = forms.IntegerField(
                label=capitalised(CRITERIA[slug]), min_value=1, max_value=1000, initial=weight
            )

    def weights(self) -> list[int]:
        return [self.cleaned_data[slug] for slug in facts.CRITERIA]


@admin.register(ScoringPolicy)
class ScoringPolicyAdmin(admin.ModelAdmin):
    form = WeightsForm
    list_display = ["version", "shown_weights", "in_force", "note", "created_by", "created_at"]
    list_select_related = ["created_by"]
    actions = ["put_in_force"]

    @admin.display(description=gettext_lazy("bobot"))
    def shown_weights(self, policy):
        return " · ".join(
            f"{CRITERIA[slug]} {weight}" for slug, weight in zip(facts.CRITERIA, policy.weights, strict=True)
        )

    def get_form(self, request, obj=None, **kwargs):
        # The fields of the weights are the form's own, unknown to the model.
        return WeightsForm if obj is None else super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": [*facts.CRITERIA, "note"], "description": EFFECT})]
        shown = ["version", "shown_weights", "in_force", "note", "created_by", "created_at"]
        return [(None, {"fields": shown, "description": EFFECT})]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return ["version", "shown_weights", "in_force", "note", "created_by", "created_at"]

    def has_delete_permission(self, request, obj=None):
        return False  # lists and frozen selections name the version they were computed by

    def save_model(self, request, obj, form, change):
        if not change:
            made = policies.draft_policy(form.weights(), by=request.user, note=form.cleaned_data["note"])
            obj.pk, obj.version, obj.weights = made.pk, made.version, made.weights

    @admin.action(description=gettext_lazy("Berlakukan versi ini"), permissions=["change"])
    def put_in_force(self, request, queryset):
        chosen = list(queryset)
        if len(chosen) != 1:
            self.message_user(request, _("Pilih tepat satu versi."), messages.ERROR)
            return
        policies.put_in_force(chosen[0], by=request.user)
        LogEntry.objects.log_actions(request.user.pk, chosen, CHANGE, "put in force", single_object=True)
        self.message_user(
            request, _("Versi %(n)d berlaku. Semua urutan dihitung ulang.") % {"n": chosen[0].version}
        )


@admin.register(InvitationPolicy)
class InvitationPolicyAdmin(admin.ModelAdmin):
    """A version is added and is in force at once; needs that are being invited for keep their numbers."""

    list_display = ["version", "batch_size", "enough", "days_between", "in_force", "note", "created_at"]
    fields = ["batch_size", "enough", "days_between", "note"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        for name, largest in (("batch_size", 20), ("enough", 20), ("days_between", 60)):
            form.base_fields[name].validators += [MinValueValidator(1), MaxValueValidator(largest)]
        return form

    def save_model(self, request, obj, form, change):
        made = invitations.set_policy(by=request.user, **form.cleaned_data)
        obj.pk, obj.version = made.pk, made.version


@admin.register(GradualInvitation)
class GradualInvitationAdmin(ReadOnly):
    list_display = ["need", "batch_size", "enough", "next_on", "ended_at", "end_reason"]
    list_select_related = ["need"]


@admin.register(NeedRanking, IkmRanking)
class RankingAdmin(ReadOnly):
    list_display = ["__str__", "takes_part", "version", "as_of", "policy", "computed_at"]
    list_filter = ["takes_part", "policy"]
    list_select_related = ["policy"]


@admin.register(DismissedQuestion)
class DismissedQuestionAdmin(ReadOnly):
    list_display = ["ikm", "category", "answered_by", "answered_at"]
    list_select_related = ["ikm__organisation", "category", "answered_by"]
