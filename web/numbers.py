"""Quantities as people type them, and numbers as the portal writes them. Pure: no Django.

One convention in both languages: the comma is the decimal, dots group thousands (1.250,5).
"""

import re
import unicodedata
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from lokal.terbilang import terbilang

from web.refusal import Refused

LARGEST_QUANTITY = Decimal(999_999_999)


class NumberRefused(Refused):
    """A text that is not one clear number.

    empty · control · negative · unreadable(text) · ambiguous(text, small, large) · commas(text, reading) ·
    decimals(places) · whole · too_large(largest) · unit(given, expected). Numbers in it are typeable texts.
    """


class Typed(NamedTuple):
    """What stands in a cell or field: the number, and the words behind it ("kg", "ton per bulan", "")."""

    value: Decimal
    unit: str


# Marks that messengers and phone books wrap around copied numbers; what is seen stays what is read.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202c"))
_FULL_WIDTH = str.maketrans("，．＋－−–", ",.+---")
_TYPED = re.compile(
    r"""(?P<sign>[+-]?)\ *(?:(?:rp\.?|idr)\ *(?P<inner>[+-]?)\ *)?
        (?P<number>[.,]?[0-9]+(?:[.,\ ][0-9]+)*)(?:,-{1,2})?\ *
        (?:(?P<times>ribu|rb|juta|jt|miliar|milyar)\b\.?)?\ *(?P<unit>.*)""",
    re.IGNORECASE | re.VERBOSE,
)
_TIMES = {"ribu": 10**3, "rb": 10**3, "juta": 10**6, "jt": 10**6, "miliar": 10**9, "milyar": 10**9}
_DOT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_SPACE_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SIMPLE = re.compile(r"[0-9]+|[0-9]*[.,][0-9]+")
# d,ddd: twelve hundred and fifty in London, one and a quarter in Jakarta.
_EITHER = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_UNIT = re.compile(r"(?:[^\W\d_]+[23]?|%|/ ?[^\W\d_]+)(?:[ /.-]+[^\W\d_]+[23]?)*\.?")
_PER_MONTH = re.compile(r" ?(?:/|\b(?:per|tiap|setiap)\b) ?(?:bulan|bln|month)$")
_LONGEST = 60
# Within the 28 digits of Python's decimals, so that nothing is rounded away unseen.
_LONGEST_NUMBER = 24


def parse(
    text: str,
    *,
    units: Collection[str] = (),
    per_month: bool = False,
    places: int = 3,
    largest: Decimal = LARGEST_QUANTITY,
) -> Decimal:
    """The number in `text`, 0 ≤ number ≤ `largest`, at most `places` decimals; NumberRefused otherwise.

    `units` are the words that may follow it, in any case; "per bulan" may follow those if `per_month`.
    Any other unit is refused: 5 ton in a field of kilograms is not 5 kilograms.
    """
    value, unit = read(text)
    word = fold_unit(unit)
    if per_month:
        word = _PER_MONTH.sub("", word)
    if word and word not in {fold_unit(known) for known in units}:
        raise NumberRefused("unit", given=unit, expected=next(iter(units), ""))
    if value > largest:
        raise NumberRefused("too_large", largest=typeable(largest))
    if value != round(value, places):
        raise NumberRefused("decimals", places=places) if places else NumberRefused("whole")
    return round(value, places) if places else value.to_integral_value()


def read(text: str) -> Typed:
    """The number that `text` begins with and the words behind it; NumberRefused if it is not one number."""
    plain = tidy(text)
    if not plain:
        raise NumberRefused("empty")
    found = _TYPED.fullmatch(plain) if len(plain) <= _LONGEST else None
    if not found or len(found["number"]) > _LONGEST_NUMBER or not _is_unit(found["unit"]):
        raise NumberRefused("unreadable", text=plain[:_LONGEST])
    if "-" in (found["sign"], found["inner"]):
        raise NumberRefused("negative")
    value = _value(found["number"])
    if found["times"]:
        value *= _TIMES[found["times"].lower()]
    return Typed(value, found["unit"].strip())


def fold_unit(unit: str) -> str:
    """The form in which units are compared: "M²" and "m2" are one."""
    return " ".join(unit.casefold().replace("²", "2").replace("³", "3").rstrip(". ").split())


