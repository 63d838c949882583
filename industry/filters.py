"""What a buyer may look for among the company's needs, and in which order."""

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalogue.models import Category
from industry.models import Company, Need

# ?urut=… : what the heads of the list sort by; empty values come last either way.
ORDERS = {
    "judul": "title",
    "barang": "category__name_id",
    "mulai": "start",
    "sampai": "end",
    "keadaan": "status",
    "diubah": "changed_at",
}
NEWEST = "-diubah"


class NeedFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Cari kata"), method="containing")
    status = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=Need.Status.choices, empty_label=_("Semua")
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Barang"), queryset=Category.objects.none(), empty_label=_("Semua"), method="within"
    )

    class Meta:
        model = Need
        fields = ["q", "status", "category"]

    def __init__(self, *args, queryset: QuerySet[Need], **kwargs):
        super().__init__(*args, queryset=queryset, **kwargs)
        used = queryset.order_by().values("category")
        self.filters["category"].queryset = Category.objects.filter(pk__in=used)

    def get_form_class(self):
        form_class = super().get_form_class()
        form_class.base_fields["category"].widget.attrs["class"] = "form-select"
        return form_class

    @property
    def order(self) -> str:
        asked = self.data.get("urut", "") if self.data else ""
        return asked if asked.removeprefix("-") in ORDERS else NEWEST

    @property
    def qs(self) -> QuerySet[Need]:
        field = F(ORDERS[self.order.removeprefix("-")])
        down = self.order.startswith("-")
        ordered = field.desc(nulls_last=True) if down else field.asc(nulls_last=True)
        return super().qs.order_by(ordered, "-pk")

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(name, what it says) of each filter that is applied."""
        said = self.form.cleaned_data if self.form.is_valid() else {}
        labels = dict(Need.Status.choices)
        return [
            (name, str(labels.get(value, value) if name == "status" else value))
            for name, value in said.items()
            if value
        ]

    def containing(self, queryset: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        for word in value.split()[:10]:
            queryset = queryset.filter(
                Q(title__icontains=word) | Q(spec__icontains=word) | Q(ref__iexact=word)
            )
        return queryset

    def within(self, queryset: QuerySet[Need], name: str, value: Category) -> QuerySet[Need]:
        return queryset.filter(category=value)


# The same for the office's list of companies.
COMPANY_ORDERS = {
    "nama": ("organisation__name", "pk"),
    "wilayah": ("organisation__area__name", "organisation__name", "pk"),
    "dikirim": ("submitted_at", "pk"),
    "kebutuhan": ("open_needs", "organisation__name", "pk"),
}


class OfficeCompanyFilter(django_filters.FilterSet):
    """What an officer asks of the companies of the office."""

    q = django_filters.CharFilter(label=_("Nama atau NIB"), method="containing", max_length=100)
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Company.Status.choices, empty_label=_("Semua")
    )

    class Meta:
        model = Company
        fields = ["q", "status"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget.attrs["class"] = "form-control"
        self.form.fields["status"].widget.attrs["class"] = "form-select"

    def containing(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        return queryset.filter(
            Q(organisation__name__icontains=value) | Q(organisation__nib__startswith=value)
        )
