"""Which six figures may be a PIN."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LENGTH = 6


def is_trivial(pin: str) -> bool:
    """Repeats, pairs, mirrors, runs up or down, or fewer than three different figures: what others try first."""
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    repeats = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3))
    pairs_or_mirror = pin[::2] == pin[1::2] or pin == pin[::-1]
    return repeats or pairs_or_mirror or steps in ({1}, {9}) or len(set(pin)) < 3


def check_pin(pin: str, *, phone: str = "") -> None:
    """ValidationError unless `pin` is six figures that nobody guesses from a list or from the number `phone`."""
    if len(pin) != LENGTH or not (pin.isascii() and pin.isdigit()):
        raise ValidationError(_("PIN terdiri dari 6 angka."), code="pin_form")
    if is_trivial(pin):
        raise ValidationError(
            _("PIN ini mudah ditebak. Jangan berurutan dan jangan berulang."), code="pin_trivial"
        )
    if pin in phone:
        raise ValidationError(_("PIN tidak boleh bagian dari nomor ponsel Anda."), code="pin_in_phone")
