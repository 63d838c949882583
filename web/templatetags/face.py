"""What pages are made of: `{% load face %}`. Each tag with an example stands in docs/components.md."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from web import bars, formats, icons

register = template.Library()

STANDINGS = {
    "proven": gettext_lazy("Memenuhi syarat · terperiksa"),
    "qualified": gettext_lazy("Memenuhi syarat"),
    "near": gettext_lazy("Kurang satu"),
    "partial": pgettext_lazy("kecocokan", "Lainnya"),
}
EVIDENCE = {
    "verified": gettext_lazy("terperiksa"),
    "claimed": gettext_lazy("menurut pengakuan"),
    "rejected": gettext_lazy("ditolak"),
}
CONSONANT = "(?:ng|ny|sy|kh|n(?![gy])|s(?!y)|k(?!h)|[bcdfghjlmpqrtvwxyz])"
SYLLABLE = re.compile(rf"([aiueo]{CONSONANT}?)(?={CONSONANT}[aiueo])", re.IGNORECASE)
TONES = {"info", "success", "warning", "error", "quiet"}


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.draw(name)


@register.inclusion_tag("_standing.html")
def standing(value: str, *, proven: bool = False, missing: int = 0) -> dict[str, Any]:
    """`value` is qualified, near or partial; `missing` counts what a partial one lacks."""
    key = "proven" if value == "qualified" and proven else value
    word = STANDINGS[key]
    if key == "partial" and missing:
        word = ngettext("Kurang %(n)d hal", "Kurang %(n)d hal", missing) % {"n": missing}
    return {"key": key, "word": word}


@register.inclusion_tag("_evidence.html")
def evidence_tag(value: str, detail: str = "") -> dict[str, Any]:
    """`value` is claimed, verified or rejected; `detail` says who saw what and when."""
    return {"key": value, "word": EVIDENCE[value], "detail": detail}


@register.simple_tag
def tag(word: str, tone: str = "rest") -> SafeString:
    """A state in a word: tone good, wait, bad, now or rest."""
    return format_html('<span class="tag tag-{}">{}</span>', tone, word)


@register.simple_tag
def match_bar(segments: Iterable[bars.Segment], *, slim: bool = False) -> SafeString:
    return bars.match_bar(segments, slim=slim)


@register.inclusion_tag("_bar_key.html")
def bar_key() -> dict[str, Any]:
    """How to read the match bar, once a page."""
    return {}


@register.inclusion_tag("_sample_match.html")
def sample_match() -> dict[str, Any]:
    """A made-up match that adds up, so that the start page shows what comes out."""
    segments = [
        bars.Segment(gettext("kategori"), 300, 300),
        bars.Segment(gettext("proses"), 150, 150),
        bars.Segment(gettext("sertifikat"), 200, 200),
        bars.Segment(gettext("sertifikat yang diutamakan"), 50, 25),
        bars.Segment(gettext("kapasitas"), 200, 160),
        bars.Segment(gettext("waktu pengerjaan"), 50, 50),
        bars.Segment(gettext("jarak"), 50, 50),
    ]
    return {"segments": segments, "score": formats.points(sum(s.points for s in segments))}


@register.inclusion_tag("_next_step.html")
def next_step(
    title: str, *, text: str = "", url: str = "", action: str = "", kicker: str = "", waiting: bool = False
) -> dict[str, Any]:
    """The one thing to do now. `waiting`: nothing to do but wait, said without the accent."""
    return {
        "title": title,
        "text": text,
        "url": url,
        "action": action,
        "kicker": kicker or (gettext("Sedang berjalan") if waiting else gettext("Langkah berikutnya")),
        "waiting": waiting,
    }


@register.inclusion_tag("_notice.html")
def notice(text: str, tone: str = "info", *, title: str = "") -> dict[str, Any]:
    """`tone` is info, success, warning, error or quiet; anything else (a message's debug) counts as info."""
    tone = tone if tone in TONES else "info"
    return {"text": text, "tone": tone, "title": title, "icon": "info" if tone == "quiet" else tone}


@register.inclusion_tag("_empty.html")
def empty(title: str, text: str = "", *, url: str = "", action: str = "", icon: str = "") -> dict[str, Any]:
    """An empty state teaches: what would stand here, and what to do to get it."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon}


@register.inclusion_tag("_breadcrumb.html", takes_context=True)
def breadcrumb(context: Context, *pairs: str) -> dict[str, Any]:
    """Pairs of label and address above this page, the home page first without being named."""
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True)), "user": context.get("user")}


@register.inclusion_tag("_pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """For a Django page of a list; keeps the rest of the query. Nothing is drawn for an empty list."""
    return {"page": page, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, key: str, label: str, *, current: str, numeric: bool = False, css: str = ""
) -> SafeString:
    """A column head that sorts: a link to `?urut=key`, or `-key` when the list is already sorted up by it."""
    directions = {key: "ascending", f"-{key}": "descending"}
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["urut"] = f"-{key}" if current == key else key
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a href="?{}">{}</a></th>',
        " ".join(filter(None, ["num" if numeric else "", css])),
        directions.get(current, "none"),
        query.urlencode(),
        label,
    )


@register.inclusion_tag("_error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | str | None) -> dict[str, Any]:
    """What is wrong in forms and formsets, each line a link to its field. Nothing where nothing is wrong."""
    return {"errors": [line for form in forms if form for line in error_lines(form)]}


def error_lines(form: Any) -> Iterator[tuple[str, str, str]]:
    """(id to jump to or "", label, message) for each error; anything that is no bound form has none."""
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            yield from (("", "", message) for message in form.non_form_errors())
            for one in form.forms:
                yield from error_lines(one)
        return
    if not isinstance(form, BaseForm) or not form.is_bound:
        return
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        for message in messages:
            if field is None:
                yield "", "", message
            else:
                yield field_target(field), str(field.label).rstrip(".:? "), message


def field_target(field: BoundField) -> str:
    """The id that takes the focus: groups of radios, check boxes and split fields have none of their own."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def help_contact() -> dict[str, str]:
    """Who helps: office, hours, whatsapp, phone, and addresses of both. Asks the settings, never the database."""
    contact = getattr(settings, "HELP_CONTACT", {})
    return contact | {
        "whatsapp_url": formats.wa_link(international(contact.get("whatsapp", ""))),
        "phone_url": f"tel:{international(contact.get('phone', ''))}",
    }


def international(number: str) -> str:
    """A number as an office writes it in its settings, "(0254) 391-234", as +62254391234."""
    digits = re.sub(r"\D", "", number)
    return f"+{re.sub('^0', '62', digits)}" if digits else ""


@register.filter
def soft_hyphens(text: str) -> str:
    """Long words may break between syllables (V-CV, VC-CV), where the bottom bar of a phone is too narrow for them."""
    return re.sub(r"\w{11,}", lambda word: SYLLABLE.sub("\\1\u00ad", word[0]), str(text))


@register.filter
def unit_of(field: BoundField) -> str:
    """The unit that stands beside the number: attributes `unit` and `per_month` of the form field."""
    unit = getattr(field.field, "unit", "")
    if unit and getattr(field.field, "per_month", False):
        return gettext("%(unit)s per bulan") % {"unit": unit}
    return unit
