"""The English catalogue: Indonesian stands in the source, English in locale/en. Works without gettext's programs.

Babel comes with the development lock, so this is for developers and CI; the compiled catalogue is committed.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

# Every package of the house; those that a later feature brings are simply not there yet.
APPS = (
    "web",
    "catalogue",
    "accounts",
    "ikm",
    "industry",
    "commitments",
    "matching",
    "facilitation",
    "events",
    "partnership_portal",
)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
# The header's dates stay the same, so that equal contents give equal bytes.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
FOLDER = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES"


def sources() -> list[Path]:
    root = settings.BASE_DIR
    python = [p for app in APPS for p in (root / app).rglob("*.py") if "migrations" not in p.parts]
    return sorted(python) + sorted(
        p for p in (root / "templates").rglob("*") if p.suffix in {".html", ".txt"}
    )


def extracted() -> Catalog:
    """Every string in the source that users may see, with the files it stands in."""
    catalog = Catalog(locale="en", project="portal", charset="utf-8")
    for path in sources():
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(settings.BASE_DIR))
        if path.suffix != ".py":
            # In brackets, where Python's tokenizer minds no indentation.
            text = f"(\n{templatize(text, origin=name)}\n)"
        found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            # Positions would change the file with every edit; the file's name is enough to find a string.
            flags = ["python-format"] if "%(" in str(message) else []
            catalog.add(message, locations=[(name, None)], flags=flags, context=context)
    return catalog


def read() -> Catalog:
    path = FOLDER / "django.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def rendered(catalog: Catalog) -> tuple[bytes, bytes]:
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=110, omit_header=False, sort_output=True, ignore_obsolete=True)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def merged() -> Catalog:
    """The source's strings with the translations there are; what vanished from the source is dropped."""
    old, new = read(), extracted()
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        # What counted before and no longer does is another sentence.
        if known and not known.fuzzy and known.pluralizable == message.pluralizable:
            message.string = known.string
    new.fuzzy = False
    new.header_comment = "# English for the portal. Written by ./portal manage translations --update"
    new.creation_date = new.revision_date = EPOCH
    return new


def untranslated(catalog: Catalog) -> list:
    def is_empty(message) -> bool:
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        return not all(strings)

    return [m for m in catalog if m.id and is_empty(m)]


def update() -> Catalog:
    catalog = merged()
    FOLDER.mkdir(parents=True, exist_ok=True)
    po, mo = rendered(catalog)
    (FOLDER / "django.po").write_bytes(po)
    (FOLDER / "django.mo").write_bytes(mo)
    return catalog


def is_current() -> bool:
    """Whether both committed files are what the source and the translations give."""
    po, mo = rendered(merged())
    names = {"django.po": po, "django.mo": mo}
    return all((FOLDER / n).exists() and (FOLDER / n).read_bytes() == data for n, data in names.items())