def tidy(text: str) -> str:
    """`text` with plain digits, signs and single spaces; NumberRefused("control") for unprintable characters."""
    plain = []
    for char in text.strip(" \t\r\n").translate(_INVISIBLE).translate(_FULL_WIDTH):
        category = unicodedata.category(char)
        if category[0] == "C" or category in {"Zl", "Zp"}:
            raise NumberRefused("control")
        if category == "Zs":
            char = " "
        elif category == "Nd":
            char = str(unicodedata.decimal(char))
        plain.append(char)
    return re.sub(" +", " ", "".join(plain)).strip()


def _is_unit(text: str) -> bool:
    """Words such as "kg", "m2", "pcs/bulan", "inch-dia"; not a second number, a fraction or an exponent."""
    plain = fold_unit(text)
    if any(char.isnumeric() and char not in "23" for char in plain):
        return False
    return not text or bool(_UNIT.fullmatch(plain))


def _value(number: str) -> Decimal:
    if _EITHER.fullmatch(number):
        small, large = Decimal(number.replace(",", ".")), Decimal(number.replace(",", ""))
        raise NumberRefused("ambiguous", text=number, small=typeable(small), large=typeable(large))
    if _DOT_GROUPS.fullmatch(number):
        return Decimal(number.replace(".", "").replace(",", "."))
    if _SIMPLE.fullmatch(number):
        return Decimal(number.replace(",", "."))
    if _SPACE_GROUPS.fullmatch(number):
        return _space_grouped(number)
    if _COMMA_GROUPS.fullmatch(number):
        raise NumberRefused("commas", text=number, reading=typeable(Decimal(number.replace(",", ""))))
    raise NumberRefused("unreadable", text=number)


def _space_grouped(number: str) -> Decimal:
    tight = number.replace(" ", "")
    if re.search(r"\.[0-9]{3}$", tight):
        # "1 250.000": two signs for thousands, or a decimal point.
        small, large = Decimal(tight), Decimal(tight.replace(".", ""))
        raise NumberRefused("ambiguous", text=number, small=typeable(small), large=typeable(large))
    return Decimal(tight.replace(",", "."))


def display(value: Decimal | int, places: int = 3) -> str:
    """1250.5 → "1.250,5"; rounded half up to `places`, without idle zeros."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    fraction = fraction.rstrip("0")
    sign = "−" if rounded < 0 else ""
    return sign + whole.replace(",", ".") + (f",{fraction}" if fraction else "")


def typeable(value: Decimal | int, *, grouped: bool = True) -> str:
    """As `display`, but `parse` gives the same number back: for inputs, examples, and cells of a spreadsheet.

    1.125 becomes "1,1250", because "1,125" alone would be refused as ambiguous.
    """
    text = display(value)
    return unambiguous(text if grouped else text.replace(".", ""))


def unambiguous(text: str) -> str:
    """A number with decimal comma, with an idle zero behind it where two readings would be possible."""
    return f"{text}0" if _EITHER.fullmatch(text) else text


def in_words(value: Decimal | int, language: str = "id") -> str:
    """1250 → "seribu dua ratus lima puluh", in English "one thousand two hundred and fifty"."""
    plain = Decimal(value)
    plain = plain.to_integral_value() if plain == plain.to_integral_value() else plain.normalize()
    if language != "en":
        return terbilang(plain if plain.as_tuple().exponent else int(plain))
    whole, _, fraction = f"{abs(plain):f}".partition(".")
    words = ("minus " if plain < 0 else "") + _english(int(whole))
    return words + (" point " + " ".join(_ENGLISH_ONES[int(digit)] for digit in fraction) if fraction else "")


_ENGLISH_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_ENGLISH_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH_SCALES = ["", " thousand", " million", " billion", " trillion", " quadrillion"]


def _english(number: int) -> str:
    if number < 1000:
        return _english_below_thousand(number)
    parts: list[str] = []
    rest = number
    for scale in _ENGLISH_SCALES:
        rest, group = divmod(rest, 1000)
        if group:
            parts.insert(0, _english_below_thousand(group) + scale)
        if not rest:
            break
    else:
        raise ValueError("too large to spell")
    last = number % 1000
    if 0 < last < 100:
        parts[-1] = f"and {parts[-1]}"
    return " ".join(parts)


def _english_below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    below = _ENGLISH_ONES[rest] if rest < 20 else _ENGLISH_TENS[rest // 10]
    if rest > 20 and rest % 10:
        below += f"-{_ENGLISH_ONES[rest % 10]}"
    if not hundreds:
        return below
    return f"{_ENGLISH_ONES[hundreds]} hundred" + (f" and {below}" if rest else "")
