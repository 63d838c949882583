"""Papers: PDF/A-2a with tags (PDF/UA-1), written by typst from a template of an app and from data.

A template reads its data with `#let data = json(bytes(sys.inputs.data))`; what stands in the data is text and is never
run. It begins with `#import "/web/paper.typ": *` and `#show: paper.with(data)`, which draws letterhead and foot from

    lang, title, author, day ("2026-11-24"), sender, reference, words: {page, of, foot}

Words come translated from Python. Equal data gives equal bytes.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import typst
from django.conf import settings

NO_PICTURE = "\N{REPLACEMENT CHARACTER}"
# All but line breaks and what the fonts that come with typst are known to show.
_UNSURE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u0482\u1e00-\u1eff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2190-\u21ff\u2200-\u22ff\u25a0-\u25ff]"
)


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """`template` is the path of a .typ file within the project. A sign that no font shows is replaced."""
    try:
        return _written(template, data)
    except typst.TypstError:
        # The standards refuse a paper with a sign that has no picture; what people type may hold any.
        return _written(template, _shown(data))


def _written(template: str, data: Any) -> bytes:
    return typst.compile(
        settings.BASE_DIR / template,
        root=settings.BASE_DIR,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        ignore_system_fonts=True,
    )


def _shown(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _shown(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(inner) for inner in value]
    return _UNSURE.sub(NO_PICTURE, value) if isinstance(value, str) else value
