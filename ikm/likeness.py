"""How likely two profiles are one workshop, and why. A person decides: one name can have two NPWP. Pure: no Django."""

from dataclasses import dataclass

from ikm import names
from web.identifiers import npwp_16

# Points of a reason; of the reasons about names and about addresses only the strongest counts.
POINTS = {
    "nib": 60,
    "npwp": 50,
    "phone": 40,
    "same_name": 45,
    "similar_name": 25,
    "address": 20,
    "same_area": 5,
    "other_nib": -30,
    "other_npwp": -15,
    "other_area": -5,
}
# From here on a pair is shown to an officer.
WORTH_A_LOOK = 40
# Likeness of two names (trigrams, 0 to 1) from which they count as similar.
SIMILAR = 0.55


@dataclass(frozen=True)
class Record:
    """What is compared of a profile: as stored, "" for what is not known. `area` is a Kemendagri code."""

    name: str = ""
    nib: str = ""
    npwp: str = ""
    phones: frozenset[str] = frozenset()
    address: str = ""
    area: str = ""


@dataclass(frozen=True)
class Likeness:
    """`score` from 0 to 100; `reasons` are keys of POINTS, the weightiest first."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_worth_a_look(self) -> bool:
        return self.score >= WORTH_A_LOOK


def compare(one: Record, other: Record) -> Likeness:
    """The same for both orders."""
    found = [*_numbers(one, other), *_names(one, other), *_places(one, other)]
    found.sort(key=lambda reason: (-abs(POINTS[reason]), reason))
    return Likeness(max(0, min(100, sum(POINTS[reason] for reason in found))), tuple(found))


def _numbers(one: Record, other: Record) -> list[str]:
    found = []
    if one.nib and other.nib:
        found.append("nib" if one.nib == other.nib else "other_nib")
    if one.npwp and other.npwp:
        found.append("npwp" if npwp_16(one.npwp) == npwp_16(other.npwp) else "other_npwp")
    if one.phones & other.phones:
        found.append("phone")
    return found


def _names(one: Record, other: Record) -> list[str]:
    cores = names.core(one.name), names.core(other.name)
    if not all(cores):
        return []
    if cores[0].replace(" ", "") == cores[1].replace(" ", ""):
        return ["same_name"]
    return ["similar_name"] if alike(*cores) >= SIMILAR else []


def _places(one: Record, other: Record) -> list[str]:
    found = []
    streets = street(one.address), street(other.address)
    if streets[0] and streets[0] == streets[1]:
        found.append("address")
    if one.area and other.area:
        if one.area == other.area:
            found.append("same_area")
        elif district(one.area) and district(other.area) and district(one.area) != district(other.area):
            found.append("other_area")
    return found


def district(code: str) -> str:
    """The district that a code lies in; "" for a wider area."""
    parts = code.split(".")
    return ".".join(parts[:3]) if len(parts) >= 3 else ""


def street(address: str) -> str:
    """An address as it is compared: "Jl. Raya Anyer No. 12" and "jalan raya anyer 12" are one. "" below two words."""
    words = [_SHORT.get(word, word) for word in names.plain(address).split()]
    kept = [word.lstrip("0") or "0" if word.isdigit() else word for word in words if word not in _EMPTY]
    return " ".join(kept) if len(kept) > 1 else ""


_SHORT = {"jl": "jalan", "jln": "jalan", "kp": "kampung", "kmp": "kampung", "gg": "gang", "komp": "komplek"}
_EMPTY = frozenset(["no", "nomor", "rt", "rw"])


def alike(one: str, other: str) -> float:
    """Likeness of two plain texts by trigrams, as PostgreSQL's similarity() has it: 0 to 1."""
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second) if first or second else 0.0


def trigrams(text: str) -> frozenset[str]:
    padded = [f"  {word} " for word in text.split()]
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))
