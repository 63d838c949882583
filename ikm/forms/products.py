"""What is made and how much of it: few questions a page."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.choosing import UnitField
from catalogue.models import Category, Unit
from ikm.forms.base import AnswersForm
from ikm.models import Product
from ikm.products import can_weigh, hands
from web.fields import LineField, QuantityField, WholeNumberField
from web.formats import quantity
from web.numbers import display


class ProductForm(AnswersForm):
    """Name, unit, capacity, what is taken. The category was chosen on the page before."""

    answers: ClassVar = ("category", "name", "unit", "capacity_per_month", "committed_per_month")

    ref = forms.RegexField(r"\A[0-9A-Z]{10}\Z", required=False, widget=forms.HiddenInput)
    category = forms.ModelChoiceField(
        Category.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Pilih barangnya lagi.")},
    )
    name = LineField(
        label=_("Nama produk"),
        max_length=160,
        help_text=_("Seperti Anda menyebutnya kepada pembeli. Ukuran boleh ditulis."),
    )
    unit = UnitField(label=_("Dihitung per"))
    capacity_per_month = QuantityField(
        label=_("Kalau hanya membuat ini, sanggup berapa per bulan?"),
        required=False,
        per_month=True,
        above=0,
        help_text=_("Perkiraan boleh, contoh: 1.250. Kosongkan bila belum tahu."),
    )
    committed_per_month = QuantityField(
        label=_("Berapa yang sudah terpakai per bulan?"),
        required=False,
        per_month=True,
        help_text=_("Untuk pesanan yang sedang berjalan. Tulis 0 bila belum ada."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(level__in=[2, 3])
        self.fields["unit"].offer(self.stored["unit"])
        chosen = Unit.objects.filter(pk=str(self["unit"].value() or "")[:30]).first()
        for name in ("capacity_per_month", "committed_per_month"):
            # "1.250 batang" is no mistake where batang is what was chosen.
            self.fields[name].units = (chosen.symbol, chosen.slug, chosen.name) if chosen else ()

    def initial_answers(self) -> dict[str, Any]:
        """Keys, as the browser sends them back."""
        return self.stored | {name: getattr(self.stored[name], "pk", None) for name in ("category", "unit")}

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        capacity, taken = found.get("capacity_per_month"), found.get("committed_per_month")
        if capacity is not None and taken is not None and taken > capacity:
            message = _("Yang terpakai (%(taken)s) lebih banyak daripada kesanggupan (%(capacity)s).")
            params = {"taken": display(taken), "capacity": display(capacity)}
            self.add_error("committed_per_month", ValidationError(message, code="more", params=params))
        return found

    def in_words(self, name: str, value: Any) -> str:
        return str(value) if name in {"unit", "category"} and value else super().in_words(name, value)


class Team:
    """Products made by the same hands, as one choice: "Kanal C dan Reng"."""

    def __init__(self, products: list[Product]):
        self.keys = ",".join(str(key) for key in sorted(product.pk for product in products))
        names = [product.name for product in products]
        self.label = (
            names[0] if len(names) == 1 else gettext(" dan ").join([", ".join(names[:-1]), names[-1]])
        )


def teams_of(others: Iterable[Product]) -> list[Team]:
    """Other products of the workshop, those of one pool together."""
    found: dict[tuple, list[Product]] = {}
    for other in others:
        found.setdefault(("pool", other.pool) if other.pool else ("alone", other.pk), []).append(other)
    return [Team(products) for products in found.values()]


class DetailsForm(AnswersForm):
    """Weight, shared hands, lead time; smallest order, material and picture for who has the time."""

    answers: ClassVar = ("unit_mass_kg", "same_hands", "lead_time_days", "min_order", "material")

    weight = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    unit_mass_kg = QuantityField(required=False, unit="kg", above=0, max_value=1_000_000)
    same_hands = forms.MultipleChoiceField(
        label=_("Dikerjakan orang dan mesin yang sama dengan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Bila satu sibuk, yang lain ikut berkurang."),
    )
    lead_time_days = WholeNumberField(
        label=_("Berapa hari dari pesanan sampai siap kirim?"),
        required=False,
        unit=_("hari"),
        max_value=3650,
        help_text=_("Untuk pesanan biasa."),
    )
    min_order = QuantityField(label=_("Pesanan terkecil"), required=False)
    material = LineField(
        label=_("Bahan"), required=False, max_length=160, help_text=_("Contoh: pelat SPHC 3 mm.")
    )
    photo = forms.FileField(
        label=_("Foto produk"),
        required=False,
        max_length=200,
        help_text=_("Foto diperkecil di ponsel Anda sebelum dikirim."),
        widget=forms.FileInput(attrs={"data-reduce": True, "accept": "image/*"}),
    )
    drop_photo = forms.BooleanField(label=_("Hapus foto yang sekarang"), required=False)

    def __init__(self, *args: Any, product: Product, others: list[Product], **kwargs: Any):
        self.product, self.teams = product, teams_of(others)
        category, unit = product.category, product.unit
        usual = category.default_unit
        same_base = usual is not None and usual.base == unit.base
        self.typical = category.typical_unit_mass_kg if same_base else None
        fields = ("unit_mass_kg", "lead_time_days", "min_order", "material")
        stored = {name: getattr(product, name) for name in fields} | {"same_hands": hands(product, others)}
        super().__init__(*args, stored=stored, **kwargs)
        self.fields["same_hands"].choices = [(team.keys, team.label) for team in self.teams]
        self.fields["min_order"].unit = unit.symbol
        if not self.teams:
            del self.fields["same_hands"]
        if product.photo_id is None:
            del self.fields["drop_photo"]
        self._ask_weight(unit)

    def _ask_weight(self, unit: Unit) -> None:
        if not can_weigh(unit):
            del self.fields["weight"], self.fields["unit_mass_kg"]
            return
        one = unit if unit.slug == unit.base else Unit.objects.get(slug=unit.base)
        piece = one.name.split(" (")[0].lower()
        self.fields["unit_mass_kg"].label = gettext("Berat satu %(piece)s") % {"piece": piece}
        if self.typical is None:
            del self.fields["weight"]
            return
        usual = quantity(self.typical, "kg")
        self.fields["weight"].label = gettext("Satu %(piece)s biasanya sekitar %(weight)s. Benar?") % {
            "piece": piece,
            "weight": usual,
        }
        self.fields["weight"].choices = [
            ("typical", gettext("Ya, sekitar %(weight)s") % {"weight": usual}),
            ("other", gettext("Bukan, beratnya lain")),
            ("unknown", gettext("Belum tahu")),
        ]

    def initial_answers(self) -> dict[str, Any]:
        mine = set(filter(None, self.stored["same_hands"].split(",")))
        chosen = [team.keys for team in self.teams if mine & set(team.keys.split(","))]
        mass = self.stored["unit_mass_kg"]
        weight = "" if mass is None else "typical" if mass == self.typical else "other"
        return self.stored | {"same_hands": chosen, "weight": weight}

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if "weight" not in self.fields:
            return found
        weight, mass = found.get("weight"), found.get("unit_mass_kg")
        if weight == "other" and mass is None and "unit_mass_kg" not in self.errors:
            self.add_error(
                "unit_mass_kg", ValidationError(_("Tulis beratnya dalam kilogram."), code="required")
            )
        elif weight == "typical":
            found["unit_mass_kg"] = self.typical
        elif weight == "unknown":
            found["unit_mass_kg"] = None
        return found

    def given(self) -> dict[str, Any]:
        keys = ",".join(self.cleaned_data.get("same_hands", [])).split(",")
        given = {name: self.cleaned_data.get(name, self.stored[name]) for name in self.answers}
        return given | {"same_hands": ",".join(sorted(filter(None, keys), key=int))}

    def same_hands_keys(self) -> list[int]:
        return [int(key) for key in self.given()["same_hands"].split(",") if key]

    def in_words(self, name: str, value: Any) -> str:
        if name == "same_hands" and value:
            keys = set(value.split(","))
            return ", ".join(team.label for team in self.teams if keys & set(team.keys.split(",")))
        if name == "unit_mass_kg" and isinstance(value, Decimal):
            return quantity(value, "kg")
        return super().in_words(name, value)
