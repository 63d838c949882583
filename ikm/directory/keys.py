"""All workshops that a query finds, as keys: for saved searches, which compare one day's answer with another's."""

from datetime import date

from django.db import connection

from ikm.directory import asking
from ikm.directory.conditions import conditions_of
from ikm.directory.query import Query
from ikm.directory.search import known_words
from ikm.directory.vocabulary import vocabulary_of


def keys_of(query: Query, *, on: date) -> frozenset[int]:
    """Keys of the workshops that `query` finds on the day `on`. At most two statements."""
    begun = asking.prelude(query.q, kept=False)
    vocabulary = vocabulary_of(begun.edition)
    asked = asking.understand(begun.heard, vocabulary)
    if asked.is_hopeless:
        return frozenset()
    known = known_words(query, vocabulary)
    condition, parameters = conditions_of(known, asked, vocabulary, on, as_of=begun.as_of).where()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT e.ikm_id FROM ikm_directoryentry e WHERE {condition}", parameters)
        return frozenset(key for (key,) in cursor.fetchall())
