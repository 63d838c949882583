"""Strict reading of JSON values, each with its path: what is wrong is noted and reading goes on. Pure: no Django."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from matching.bundle_problems import BundleRefused, Problem

QUANTITY = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AREA = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
NIB = re.compile(r"[0-9]{13}")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
MAX_DAYS = 3650
MAX_PROBLEMS = 100


class Keys(dict):
    """A JSON object that remembers which keys were written more than once."""

    def __init__(self, pairs: list[tuple[str, object]]):
        super().__init__(pairs)
        counts = Counter(key for key, _ in pairs) if len(self) < len(pairs) else {}
        self.repeated = [key for key, times in counts.items() if times > 1]


class NotANumber(ValueError):
    pass


def refuse_constant(text: str) -> object:
    raise NotANumber(text)


def whole(text: str) -> int | float:
    """A number too long for any field stays a float, which no field takes."""
    return int(text) if len(text) < 20 else float("inf")


def load(text: str | bytes) -> object:
    """The JSON value, its objects as `Keys`. Refused: other encodings, NaN and Infinity, bottomless nesting."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=Keys, parse_constant=refuse_constant, parse_int=whole)
    except UnicodeDecodeError:
        problem = Problem("$", "not_utf8")
    except json.JSONDecodeError as error:
        problem = Problem("$", "not_json", {"line": error.lineno, "column": error.colno})
    except NotANumber as error:
        problem = Problem("$", "not_a_number", {"found": str(error)})
    except RecursionError:
        problem = Problem("$", "too_deep")
    raise BundleRefused([problem])


class Notes:
    """The problems found so far; after MAX_PROBLEMS only that there are more."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: str, code: str, **params: object) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            self.problems.append(Problem("$", "too_many"))
        elif len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(path, code, params))


def below(path: str, key: str) -> str:
    if PLAIN_KEY.fullmatch(key):
        return f"{path}.{key}"
    return f"{path}[{json.dumps(key[:60])}]"


def brief(value: str) -> str:
    return CONTROL.sub("?", value[:60])


class Item:
    """One JSON object with the keys it may have. Absent, null and "" are missing: None, or () for a list."""

    def __init__(self, notes: Notes, path: str, value: object, keys: Iterable[str]):
        self.notes, self.path = notes, path
        self.value: dict[str, object] = value if isinstance(value, dict) else {}
        if not isinstance(value, Keys):
            notes.add(path, "not_object")
            return
        for key in value.repeated:
            notes.add(below(path, key), "repeated_key")
        for key in sorted(value.keys() - frozenset(keys)):
            notes.add(below(path, key), "unknown_key")

    @property
    def is_read(self) -> bool:
        return isinstance(self.value, Keys)

    def at(self, key: str) -> str:
        return below(self.path, key)

    def note(self, key: str, code: str, **params: object) -> None:
        self.notes.add(self.at(key), code, **params)

    def get(self, key: str, *, required: bool = False) -> object:
        value = self.value.get(key)
        if value is None or value == "":
            if required and self.is_read:
                self.note(key, "missing")
            return None
        return value

    def text(self, key: str, limit: int, *, required: bool = False) -> str | None:
        return self.as_text(self.get(key, required=required), self.at(key), limit)

    def as_text(self, value: object, path: str, limit: int) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self.notes.add(path, "not_text")
        elif len(value) > limit:
            self.notes.add(path, "too_long", limit=limit, length=len(value))
        elif CONTROL.search(value):
            self.notes.add(path, "control")
        elif not value.strip():
            self.notes.add(path, "blank")
        else:
            return value
        return None

    def matched(self, key: str, pattern: re.Pattern[str], code: str, *, required: bool = False) -> str | None:
        value = self.get(key, required=required)
        if value is None or (isinstance(value, str) and pattern.fullmatch(value)):
            return value
        self.note(key, code)
        return None

    def quantity(self, key: str, *, required: bool = False, positive: bool = False) -> Decimal | None:
        value = self.matched(key, QUANTITY, "not_quantity", required=required)
        if value is None:
            return None
        quantity = Decimal(value)
        if positive and quantity == 0:
            self.note(key, "not_positive")
            return None
        return quantity

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = self.matched(key, DAY, "not_day", required=required)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.note(key, "not_day")
            return None

    def period(self, start: str, end: str, *, required: bool = False) -> tuple[date | None, date | None]:
        first, last = self.day(start, required=required), self.day(end, required=required)
        if first is not None and last is not None and last < first:
            self.note(end, "ends_early", start=first.isoformat())
        return first, last

    def days(self, key: str) -> int | None:
        value = self.get(key)
        if value is None:
            return None
        if type(value) is int and 0 <= value <= MAX_DAYS:
            return value
        self.note(key, "not_days", limit=MAX_DAYS)
        return None

    def boolean(self, key: str) -> bool:
        value = self.get(key, required=True)
        if value is not None and not isinstance(value, bool):
            self.note(key, "not_boolean")
        return value is True

    def choice(self, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
        """Compulsory where there is no default."""
        value = self.get(key, required=default is None)
        if value is None:
            return default or choices[0]
        if isinstance(value, str) and value in choices:
            return value
        self.note(key, "not_one_of", choices=", ".join(choices))
        return choices[0]

    def elements(self, key: str) -> list[tuple[str, object]]:
        """The values of a list, each with its path."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(key, "not_list")
            return []
        return [(f"{self.at(key)}[{i}]", element) for i, element in enumerate(value)]
