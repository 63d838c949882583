"""Phone numbers as people type them, kept as +62… (E.164)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_MOBILE = re.compile(r"\+628[1-9][0-9]{6,10}\Z")
_ANY = re.compile(r"\+[1-9][0-9]{7,14}\Z")


def normalise(text: str) -> str:
    """ "0812-3456-7890", "62 812…" or "+62812…" as "+628123…"; what is no number comes back without its spaces."""
    digits = re.sub(r"[\s.()/\-\u2010-\u2015]", "", text)
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0"):
        return "+62" + digits[1:]
    if digits.startswith("8"):
        return "+62" + digits
    if digits.startswith("62"):
        return "+" + digits
    return digits.replace("+620", "+62", 1)


def clean_mobile(text: str) -> str:
    """An Indonesian mobile number as +628…; ValidationError that says how it is written."""
    number = normalise(text)
    if not _MOBILE.match(number):
        raise ValidationError(_("Tulis nomor ponsel seperti 0812 3456 7890."), code="mobile")
    return number


def clean_phone(text: str) -> str:
    """Any telephone number with its area or country code as +…; ValidationError that says how it is written."""
    number = normalise(text)
    if not _ANY.match(number):
        raise ValidationError(
            _("Tulis nomor telepon dengan kode wilayah, seperti 0254 391 234."), code="phone"
        )
    return number


def shown(number: str) -> str:
    """+6281234567890 as "0812 3456 7890", the way people read it aloud; other countries' numbers stay."""
    if not number.startswith("+62"):
        return number
    local = "0" + number[3:]
    return " ".join(filter(None, [local[:4], local[4:8], local[8:]]))
