"""What of the workshops waits for an officer, for the lists and the queue. Nothing here decides anything."""

from django.db.models import Case, Count, DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest, Least

from accounts.models import Evidence, Organisation, User
from ikm import lifecycle
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Review

FACT_MODELS = {"product": Product, "process": ProcessCapability, "certificate": Certificate}


def of_office(office: Organisation) -> QuerySet[Ikm]:
    """The workshops that the office answers for."""
    return Ikm.objects.filter(organisation__reviewing_office=office, merged_into=None)


def submitted(office: Organisation) -> QuerySet[Ikm]:
    return of_office(office).waiting_for_review()


def changed_since_look(office: Organisation) -> QuerySet[Ikm]:
    """Approved workshops with claims changed after an officer last looked (at approval, or "seen" since).

    Annotated: `waits_since` (the oldest such change) and `waiting_facts` (how many).
    """
    seen = Review.objects.filter(ikm=OuterRef("pk"), decision__in=["approve", "seen"]).order_by("-decided_at")
    ikms = of_office(office).filter(status=lifecycle.APPROVED)
    # PostgreSQL's greatest() passes over NULL: an imported workshop was never reviewed.
    ikms = ikms.annotate(looked_at=Greatest("approved_at", Subquery(seen.values("decided_at")[:1])))
    oldest, count, any_late = {}, {}, Q()
    for noun, model in FACT_MODELS.items():
        # Few workshops pass this, and it is one hash for all; what follows is asked of those alone.
        after = model.objects.waiting().filter(changed_at__gt=F("ikm__approved_at"))
        any_late |= Q(pk__in=after.order_by().values("ikm"))
        late = (
            model.objects.waiting()
            .filter(ikm=OuterRef("pk"), changed_at__gt=OuterRef("looked_at"))
            .order_by()
            .values("ikm")
        )
        oldest[f"oldest_{noun}"] = Subquery(late.annotate(first=Min("changed_at")).values("first"))
        count[f"late_{noun}"] = Coalesce(Subquery(late.annotate(many=Count("pk")).values("many")), 0)
    return (
        ikms.filter(any_late | Q(changed_at__gt=F("approved_at"), evidence=Evidence.CLAIMED))
        .alias(**oldest, **count)
        .alias(
            oldest_identity=Case(
                When(evidence=Evidence.CLAIMED, changed_at__gt=F("looked_at"), then=F("changed_at")),
                output_field=DateTimeField(),
            ),
            late_identity=Case(When(oldest_identity__isnull=False, then=1), default=0),
        )
        .annotate(
            waits_since=Least(*oldest, "oldest_identity"),
            waiting_facts=F("late_product") + F("late_process") + F("late_certificate") + F("late_identity"),
        )
        .filter(waits_since__isnull=False)
        .order_by("waits_since", "pk")
    )


def entered_by(user: User) -> Q:
    """Workshops that this person entered, sent in or last changed: another officer's turn."""
    theirs = Q(entered_by=user) | Q(submitted_by=user) | Q(changed_by=user)
    for model in FACT_MODELS.values():
        theirs |= Q(pk__in=model.objects.current().filter(changed_by=user).values("ikm"))
    return theirs


def claims_open(ikms: QuerySet[Ikm]) -> QuerySet[Ikm]:
    """Annotated with `open_claims`: facts of the workshop that nobody has proven or disproven."""
    counts = [
        Coalesce(
            Subquery(
                model.objects.waiting()
                .filter(ikm=OuterRef("pk"))
                .order_by()
                .values("ikm")
                .annotate(many=Count("pk"))
                .values("many")
            ),
            0,
        )
        for model in FACT_MODELS.values()
    ]
    return ikms.annotate(open_claims=counts[0] + counts[1] + counts[2])
