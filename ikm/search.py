"""Existing profiles that may be somebody's own workshop: by NIB, by WhatsApp number, or by name within the area."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, Lower

from accounts.models import User
from catalogue.models import Area
from ikm import names
from ikm.models import Ikm

# Below this likeness of names, without their legal forms, two workshops are two.
ALIKE = 0.4
MOST = 6


def core_of(name: str) -> Func:
    """`names.core` in PostgreSQL, of the column `name`."""
    plain = Func(
        Lower(Func(name, function="unaccent")),
        Value("[^a-z0-9]+"),
        Value(" "),
        Value("g"),
        function="regexp_replace",
    )
    return Func(
        Func(plain, function="btrim"), Value(names.AROUND), Value(""), Value("g"), function="regexp_replace"
    )


def resembling(*, name: str, area: Area | None, nib: str = "", whatsapp: str = "", by: User) -> QuerySet[Ikm]:
    """Profiles that `by` does not work for yet, the likeliest first; never more than six.

    A number counts anywhere; a name counts within the regency of `area`, or anywhere without one.
    """
    found = Q()
    for number, column in ((nib, "organisation__nib"), (whatsapp, "organisation__whatsapp")):
        if number:
            found |= Q(**{column: number})
    same_name = Q(likeness__gte=ALIKE)
    if area is not None and (regency := area.regency_code):
        same_name &= Q(organisation__area=regency) | Q(organisation__area__code__startswith=f"{regency}.")
    numbers_first = [When(found, then=Value(2.0))] if found else []
    return (
        Ikm.objects.filter(merged_into=None)
        .exclude(organisation__in=by.memberships.current().values("organisation"))
        .alias(likeness=TrigramSimilarity(core_of("organisation__name"), names.core(name)))
        .filter(found | same_name)
        .alias(rank=Greatest(Case(*numbers_first, default=Value(0.0), output_field=FloatField()), "likeness"))
        .select_related("organisation__area__parent")
        .order_by("-rank", "pk")[:MOST]
    )
