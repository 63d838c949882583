"""Numbers that name somebody: telephone, NIB, NPWP. Kept as text, since leading zeros count. Pure: no Django."""

import re

from lokal.phone import parse_phone

from web.numbers import NumberRefused, tidy
from web.refusal import Refused

NIB_DIGITS = 13


class IdentifierRefused(Refused):
    """empty · control · not_digits · length(count) · nitku · not_mobile · phone"""


def phone(text: str, *, mobile: bool = False) -> str:
    """A telephone number as +62…; with `mobile` one that can log in and use WhatsApp.

    A number of another country is taken as typed with its + or 00, except where it must be an Indonesian mobile.
    """
    digits = re.sub(r"[\s().\-/]", "", _plain(text))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise IdentifierRefused("not_digits")
    if digits.startswith("+") and not digits.startswith("+62") and not mobile:
        if not re.fullmatch(r"\+[1-9][0-9]{7,14}", digits):
            raise IdentifierRefused("phone")
        return digits
    found = parse_phone(digits)
    if found.e164 is None:
        raise IdentifierRefused("not_mobile" if mobile and found.type != "mobile" else "phone")
    if mobile and not re.match(r"\+628[1-9]", found.e164):
        raise IdentifierRefused("not_mobile")
    return found.e164


def nib(text: str) -> str:
    """The 13 digits of a Nomor Induk Berusaha."""
    digits = _digits(text)
    if len(digits) != NIB_DIGITS:
        raise IdentifierRefused("length", count=len(digits))
    return digits


def npwp(text: str) -> str:
    """15 digits (until 2024) or 16 (a firm's: 0 and the 15; a person's: the NIK), as they were typed."""
    digits = _digits(text)
    if len(digits) == 22:
        raise IdentifierRefused("nitku")
    if len(digits) not in (15, 16):
        raise IdentifierRefused("length", count=len(digits))
    return digits


def npwp_16(digits: str) -> str:
    """A firm's NPWP in the form in use since 2024, so that both spellings of one number are found equal."""
    return digits.zfill(16)


def npwp_looks_mistyped(digits: str) -> bool:
    """The first nine digits fail the check that nearly all real numbers pass (1,501 of 1,505): warn, never block."""
    if len(digits) == 16 and not digits.startswith("0"):
        return False  # a NIK, which has no check digit
    root = digits[-15:][:9]
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in root[-2::-2]]
    return (sum(doubled) + sum(int(digit) for digit in root[-1::-2])) % 10 != 0


def _digits(text: str) -> str:
    digits = re.sub(r"[\s.\-/]", "", _plain(text))
    if not re.fullmatch(r"[0-9]+", digits):
        raise IdentifierRefused("not_digits")
    return digits


def _plain(text: str) -> str:
    try:
        plain = tidy(text)
    except NumberRefused as refused:
        raise IdentifierRefused(refused.code) from None
    if not plain:
        raise IdentifierRefused("empty")
    return plain
