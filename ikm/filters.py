"""What an officer asks of the list of workshops."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Area, Category
from ikm import waiting
from ikm.models import Ikm, Product
from ikm.models.profile import Status

# ?urut= -> columns; a second column makes the order of equals stay.
ORDERS = {
    "nama": ("organisation__name", "pk"),
    "wilayah": ("organisation__area__name", "organisation__name", "pk"),
    "dikirim": ("submitted_at", "pk"),
    "konfirmasi": ("confirmed_on", "pk"),
    "belum": ("open_claims", "organisation__name", "pk"),
}
EVIDENCE = [("menunggu", _("ada yang belum diperiksa")), ("lengkap", _("semua sudah diperiksa"))]


class OfficeIkmFilter(django_filters.FilterSet):
    """Over `waiting.claims_open(…)`. Unknown values in the address are ignored with an error on the form."""

    q = django_filters.CharFilter(label=_("Nama atau NIB"), method="search", max_length=100)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Status.choices, empty_label=_("semua"))
    wilayah = django_filters.ModelChoiceFilter(
        label=_("Wilayah"), queryset=Area.objects.none(), method="within", empty_label=_("semua")
    )
    kelompok = django_filters.ModelChoiceFilter(
        label=_("Kelompok produk"),
        queryset=Category.objects.current().filter(level=1),
        method="makes",
        empty_label=_("semua"),
    )
    bukti = django_filters.ChoiceFilter(
        label=_("Bukti"), choices=EVIDENCE, method="proven", empty_label=_("semua")
    )

    class Meta:
        model = Ikm
        fields = ("q", "status", "wilayah", "kelompok", "bukti")

    def __init__(self, *args, office: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["wilayah"].queryset = (
            Area.objects.current().filter(parent=office.area_id).order_by("name")
        )
        for field in self.form.fields.values():
            is_list = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"

    def search(self, ikms: QuerySet, name: str, value: str) -> QuerySet:
        number = "".join(filter(str.isdigit, value))
        found = Q(organisation__name__icontains=value) | Q(organisation__contact_name__icontains=value)
        if len(number) >= 5:
            found |= Q(organisation__nib__contains=number) | Q(
                organisation__whatsapp__contains=number.removeprefix("0")
            )
        return ikms.filter(found)

    def within(self, ikms: QuerySet, name: str, area: Area) -> QuerySet:
        return ikms.filter(
            Q(organisation__area=area) | Q(organisation__area__code__startswith=f"{area.code}.")
        )

    def makes(self, ikms: QuerySet, name: str, group: Category) -> QuerySet:
        under = Q(category__parent=group) | Q(category__parent__parent=group)
        return ikms.filter(Exists(Product.objects.current().filter(under, ikm=OuterRef("pk"))))

    def proven(self, ikms: QuerySet, name: str, value: str) -> QuerySet:
        return ikms.filter(open_claims__gt=0) if value == "menunggu" else ikms.filter(open_claims=0)


def of_office(office: Organisation) -> QuerySet[Ikm]:
    """What the list shows of each workshop of the office, in one statement."""
    return waiting.claims_open(waiting.of_office(office)).select_related("organisation__area")
