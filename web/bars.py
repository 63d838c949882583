"""The match bar: one SVG that shows where the points of a match come from.

A segment per criterion, as wide as its maximum, filled as far as earned; what is unknown is hatched.
The text alternative says the same in the same order. No id, no style attribute: a page may hold fifty bars.
"""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from web import formats


class Segment(NamedTuple):
    """One criterion. `maximum` and `points` in thousandths, 0 ≤ points ≤ maximum; unknown: the points are open."""

    label: str
    maximum: int
    points: int
    unknown: bool = False


HEIGHT = 20


def match_bar(segments: Iterable[Segment], *, slim: bool = False) -> SafeString:
    """The bar as SVG text, as wide as the maxima together. Segments without a maximum are left out."""
    shown = [s for s in segments if s.maximum > 0]
    starts = list(accumulate((s.maximum for s in shown), initial=0))
    borders = "".join(f"M{x} 0v{HEIGHT}" for x in starts[1:-1])
    return format_html(
        '<svg class="match-bar{}" role="img" viewBox="0 0 {} {}" preserveAspectRatio="none">'
        '<title>{}</title><desc>{}</desc>{}<path class="edge" d="{}"/><path class="gap" d="{}"/></svg>',
        " match-bar-slim" if slim else "",
        starts[-1] or 1,
        HEIGHT,
        score_text(shown),
        "; ".join(segment_text(s) for s in shown),
        format_html_join("", "{}", ((_segment(s, x),) for s, x in zip(shown, starts, strict=False))),
        borders,
        borders,
    )


def score_text(segments: Iterable[Segment]) -> str:
    """ "Nilai 93,1 dari 100,0", or the range where something is unknown."""
    parts = list(segments)
    low = sum(0 if s.unknown else s.points for s in parts)
    high = sum(s.maximum if s.unknown else s.points for s in parts)
    return gettext("Nilai %(score)s dari %(total)s") % {
        "score": formats.points_range(low, high),
        "total": formats.points(sum(s.maximum for s in parts)),
    }


def segment_text(segment: Segment) -> str:
    """ "kategori 30,0 dari 30,0", or "kapasitas belum diketahui, paling banyak 19,0"."""
    words = {
        "label": segment.label,
        "points": formats.points(segment.points),
        "maximum": formats.points(segment.maximum),
    }
    if segment.unknown:
        return gettext("%(label)s belum diketahui, paling banyak %(maximum)s") % words
    return gettext("%(label)s %(points)s dari %(maximum)s") % words


def _segment(segment: Segment, start: int) -> SafeString:
    """One criterion from `start` on; its title is what the mouse reads."""
    if segment.unknown:
        parts = [
            ("open", _box(start, segment.maximum)),
            ("hatch", f"M{start} {HEIGHT // 2}h{segment.maximum}"),
        ]
    else:
        parts = [("room", _box(start, segment.maximum)), ("got", _box(start, segment.points))]
    return format_html(
        "<g><title>{}</title>{}</g>",
        segment_text(segment),
        format_html_join("", '<path class="{}" d="{}"/>', parts),
    )


def _box(x: int, width: int) -> str:
    return f"M{x} 0h{width}v{HEIGHT}h-{width}z"
