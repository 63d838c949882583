"""Names of workshops as people write them: "CV. Maju", "Maju, CV" and "cv maju" are one. Pure: no Django."""

import re
import unicodedata

# Legal form -> how it is written in front of a name or behind it.
WRITTEN = {
    "PT": ["pt", "p t", "perseroan terbatas"],
    "CV": ["cv", "c v", "persekutuan komanditer"],
    "UD": ["ud", "u d", "usaha dagang"],
    "KUB": ["kub", "k u b", "kelompok usaha bersama"],
    "Koperasi": ["koperasi"],
}
_FORMS = {written: form for form, ways in WRITTEN.items() for written in ways}
_ALTERNATIVES = "|".join(sorted(_FORMS, key=len, reverse=True))
# Also read by PostgreSQL (ikm.search), hence no names, no look-around.
AROUND = rf"^({_ALTERNATIVES}) | ({_ALTERNATIVES})$"


def plain(name: str) -> str:
    """Lower case, without accents and signs: how names are compared."""
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", flat))


def legal_form(name: str) -> str:
    """The form that the name states, a key of WRITTEN; "" where it states none."""
    found = re.search(AROUND, plain(name))
    return _FORMS[found[1] or found[2]] if found else ""


def core(name: str) -> str:
    """What is left of a name without its legal form."""
    return re.sub(AROUND, "", plain(name))
