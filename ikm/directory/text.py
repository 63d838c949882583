"""How texts become lexemes, the same for what is found and for what is asked. Pure: no Django.

PostgreSQL's `indonesian` stemmer (passed in as `stem`) comes last. Before it go what it gets wrong: "pengelasan",
"mengelas", "dilas" are "las", not "elas"; part numbers are found however they are spaced ("UNP100", "UNP 100").
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

Stem = Callable[[str], str]

LONGEST_WORD = 60
# Words of one syllable take "nge", which the stemmer does not know.
MONOSYLLABLES = "bor cat cek cor frais klem krom las lem pon pres rol tap".split()
_NGE = re.compile(rf"(?:penge|menge|nge|di)({'|'.join(MONOSYLLABLES)})(?:an|kan|nya)?")
_WORD = re.compile(r"[a-z0-9]+")
_RUNS = re.compile(r"[a-z]+|[0-9]+")
# "UNP 100", "ST-37", "M 12" are one; so is "12 x 50".
_MARK = re.compile(r"\b([a-z]{1,3})[ -]+(?=[0-9])")
_TIMES = re.compile(r"(?<=[0-9]) *x *(?=[0-9])")
MOST_RUNS = 6


def fold(text: str) -> str:
    """Lower case without accents; the sign between two measures is an x."""
    flat = unicodedata.normalize("NFKD", text.replace("×", "x")).lower()
    return flat.encode("ascii", "ignore").decode()


def words(text: str) -> list[str]:
    """In the order they stand, part numbers joined; each without a "nge" form and cut to 60 characters."""
    joined = _TIMES.sub("x", _MARK.sub(r"\1", fold(text)))
    return [base(word[:LONGEST_WORD]) for word in _WORD.findall(joined)]


def base(word: str) -> str:
    found = _NGE.fullmatch(word)
    return found[1] if found else word


def runs(word: str) -> list[str]:
    """Letters and figures of a part number apart; [] where the word has only one of them."""
    found = _RUNS.findall(word)
    return found if 1 < len(found) <= MOST_RUNS else []


def inside(word: str) -> set[str]:
    """All that a part number may be asked by: "m12x50" by "m12", "12x50", "50" …"""
    found = runs(word)
    return {"".join(found[i:j]) for i in range(len(found)) for j in range(i + 1, len(found) + 1)} - {word}


def lexemes(said: Iterable[str], stem: Stem) -> set[str]:
    """Of words, with all that a part number may be asked by."""
    found: set[str] = set()
    for word in said:
        found.add(stem(word))
        if not word.isalpha():
            found |= inside(word)
    return found


def vector(found: Iterable[str]) -> str:
    """The text form of a tsvector. Lexemes are of a-z, 0-9 and / . - ! alone."""
    return " ".join(f"'{lexeme}'" for lexeme in found)


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with a neighbour; `most + 1` where it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, counterpart in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != counterpart))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def tolerance(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2
