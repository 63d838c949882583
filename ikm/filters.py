"""What an officer asks of the list of workshops, and what anybody asks of the directory."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Area, Category, Unit
from ikm import takeovers, waiting
from ikm.directory.query import LONGEST_TEXT, Query
from ikm.models import DirectoryEntry, Ikm, Product
from ikm.models.profile import Status
from web.fields import DateField, LineField, QuantityField

# ?urut= -> columns; a second column makes the order of equals stay.
ORDERS = {
    "nama": ("organisation__name", "pk"),
    "wilayah": ("organisation__area__name", "organisation__name", "pk"),
    "dikirim": ("submitted_at", "pk"),
    "konfirmasi": ("confirmed_on", "pk"),
    "belum": ("open_claims", "organisation__name", "pk"),
}
EVIDENCE = [("menunggu", _("ada yang belum diperiksa")), ("lengkap", _("semua sudah diperiksa"))]

HANDS = [
    (takeovers.NOBODY, _("belum ada pemilik")),
    (takeovers.JOINED, _("pemilik masuk, belum memeriksa")),
    (takeovers.TAKEN, _("dikelola pemilik")),
]


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

    pemilik = django_filters.ChoiceFilter(
        label=_("Pemilik"), choices=HANDS, method="in_hands_of", empty_label=_("semua")
    )

    class Meta:
        model = Ikm
        fields = ("q", "status", "wilayah", "kelompok", "bukti", "pemilik")

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

    def in_hands_of(self, ikms: QuerySet, name: str, value: str) -> QuerySet:
        return takeovers.with_state(ikms, value)


def of_office(office: Organisation) -> QuerySet[Ikm]:
    """What the list shows of each workshop of the office, in one statement."""
    theirs = takeovers.in_hands(waiting.claims_open(waiting.of_office(office)))
    return theirs.select_related("organisation__area")


class _Typed(django_filters.Filter):
    """Takes what the portal's own form field takes; what it means is said by ikm.directory."""

    def __init__(self, field: type[forms.Field], **options):
        self.field_class = field
        super().__init__(**options)


SORTS = [
    ("relevansi", _("paling sesuai")),
    ("kapasitas", _("kapasitas bebas terbanyak")),
    ("terbaru", _("terbaru dipastikan")),
]


class DirectoryFilter(django_filters.FilterSet):
    """What is typed or picked once in the directory; choices with counts come with the answer. Nothing is required.

    It filters nothing by itself: `asked()` is the question for ikm.directory.search.
    """

    q = _Typed(LineField, label=_("Cari produk, proses, atau nama usaha"), max_length=LONGEST_TEXT)
    bebas = _Typed(QuantityField, label=_("Kapasitas bebas paling sedikit"), above=0)
    satuan = django_filters.ModelChoiceFilter(
        label=_("Satuan per bulan"),
        queryset=Unit.objects.current().order_by("dimension", "slug"),
        empty_label=_("pilih satuan"),
    )
    terperiksa = django_filters.ChoiceFilter(
        label=_("Sertifikat harus terperiksa"), choices=[("1", _("ya"))], empty_label=None
    )
    berlaku = _Typed(DateField, label=_("Sertifikat berlaku pada"))
    urut = django_filters.ChoiceFilter(label=_("Urutkan"), choices=SORTS, empty_label=None)

    class Meta:
        model = DirectoryEntry
        fields = ("q", "bebas", "satuan", "terperiksa", "berlaku", "urut")

    def __init__(self, data: QueryDict):
        super().__init__(data)
        for name, css in (("q", "form-control"), ("bebas", "form-control"), ("berlaku", "form-control")):
            self.form.fields[name].widget.attrs["class"] = css
        self.form.fields["satuan"].widget.attrs["class"] = "form-select"

    def asked(self) -> Query:
        """The question without what could not be read: the form says so at the field."""
        wrong = self.form.errors
        for name in ("satuan", "terperiksa", "urut"):
            # Picked, not typed: nobody mends it here. What does not exist is named with the answer.
            wrong.pop(name, None)
        given = {name: self.data.getlist(name) for name in self.data if name not in wrong}
        if "q" in self.form.cleaned_data:
            given["q"] = [self.form.cleaned_data["q"]]
        return Query.from_get(given)
