"""How the score is computed, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from matching import facts
from matching.models import ScoringPolicy
from matching.rows import axis
from matching.wording import CRITERIA, capitalised
from web import formats
from web.bars import Segment


@require_GET
@login_not_required
def method(request: HttpRequest) -> HttpResponse:
    in_force = ScoringPolicy.objects.get(in_force=True)
    policy = in_force.as_policy()
    example = example_bar(policy)
    context = {
        "policy": in_force,
        "criteria": [
            {
                "slug": slug,
                "name": capitalised(CRITERIA[slug]),
                "weight": weight,
                "maximum": formats.points(most),
            }
            for slug, weight, most in zip(
                facts.CRITERIA, policy.weights, policy.maxima((True,) * len(facts.CRITERIA)), strict=True
            )
        ],
        "example": example,
        "axis": axis(example),
        "score": formats.points_range(
            sum(s.points for s in example), sum(s.maximum if s.unknown else s.points for s in example)
        ),
        "sum": sum(policy.weights),
    }
    return render(request, "matching/method.html", context)


def example_bar(policy: facts.Policy) -> list[Segment]:
    """A made-up match: three quarters of the capacity are free, the lead time is not stated, the rest is met."""
    asked = tuple(slug != "preference" for slug in facts.CRITERIA)
    maxima = dict(zip(facts.CRITERIA, policy.maxima(asked), strict=True))
    points = maxima | {"capacity": (maxima["capacity"] * 3 + 2) // 4, "lead_time": 0}
    return [
        Segment(str(CRITERIA[slug]), most, points[slug], slug == "lead_time")
        for slug, most in maxima.items()
        if most
    ]
