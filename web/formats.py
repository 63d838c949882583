"""How the portal writes numbers, money, points, days and contacts, in the language of the moment.

Dates and times come from Django (`{{ day }}`, `{{ moment }}`) with web/locale_formats. A unit hangs on its number
by a no-break space.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import quote

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from web.numbers import display, in_words
from web.workdays import working_days_between

NO_BREAK = "\u00a0"


def quantity(value: Decimal | int | None, unit: str = "") -> str:
    """1250.5, "kg" → "1.250,5 kg"; "" for None."""
    if value is None:
        return ""
    return display(value) + (f"{NO_BREAK}{unit}" if unit else "")


def money(value: Decimal | int | None) -> str:
    """1234567 → "Rp1.234.567": whole Rupiah, rounded half up; "" for None."""
    if value is None:
        return ""
    whole = Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)
    return ("−" if whole < 0 else "") + f"Rp{display(abs(whole))}"


def points(score: int | None) -> str:
    """Thousandths as points: 931 → "93,1", 300 → "30,0"."""
    return "" if score is None else f"{score // 10},{score % 10}"


def points_range(low: int, high: int) -> str:
    """620, 820 → "62,0–82,0"; one number where they are equal."""
    return points(low) if low == high else f"{points(low)}–{points(high)}"


def echo(value: Decimal | int, *, symbol: str, name: str = "", per_month: bool = False) -> str:
    """What was typed, to be checked: "1.250 kg per bulan (seribu dua ratus lima puluh kilogram)".

    `name` is the unit's name as the catalogue has it; what it explains in brackets is left out.
    """
    shown = quantity(value, symbol)
    if per_month:
        shown = _("%(quantity)s per bulan") % {"quantity": shown}
    words = in_words(value, get_language() or "id")
    unit = (name or symbol).split("(")[0].strip()
    return f"{shown} ({words} {unit[:1].lower()}{unit[1:]})"


def day(value: datetime.date | datetime.datetime) -> datetime.date:
    """The calendar day in Cilegon of a date or an aware moment."""
    return timezone.localdate(value) if isinstance(value, datetime.datetime) else value


def long_date(value: datetime.date | datetime.datetime | None) -> str:
    """ "24 November 2026" in either language; "" for None."""
    return "" if value is None else date_format(day(value), "DATE_FORMAT")


def age(since: datetime.date | datetime.datetime, today: datetime.date | None = None) -> str:
    """How long something has waited: "hari ini" or "3 hari kerja"."""
    days = working_days_between(day(since), today or timezone.localdate())
    if days < 1:
        return _("hari ini")
    return ngettext("%(count)d hari kerja", "%(count)d hari kerja", days) % {"count": days}


def due(on: datetime.date | datetime.datetime, today: datetime.date | None = None) -> str:
    """How long there is: "3 hari kerja lagi", "hari ini", "lewat 2 hari kerja"."""
    last, today = day(on), today or timezone.localdate()
    days = working_days_between(today, last)
    if days > 0:
        return ngettext("%(count)d hari kerja lagi", "%(count)d hari kerja lagi", days) % {"count": days}
    if last > today:
        return _("sebelum hari kerja berikutnya")
    if last == today:
        return _("hari ini")
    if days == 0:
        return _("baru lewat")
    return ngettext("lewat %(count)d hari kerja", "lewat %(count)d hari kerja", -days) % {"count": -days}


def phone(number: str) -> str:
    """+6281234567890 → "0812 3456 7890", as people read it aloud; another country's number stays as it is."""
    if not number.startswith("+62"):
        return number
    local = f"0{number[3:]}"
    return NO_BREAK.join(part for part in (local[:4], local[4:8], local[8:]) if part)


def wa_link(number: str, text: str = "") -> str:
    """The address that opens WhatsApp with `text` to `number` (+…); "" where there is no number."""
    digits = number.removeprefix("+")
    if not digits:
        return ""
    return f"https://wa.me/{digits}" + (f"?text={quote(text)}" if text else "")


def npwp(digits: str) -> str:
    """15 digits as 01.234.567.8-901.000; 16 in groups of four."""
    if len(digits) == 15:
        return f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}.{digits[8]}-{digits[9:12]}.{digits[12:]}"
    return NO_BREAK.join(digits[i : i + 4] for i in range(0, len(digits), 4))


def mask_npwp(digits: str) -> str:
    """For pages: the last four digits only. A person's NPWP is the identity number (NIK)."""
    return f"••••{NO_BREAK}{digits[-4:]}" if digits else ""
