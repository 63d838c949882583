"""Form fields that take what people type, keep it when it is refused, and say what would be taken."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from web import dates, identifiers, numbers
from web.formats import long_date, quantity
from web.refusal import Refused

LARGEST_MONEY = Decimal(999_999_999_999)


class TypedField(forms.Field):
    """A text that a pure module reads; its Refused code becomes this field's error message of that name."""

    widget = forms.TextInput
    default_error_messages: ClassVar = {
        "control": _("Ada tanda yang tidak terlihat di sini. Hapus isinya, lalu ketik ulang.")
    }

    def read(self, text: str) -> Any:
        raise Refused("empty")

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return self.read(str(value))
        except Refused as refused:
            if refused.code == "empty":
                return None
            raise self.refusal(refused.code, **refused.params) from None

    def refusal(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class QuantityField(TypedField):
    """A number ≥ 0 with at most three decimals, cleaned to Decimal. Example: 1.250,5.

    `unit` is shown beside the field and may be typed behind the number, as may the other spellings in `units`;
    without any, a typed unit is refused, since it is chosen elsewhere on the page. `per_month`: "per bulan" may
    follow. Limits: `min_value` ≤ number ≤ `max_value`, number > `above`.
    """

    places = 3
    default_error_messages: ClassVar = {
        "required": _("Isi angkanya."),
        "negative": _("Angka tidak boleh kurang dari 0."),
        "unreadable": _("“%(text)s” tidak terbaca sebagai satu angka. Contoh: 1.250 atau 12,5."),
        "ambiguous": _("“%(text)s” bisa berarti %(large)s atau %(small)s. Tulis salah satunya."),
        "commas": _("Koma dipakai untuk desimal. Apakah maksud Anda %(reading)s? Tulislah begitu."),
        "decimals": _("Paling banyak %(places)d angka di belakang koma."),
        "whole": _("Tulis bilangan bulat, tanpa koma."),
        "too_large": _("Paling besar %(largest)s."),
        "unit": _("Isian ini dalam %(expected)s, bukan %(given)s. Hitung ulang angkanya."),
        "no_unit": _("Tulis angkanya saja, tanpa “%(given)s”. Satuannya diisi tersendiri."),
        "min_value": _("Paling kecil %(limit)s."),
        "above": _("Harus lebih dari %(limit)s."),
    }

    def __init__(
        self,
        *,
        unit: str = "",
        units: Collection[str] = (),
        per_month: bool = False,
        min_value: Decimal | int | None = None,
        above: Decimal | int | None = None,
        max_value: Decimal | int = numbers.LARGEST_QUANTITY,
        **kwargs: Any,
    ):
        self.unit, self.units, self.per_month = unit, units, per_month
        self.min_value, self.above, self.max_value = min_value, above, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal" if self.places else "numeric", "autocomplete": "off"}

    def read(self, text: str) -> Decimal:
        return numbers.parse(
            text,
            units=[name for name in (self.unit, *self.units) if name],
            per_month=self.per_month,
            places=self.places,
            largest=Decimal(self.max_value),
        )

    def refusal(self, code: str, **params: Any) -> ValidationError:
        if code == "unit" and not params["expected"]:
            code = "no_unit"
        return super().refusal(code, **params)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise self.refusal("min_value", limit=quantity(self.min_value, self.unit))
        if self.above is not None and value <= self.above:
            raise self.refusal("above", limit=quantity(self.above, self.unit))

    def prepare_value(self, value: Any) -> Any:
        return numbers.typeable(value) if isinstance(value, Decimal | int) else value


class WholeNumberField(QuantityField):
    """A whole number ≥ 0, cleaned to int."""

    places = 0

    def to_python(self, value: Any) -> int | None:
        number = super().to_python(value)
        return None if number is None else int(number)


class MoneyField(QuantityField):
    """Whole Rupiah ≥ 0, cleaned to Decimal. "Rp 1,5 juta" and "1.500.000,-" are both taken."""

    places = 0
    default_error_messages: ClassVar = {
        "unreadable": _("“%(text)s” tidak terbaca sebagai jumlah uang. Contoh: Rp1.500.000."),
        "whole": _("Tulis dalam rupiah penuh, tanpa sen."),
        "too_large": _("Paling besar Rp%(largest)s."),
    }

    def __init__(self, *, max_value: Decimal | int = LARGEST_MONEY, **kwargs: Any):
        super().__init__(unit="rupiah", units=("idr",), max_value=max_value, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class DateField(TypedField):
    """A day: the browser's own date input, or typed as 3/5/2027 or 3 Mei 2027. Cleaned to date.

    `earliest` and `latest` are days or functions that return one.
    """

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages: ClassVar = {
        "required": _("Isi tanggalnya."),
        "unreadable": _("“%(text)s” tidak terbaca sebagai tanggal. Contoh: 24 November 2026."),
        "short_year": _("Tulis tahunnya dengan empat angka, misalnya 2027."),
        "year": _("Tahunnya harus antara %(first)d dan %(last)d."),
        "month_first": _("Tulis hari dulu, lalu bulan. “%(text)s” tidak punya bulan yang benar."),
        "no_such_day": _("Tanggal “%(text)s” tidak ada dalam kalender."),
        "earliest": _("Paling awal %(limit)s."),
        "latest": _("Paling akhir %(limit)s."),
    }

    def __init__(
        self,
        *,
        earliest: datetime.date | Callable[[], datetime.date] | None = None,
        latest: datetime.date | Callable[[], datetime.date] | None = None,
        **kwargs: Any,
    ):
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def read(self, text: str) -> datetime.date:
        return dates.parse(text)

    def to_python(self, value: Any) -> datetime.date | None:
        return value if isinstance(value, datetime.date) else super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            raise self.refusal("earliest", limit=long_date(earliest))
        if latest and value > latest:
            raise self.refusal("latest", limit=long_date(latest))


class IdentifierField(TypedField):
    """A number kept as text; "" where the field is left empty."""

    default_error_messages: ClassVar = {
        "required": _("Isi nomornya."),
        "not_digits": _("Tulis angka saja."),
    }
    inputmode = "numeric"
    autocomplete = "off"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": self.inputmode, "autocomplete": self.autocomplete}

    def to_python(self, value: Any) -> str:
        return super().to_python(value) or ""


class PhoneField(IdentifierField):
    """A telephone number, cleaned to +62…; `mobile=True` takes only Indonesian mobile numbers (log-in, WhatsApp)."""

    default_error_messages: ClassVar = {
        "not_digits": _("Tulis nomor telepon dengan angka saja, misalnya 0812 3456 7890."),
        "not_mobile": _("Tulis nomor ponsel Indonesia, misalnya 0812 3456 7890."),
        "phone": _(
            "Nomor ini kurang atau kelebihan angka. Tulis dengan kode wilayah, misalnya 0254 391 234."
        ),
    }
    inputmode = "tel"
    autocomplete = "tel"

    def __init__(self, *, mobile: bool = False, **kwargs: Any):
        self.mobile = mobile
        super().__init__(**kwargs)

    def read(self, text: str) -> str:
        return identifiers.phone(text, mobile=self.mobile)


class NibField(IdentifierField):
    """Nomor Induk Berusaha: 13 digits with their leading zeros."""

    default_error_messages: ClassVar = {"length": _("NIB terdiri dari 13 angka; Anda menulis %(count)d.")}

    def read(self, text: str) -> str:
        return identifiers.nib(text)


class NpwpField(IdentifierField):
    """15 or 16 digits. A doubtful check digit is no error: ask `identifiers.npwp_looks_mistyped` and warn."""

    default_error_messages: ClassVar = {
        "length": _("NPWP terdiri dari 15 atau 16 angka; Anda menulis %(count)d."),
        "nitku": _("22 angka adalah NITKU. Tulis NPWP-nya: 15 atau 16 angka."),
    }

    def read(self, text: str) -> str:
        return identifiers.npwp(text)


class LineField(forms.CharField):
    """One line of text, at most `max_length` characters; spaces are tidied, control characters refused."""

    line_breaks = ""
    default_error_messages: ClassVar = {
        "required": _("Bagian ini belum diisi."),
        "control": _("Ada tanda yang tidak dapat dicetak di sini. Hapus isinya, lalu ketik ulang."),
        "too_long": _("Terlalu panjang: %(length)d huruf. Paling banyak %(limit)d huruf."),
    }

    def __init__(self, *, max_length: int, **kwargs: Any):
        # The browser must not cut a pasted text silently: no maxlength attribute, an error that keeps the text.
        self.limit = max_length
        super().__init__(**kwargs)
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "").replace("\r\n", "\n").replace("\r", "\n"))
        text = re.sub(r"[^\S\n]+", " ", self._printable(text))
        if not self.line_breaks:
            text = text.replace("\n", " ")
        text = re.sub(r" *\n *", "\n", re.sub(" +", " ", text)).strip()
        if len(text) > self.limit:
            params = {"length": len(text), "limit": self.limit}
            raise ValidationError(self.error_messages["too_long"], code="too_long", params=params)
        return text or self.empty_value

    def _printable(self, text: str) -> str:
        """Without invisible marks and the private signs of word processors; ValidationError for control codes."""
        kept = []
        for char in text:
            category = unicodedata.category(char)
            if category == "Cs" or (category == "Cc" and char not in "\t\n"):
                raise ValidationError(self.error_messages["control"], code="control")
            if category == "Co" or (category == "Cf" and char not in "\u200c\u200d"):
                continue
            kept.append(char)
        return "".join(kept)


class ParagraphField(LineField):
    """Text of several lines; line breaks are kept."""

    widget = forms.Textarea(attrs={"rows": 4})
    line_breaks = "\n"
