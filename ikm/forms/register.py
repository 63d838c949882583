"""The file of an import, and what its columns and products mean: guesses that the officer may change."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.choosing import describe_category
from catalogue.models import Category
from ikm.models import RegisterImport
from ikm.register import columns, imports
from ikm.register.words import known_categories, suggestions

LABELS: dict[str, Promise] = {
    "name": gettext_lazy("Nama usaha"),
    "owner": gettext_lazy("Nama pemilik"),
    "nib": gettext_lazy("NIB"),
    "npwp": gettext_lazy("NPWP"),
    "phone": gettext_lazy("Telepon"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Alamat"),
    "village": gettext_lazy("Kelurahan atau desa"),
    "district": gettext_lazy("Kecamatan"),
    "regency": gettext_lazy("Kota atau kabupaten"),
    "postcode": gettext_lazy("Kode pos"),
    "products": gettext_lazy("Produk"),
    "kbli": gettext_lazy("KBLI"),
    "workers": gettext_lazy("Jumlah pekerja"),
    "year_founded": gettext_lazy("Tahun berdiri"),
    "legal_form": gettext_lazy("Bentuk usaha"),
    "latitude": gettext_lazy("Lintang"),
    "longitude": gettext_lazy("Bujur"),
}
# So many columns and products are asked about; of further products only the exact names are taken.
MOST_WORDS, EXAMPLES = 30, 3
COLUMN, WORD = "kolom_", "kata_"
# Said expressly, so that no question stays open.
NONE = "-"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas Excel (.xlsx) atau CSV"),
        help_text=gettext_lazy("Paling besar 5 MB dan 20.000 baris. Judul kolom boleh apa saja."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": gettext_lazy("Pilih berkasnya."),
            "empty": gettext_lazy("Berkas ini kosong."),
            "invalid": gettext_lazy("Pilih berkasnya."),
        },
    )


class ColumnsForm(forms.Form):
    """A list per column of the file and per product in it; `mapping` and `words` are the answers."""

    replaces = forms.BooleanField(
        label=gettext_lazy("Ganti juga isi yang berbeda"),
        required=False,
        help_text=gettext_lazy(
            "Hanya pada profil yang belum dipegang pemiliknya. Tanpa ini, yang kosong saja yang diisi."
        ),
    )

    def __init__(self, *args: Any, job: RegisterImport, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.job = job
        stored = {int(index): name for index, name in job.mapping.items()}
        self.fields["replaces"].initial = job.replaces
        self.columns = self._columns(stored)
        self.products = imports.product_counts(job, stored)
        self.asked = self._words(list(self.products)[:MOST_WORDS])

    def _columns(self, stored: Mapping[int, str]) -> list[int]:
        first = list(self.job.rows.order_by("number").values_list("cells", flat=True)[:50])
        shown = []
        for index, heading in enumerate(self.job.headings):
            cells = [row[index] for row in first if index < len(row) and row[index]]
            if not heading and not cells:
                continue
            label = heading[:80] or _("Kolom %(number)d") % {"number": index + 1}
            examples = " · ".join(cell[:30] for cell in list(dict.fromkeys(cells))[:EXAMPLES])
            self.fields[f"{COLUMN}{index}"] = forms.ChoiceField(
                label=label,
                choices=[(NONE, _("tidak dipakai")), *LABELS.items()],
                initial=stored.get(index, NONE),
                help_text=_("Contoh isi: %(examples)s") % {"examples": examples} if examples else "",
            )
            shown.append(index)
        return shown

    def _words(self, products: list[str]) -> dict[str, str]:
        """Field → product, folded. What the register knows is chosen; the rest is offered."""
        known, offered = known_categories(), suggestions(products)
        guessed = {product: self.job.words.get(product, known.get(product, "")) for product in products}
        chosen = Category.objects.select_related("parent").in_bulk(set(guessed.values()) - {""})
        fields = {}
        for number, product in enumerate(products):
            category = chosen.get(guessed[product])
            options = [category] if category else []
            options += [each for each in offered[product] if each != category]
            if not options:
                continue
            text, rows = self.products[product]
            name = f"{WORD}{number}"
            self.fields[name] = forms.ChoiceField(
                label=_("%(product)s (%(count)d baris)") % {"product": text[:60], "count": rows},
                choices=[(NONE, _("tulis pada keterangan saja"))]
                + [(each.pk, ", ".join(describe_category(each))) for each in options],
                initial=guessed[product] or NONE,
            )
            fields[name] = product
        return fields

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        used: dict[str, int] = {}
        for index, name in self.mapping.items():
            if name in used and name not in columns.REPEATABLE:
                message = _("“%(field)s” sudah dipakai untuk kolom lain.") % {"field": LABELS[name]}
                self.add_error(f"{COLUMN}{index}", ValidationError(message, code="twice"))
            used.setdefault(name, index)
        unclear = any(name.startswith(COLUMN) for name in self.errors)
        if not set(columns.REQUIRED) <= set(used) and not unclear:
            message = _("Pilih kolom yang berisi nama usaha.")
            first = f"{COLUMN}{self.columns[0]}" if self.columns else None
            self.add_error(first, ValidationError(message, code="no_name"))
        return said

    @property
    def mapping(self) -> dict[int, str]:
        said = ((index, self.cleaned_data.get(f"{COLUMN}{index}")) for index in self.columns)
        return {index: name for index, name in said if name and name != NONE}

    @property
    def words(self) -> dict[str, str]:
        said = ((product, self.cleaned_data.get(name, NONE)) for name, product in self.asked.items())
        return {product: "" if category == NONE else category for product, category in said}

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"{COLUMN}{index}"] for index in self.columns]

    @property
    def word_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked]

    @property
    def silent(self) -> list[str]:
        """Products that resemble nothing: they go into the description."""
        asked = set(self.asked.values())
        return [
            text for folded, (text, _rows) in list(self.products.items())[:MOST_WORDS] if folded not in asked
        ]
