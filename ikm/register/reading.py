"""One row of a table as what it states of a workshop. Pure but for the words of the catalogue that it is given."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from ikm import names
from web import identifiers, numbers
from web.refusal import Refused

# What people write where they have nothing to say.
EMPTY = frozenset(
    ["-", "--", "0", ".", "n/a", "na", "tidak ada", "tdk ada", "belum ada", "nihil", "kosong", "none"]
)
# 8.52348e+010: a spreadsheet has thrown the last figures away.
EATEN = re.compile(r"[0-9][.,][0-9]+e\+?0*[0-9]+", re.IGNORECASE)
LONGEST = {"owner": 120, "address": 250, "email": 254}
LONGEST_NAME, LONGEST_ABOUT, LONGEST_PRODUCT = 160, 1000, 160
MOST_PRODUCTS = 12
FIRST_YEAR, MOST_WORKERS = 1900, 9_999


class Words(Protocol):
    """What the office's words mean (ikm.register.words)."""

    def area(self, stated: Mapping[str, str]) -> tuple[str | None, list[list[str]]]: ...
    def category(self, product: str) -> str: ...
    def kbli(self, code: str) -> int | None: ...


@dataclass
class Read:
    """`organisation` and `ikm` are fields by name; products are (name, category). Remarks are [code, detail]."""

    organisation: dict[str, Any] = field(default_factory=dict)
    ikm: dict[str, Any] = field(default_factory=dict)
    products: list[tuple[str, str]] = field(default_factory=list)
    kblis: list[int] = field(default_factory=list)
    remarks: list[list[str]] = field(default_factory=list)

    def remark(self, code: str, detail: str = "") -> None:
        self.remarks.append([code, detail[:80]])

    @property
    def nib(self) -> str:
        return self.organisation.get("nib", "")

    @property
    def numbers(self) -> set[str]:
        return {self.organisation.get(name, "") for name in ("phone", "whatsapp")} - {""}

    @property
    def core(self) -> str:
        return names.core(self.organisation["name"])


def by_field(cells: Sequence[str], mapping: Mapping[int, str]) -> dict[str, list[str]]:
    """The texts of a row by field; what means nothing is left out."""
    said: dict[str, list[str]] = {}
    for index, name in mapping.items():
        text = line(cells[index]) if index < len(cells) else ""
        if text and text.casefold() not in EMPTY:
            said.setdefault(name, []).append(text)
    return said


def line(text: str) -> str:
    """One line without invisible signs: what a spreadsheet cell may hold by accident."""
    flat = unicodedata.normalize("NFC", text).replace("\n", " ").replace("\t", " ")
    return " ".join("".join(char for char in flat if char.isprintable()).split())


def read(cells: Sequence[str], mapping: Mapping[int, str], words: Words, *, this_year: int) -> Read:
    """What the row states. It is refused where a remark refuses it; what cannot be read is left out with a remark."""
    said, row = by_field(cells, mapping), Read()
    texts = {name: found[0] for name, found in said.items()}
    _name(row, texts.get("name", ""))
    _identifiers(row, texts)
    _contact(row, texts)
    row.organisation["area_id"], remarks = words.area(texts)
    row.remarks += remarks
    _place(row, texts)
    _size(row, texts, this_year)
    _kblis(row, texts.get("kbli", ""), words)
    _products(row, said.get("products", []), words)
    return row


def _name(row: Read, name: str) -> None:
    row.organisation["name"] = name[:LONGEST_NAME]
    if not name:
        row.remark("no_name")
    elif len(name) > LONGEST_NAME:
        row.remark("long_name", name)
    row.ikm["legal_form"] = names.legal_form(name)


def _identifiers(row: Read, texts: Mapping[str, str]) -> None:
    if text := texts.get("nib", ""):
        digits = re.sub(r"[\s.\-/'`]", "", text)
        if re.fullmatch(r"[0-9]{12}", digits):
            row.organisation["nib"] = f"0{digits}"
            row.remark("nib_padded", digits)
        elif re.fullmatch(r"[0-9]{13}", digits):
            row.organisation["nib"] = digits
        else:
            row.remark("nib_length", text)
    if text := texts.get("npwp", ""):
        try:
            row.organisation["npwp"] = identifiers.npwp(text)
        except Refused:
            row.remark("npwp_wrong", text)
        else:
            if identifiers.npwp_looks_mistyped(row.organisation["npwp"]):
                row.remark("npwp_doubtful", text)


