"""The match bar: one SVG that shows where the points of a match come from.

A segment per criterion, as wide as its maximum, filled as far as earned; what is unknown is hatched.
The text alternative says the same in the same order. No id, no style attribute: a page may hold fifty bars.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext


class Segment(NamedTuple):
    """One criterion. `maximum` and `points` in thousandths, 0 ≤ points ≤ maximum; unknown: the points are open."""

    label: str
    maximum: int
    points: int
    unknown: bool = False


def match_bar(segments: Iterable[Segment], *, slim: bool = False) -> SafeString:
    """The bar as SVG text, as wide as the maxima together. Segments without a maximum are left out."""
    shown = [s for s in segments if s.maximum > 0]
    total = sum(s.maximum for s in shown) or 1
    drawn, start = [], 0
    for segment in shown:
        drawn.append((_segment(segment, start, total),))
        start += segment.maximum
    return format_html(
        '<svg class="match-bar{}" role="img" width="100%" height="20">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        " match-bar-slim" if slim else "",
        score_text(shown),
        "; ".join(segment_text(s) for s in shown),
        format_html_join("", "{}", drawn),
    )


def score_text(segments: Iterable[Segment]) -> str:
    """ "Nilai 93,1 dari 100", or the range where something is unknown."""
    parts = list(segments)
    low = sum(0 if s.unknown else s.points for s in parts)
    high = sum(s.maximum if s.unknown else s.points for s in parts)
    score = points_text(low) if low == high else f"{points_text(low)}–{points_text(high)}"
    return gettext("Nilai %(score)s dari %(total)s") % {
        "score": score,
        "total": points_text(sum(s.maximum for s in parts)).removesuffix(points_text(0)[1:]),
    }


def segment_text(segment: Segment) -> str:
    """ "kategori 30,0 dari 30,0", or "kapasitas belum diketahui, paling banyak 19,0"."""
    words = {
        "label": segment.label,
        "points": points_text(segment.points),
        "maximum": points_text(segment.maximum),
    }
    if segment.unknown:
        return gettext("%(label)s belum diketahui, paling banyak %(maximum)s") % words
    return gettext("%(label)s %(points)s dari %(maximum)s") % words


def points_text(thousandths: int) -> str:
    """931 as 93,1 (93.1 in English)."""
    return number_format(thousandths / 10, 1)


def _segment(segment: Segment, start: int, total: int) -> SafeString:
    x, width = _percent(start, total), _percent(segment.maximum, total)
    box = format_html('x="{}" width="{}" height="100%"', x, width)
    if segment.unknown:
        inside = format_html(
            '<rect class="open" {}/><line class="hatch" x1="{}" x2="{}" y1="50%" y2="50%" stroke-width="100%"/>',
            box,
            x,
            _percent(start + segment.maximum, total),
        )
    else:
        inside = format_html(
            '<rect class="room" {}/><rect class="got" x="{}" width="{}" height="100%"/>',
            box,
            x,
            _percent(segment.points, total),
        )
    return format_html(
        '<g><title>{}</title>{}<rect class="frame" {}/></g>', segment_text(segment), inside, box
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}".rstrip("0").rstrip(".") + "%"
