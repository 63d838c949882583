"""A shared word chosen by what people say: a line to type in and, below it, the words that it may mean.

Without JavaScript the page comes back with the words to choose from; with it they appear while one types.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.models import Area, Category, Unit
from catalogue.search import find_areas, find_categories, plain

LEVELS: dict[str, Promise] = {"district": _("Kecamatan %s"), "village": _("Desa atau kelurahan %s")}


class Sort:
    """One sort of word: how it is found, by which key it is known, how it reads among others."""

    def __init__(
        self,
        slug: str,
        *,
        words: Callable[[], models.QuerySet],
        find: Callable[[str], Sequence[models.Model]],
        describe: Callable[[Any], tuple[str, str]],
        fallback: Callable[[], Sequence[models.Model]] = lambda: (),
    ):
        self.slug, self.words, self.find, self.describe, self.fallback = slug, words, find, describe, fallback

    def get(self, key: Any) -> models.Model | None:
        """The word with this key, also a retired one; None for anything else."""
        return self.words().filter(pk=key).first() if re.fullmatch(r"[a-z0-9.-]{1,60}", str(key)) else None

    def exact(self, text: str) -> models.Model | None:
        """The one word that reads like `text`."""
        same = [word for word in self.find(text) if plain(text) in map(plain, self._readings(word))]
        return same[0] if len(same) == 1 else None

    def _readings(self, word: models.Model) -> list[str]:
        name, where = self.describe(word)
        return [name, f"{name}, {where}", *(getattr(word, each, "") for each in ("name_id", "name_en"))]


def describe_category(category: Category) -> tuple[str, str]:
    """ "Roller Konveyor", "bagian dari Komponen Konveyor"; a family says that it is wide."""
    if category.level == 2:
        return str(category), str(_("semua jenis, bila belum tahu yang mana"))
    return str(category), str(category.parent)


def describe_area(area: Area) -> tuple[str, str]:
    """ "Kecamatan Citangkil", "Kota Cilegon, Banten"."""
    above, parent = [], area.parent
    while parent is not None:
        above.append(_level_name(parent) if parent.level == "district" else parent.name)
        parent = parent.parent
    return _level_name(area), ", ".join(above)


def _level_name(area: Area) -> str:
    return str(LEVELS[area.level]) % area.name if area.level in LEVELS else area.name


SORTS = {
    sort.slug: sort
    for sort in (
        Sort(
            "kategori",
            words=lambda: Category.objects.filter(level__in=[2, 3]).select_related("parent", "default_unit"),
            find=find_categories,
            describe=describe_category,
            fallback=lambda: Category.objects.current().filter(level=2).select_related("parent"),
        ),
        Sort(
            "wilayah",
            words=lambda: Area.objects.select_related("parent__parent__parent"),
            find=find_areas,
            describe=describe_area,
        ),
    )
}


def options(sort: Sort, text: str, *, name: str, chosen: models.Model | None = None) -> dict[str, Any]:
    """Context of `catalogue/_options.html`: the words that `text` may mean, `chosen` first."""
    found = list(sort.find(text)) if plain(text) else []
    nothing = bool(plain(text)) and not found
    shown = [chosen] if chosen else []
    shown += [word for word in found or (sort.fallback() if nothing else ()) if word != chosen]
    return {
        "name": name,
        "words": text,
        "nothing": nothing,
        "options": [
            {"key": word.pk, "label": label, "hint": hint, "checked": word == chosen}
            for word in shown
            for label, hint in [sort.describe(word)]
        ],
    }


class WordInput(forms.Widget):
    """The line, and the words below it. Its value is (key, words typed, words that the options answer)."""

    template_name = "catalogue/_word_input.html"

    def __init__(self, sort: Sort, attrs: dict[str, Any] | None = None):
        self.sort = sort
        super().__init__(attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str]:
        key, words, answered = (str(data.get(each) or "") for each in (name, f"{name}_kata", f"{name}_untuk"))
        return key, words, answered

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_kata" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        if isinstance(value, tuple):
            key, words, answered = value
            chosen = self.sort.get(key) if words == answered else None
        else:
            chosen, words = (value if isinstance(value, models.Model) else self.sort.get(value)), ""
        if chosen is not None and not words:
            words = self.sort.describe(chosen)[0]
            found = options(self.sort, "", name=name, chosen=chosen) | {"words": words, "settled": True}
        else:
            found = options(self.sort, words, name=name, chosen=chosen)
        address = reverse("catalogue:options", args=[self.sort.slug])
        return context | found | {"words": words, "address": address}


class WordField(forms.Field):
    """Cleaned to the word. Typed words that mean several things come back as a choice, with an error that says so."""

    default_error_messages: ClassVar = {
        "required": _("Tulis dengan kata sehari-hari, lalu pilih yang sesuai."),
        "choose": _("Pilih salah satu yang sesuai."),
        "nothing": _("Tidak ada yang mirip “%(words)s”. Coba kata lain."),
        "long": _("Terlalu panjang. Beberapa kata saja sudah cukup."),
        "retired": _("“%(word)s” tidak dipakai lagi. Pilih yang lain."),
    }

    def __init__(self, sort: str, **kwargs: Any):
        self.sort = SORTS[sort]
        super().__init__(widget=WordInput(self.sort), **kwargs)

    def clean(self, value: Any) -> models.Model | None:
        key, words, answered = value if isinstance(value, tuple) else ("", "", "")
        chosen = self.sort.get(key)
        if chosen is not None and words.strip() == answered.strip():
            return self._current(chosen)
        if not plain(words):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if len(words) > 200:
            raise ValidationError(self.error_messages["long"], code="long")
        exact = self.sort.exact(words)
        if exact is not None:
            return exact
        found = self.sort.find(words)
        code = "choose" if found or self.sort.fallback() else "nothing"
        raise ValidationError(self.error_messages[code], code=code, params={"words": words})

    def _current(self, word: models.Model) -> models.Model:
        if word.retired_on is not None and word.pk != getattr(self.initial, "pk", self.initial):
            raise ValidationError(self.error_messages["retired"], code="retired", params={"word": word})
        return word

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data[0] if isinstance(data, tuple) else "") != getattr(initial, "pk", initial or "")


DIMENSIONS: dict[str, Promise] = {
    "mass": _("Berat"),
    "count": _("Jumlah potong"),
    "length": _("Panjang"),
    "area": _("Luas"),
    "volume": _("Isi"),
    "time": _("Waktu"),
    "other": _("Lainnya"),
}


def describe_unit(unit: Unit) -> str:
    """ "Kilogram (kg)"; the symbol is not said twice."""
    name = unit.name
    return name if unit.symbol.casefold() in name.casefold() else f"{name} ({unit.symbol})"


class UnitsByDimension(forms.models.ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", _("Pilih satuan")
        groups: dict[str, list[tuple[Any, str]]] = {dimension: [] for dimension in DIMENSIONS}
        for unit in self.queryset:
            groups[unit.dimension].append(self.choice(unit))
        yield from ((DIMENSIONS[dimension], units) for dimension, units in groups.items() if units)


class UnitField(forms.ModelChoiceField):
    """A unit from a list grouped by what it measures. `offer(stored)` keeps a retired unit where it is stored."""

    iterator = UnitsByDimension
    default_error_messages: ClassVar = {
        "required": _("Pilih satuannya."),
        "invalid_choice": _("Satuan itu tidak ada dalam daftar. Pilih yang lain."),
    }

    def __init__(self, **kwargs: Any):
        super().__init__(Unit.objects.current().order_by("factor_to_base", "name_id"), **kwargs)

    def offer(self, stored: Unit | None) -> None:
        if stored is not None and stored.retired_on is not None:
            usable = models.Q(retired_on=None) | models.Q(pk=stored.pk)
            self.queryset = Unit.objects.filter(usable).order_by("factor_to_base", "name_id")

    def label_from_instance(self, unit: Unit) -> str:
        return describe_unit(unit)
