"""The reason why a typed text was not taken, without words: web.fields says it in the user's language. Pure."""

from typing import Any


class Refused(ValueError):
    """`code` names the reason, `params` fill the message."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code, self.params = code, params
