"""Which lists are behind, decided row by row from the versions that the database raises (docs/architecture.md)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import connection
from django.db.models import Q, Subquery
from django.utils import timezone

from catalogue.models import Edition
from matching.facts import Policy, Vocabulary
from matching.models import ScoringPolicy
from matching.snapshot import vocabulary_of

# `{owner}_id` of every owner whose own list is behind, or whose change has not reached the other side's lists.
BEHIND = """
SELECT v.{owner}_id FROM {versions} v LEFT JOIN matching_{owner}ranking r USING ({owner}_id)
WHERE r.{owner}_id IS NULL
    OR r.version IS DISTINCT FROM v.version
    OR r.spread_version IS DISTINCT FROM v.version
    OR (r.takes_part AND (r.as_of, r.policy_id, r.edition) IS DISTINCT FROM (%(as_of)s, %(policy)s, %(edition)s))
ORDER BY v.{owner}_id
"""
VERSIONS = {"need": "industry_demandversion", "ikm": "ikm_supplyversion"}


@dataclass(frozen=True)
class Inputs:
    """What every list depends on besides its owner and the other side's facts."""

    as_of: date
    policy_id: int
    weights: Policy
    edition: int

    @classmethod
    def now(cls, today: date | None = None) -> "Inputs":
        edition = Subquery(Edition.objects.filter(pk=1).values("version"))
        in_force = ScoringPolicy.objects.annotate(current_edition=edition).get(in_force=True)
        return cls(today or timezone.localdate(), in_force.pk, in_force.as_policy(), in_force.current_edition)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.edition)

    @property
    def current(self) -> Q:
        """Rankings that were computed from these."""
        return Q(takes_part=True, as_of=self.as_of, policy_id=self.policy_id, edition=self.edition)

    def behind(self, owner: str) -> list[int]:
        """Keys of the needs or IKM (`owner`: "need" or "ikm") with something still to do."""
        with connection.cursor() as cursor:
            cursor.execute(
                BEHIND.format(owner=owner, versions=VERSIONS[owner]),
                {"as_of": self.as_of, "policy": self.policy_id, "edition": self.edition},
            )
            return [key for (key,) in cursor.fetchall()]