def _contact(row: Read, texts: Mapping[str, str]) -> None:
    for name in ("phone", "whatsapp"):
        if not (text := texts.get(name, "")):
            continue
        if EATEN.fullmatch(text):
            row.remark("phone_lost", text)
        elif number := _number(text):
            is_mobile = number.startswith("+628")
            row.organisation.setdefault("whatsapp" if is_mobile else "phone", number)
        else:
            row.remark("phone_wrong", text)
    if text := texts.get("owner", ""):
        _kept(row, "contact_name", "owner", text)
    if text := texts.get("email", ""):
        if re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}", text) and len(text) <= LONGEST["email"]:
            row.organisation["email"] = text.lower()
        else:
            row.remark("email_wrong", text)


def _number(text: str) -> str:
    """The first number that can be read: "0812-3456-7890 / 0813…" has two; "" for none."""
    for part in [text, *re.split(r"[/,;]| atau | dan ", text)]:
        try:
            return identifiers.phone(part.strip())
        except Refused:
            continue
    return ""


def _kept(row: Read, column: str, name: str, text: str) -> None:
    row.organisation[column] = text[: LONGEST[name]]
    if len(text) > LONGEST[name]:
        row.remark("cut", text)


def _place(row: Read, texts: Mapping[str, str]) -> None:
    if text := texts.get("address", ""):
        _kept(row, "address", "address", text)
    if re.fullmatch(r"[0-9]{5}", postcode := texts.get("postcode", "")):
        row.organisation["postcode"] = postcode
    stated = [texts.get(name, "") for name in ("latitude", "longitude")]
    if not all(stated):
        return
    try:
        latitude, longitude = (Decimal(text.replace(",", ".")) for text in stated)
        inside = -11 <= latitude <= 6 and 95 <= longitude <= 141
    except InvalidOperation:
        inside = False
    if inside:
        row.ikm["latitude"], row.ikm["longitude"] = round(latitude, 5), round(longitude, 5)
    else:
        row.remark("place_wrong", ", ".join(stated))


def _size(row: Read, texts: Mapping[str, str], this_year: int) -> None:
    for name, column, code, least, most in (
        ("workers", "workers", "workers_wrong", 0, MOST_WORKERS),
        ("year_founded", "year_founded", "year_wrong", FIRST_YEAR, this_year),
    ):
        if not (text := texts.get(name, "")):
            continue
        try:
            value = int(
                numbers.parse(text, units=["orang", "org", "pekerja"], places=0, largest=Decimal(most))
            )
        except Refused:
            value = -1
        if least <= value <= most:
            row.ikm[column] = value
        else:
            row.remark(code, text)


def _kblis(row: Read, text: str, words: Words) -> None:
    for code in re.findall(r"[0-9A-Za-z.]+", text)[:5]:
        found = words.kbli(code.replace(".", ""))
        if found is None:
            row.remark("kbli_unknown", code)
        elif found not in row.kblis:
            row.kblis.append(found)


def product_words(texts: Collection[str]) -> list[str]:
    """The products that a row names, one by one: "pagar, teralis dan kanopi" are three."""
    found = [part.strip(" .-") for text in texts for part in re.split(r"[,;/|]|\bdan\b|\bserta\b|&", text)]
    return list(dict.fromkeys(part for part in found if len(part) > 1))[:MOST_PRODUCTS]


def _products(row: Read, texts: Sequence[str], words: Words) -> None:
    unknown, seen = [], set()
    for product in product_words(texts):
        category = words.category(product)
        if not category:
            unknown.append(product)
        elif category not in seen:
            seen.add(category)
            row.products.append((product[:LONGEST_PRODUCT], category))
    if unknown:
        row.ikm["about"] = ", ".join(unknown)[:LONGEST_ABOUT]
        for product in unknown:
            row.remark("product_unknown", product)
