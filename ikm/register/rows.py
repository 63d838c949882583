"""Rows of an import are saved a block at a time, in one statement that does not grow with the block."""

import json
from collections.abc import Iterable

from django.db import connection

from ikm.models import ImportRow

SAVE = f"""
UPDATE {ImportRow._meta.db_table} AS row
SET outcome = said.outcome, remarks = said.remarks, fate = said.fate, kept_because = said.kept_because,
    ikm_id = said.ikm_id, before = said.before, version = said.version
FROM jsonb_to_recordset(%s) AS said(
    id bigint, outcome text, remarks jsonb, fate text, kept_because text, ikm_id bigint, before jsonb, version bigint
)
WHERE row.id = said.id
"""
COLUMNS = ("id", "outcome", "remarks", "fate", "kept_because", "ikm_id", "before", "version")


def save(rows: Iterable[ImportRow]) -> None:
    """What became of the rows. Django's bulk_update writes a CASE per row and column: half a second for 500 rows."""
    said = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(SAVE, [json.dumps(said)])
