"""Versions that the database raises by itself, whatever way a row changed (form, admin, shell, raw SQL, COPY).

A migration calls `watch()`. Statement-level triggers with transition tables, ids in order: row triggers on a
shared parent would deadlock. PostgreSQL allows transition tables for one event a trigger, hence three of them.
"""

from django.db import migrations

_BUMP = """
    INSERT INTO {versions} ({key}, version)
    SELECT DISTINCT owner, 1 FROM ({owners}) AS found(owner) WHERE owner IS NOT NULL ORDER BY owner
    ON CONFLICT ({key}) DO UPDATE SET version = {versions}.version + 1;
    RETURN NULL;
"""


def watch(table: str, *, versions: str, key: str, owners: str) -> migrations.RunSQL:
    """Raise `versions.version` of every owner of a changed row of `table`.

    `owners` is a SELECT of one column, the owners' ids, from the rows in `changed`. An update that changes
    nothing raises nothing.
    """
    name = f"{table}_{versions.split('_')[0]}"
    if len(name) > 56:  # PostgreSQL cuts names at 63 bytes without a word
        raise ValueError(f"{name} is too long for a function's name")
    everything = _BUMP.format(versions=versions, key=key, owners=owners)
    differing = (
        "WITH changed AS ((TABLE fresh EXCEPT TABLE old) UNION ALL (TABLE old EXCEPT TABLE fresh)) " + owners
    )
    updated = _BUMP.format(versions=versions, key=key, owners=differing)
    forward = f"""
CREATE FUNCTION {name}_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {everything} END $$;
CREATE FUNCTION {name}_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {updated} END $$;
CREATE TRIGGER {name}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_row();
CREATE TRIGGER {name}_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_row();
CREATE TRIGGER {name}_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_update();
"""
    backward = f"""
DROP TRIGGER {name}_insert ON {table};
DROP TRIGGER {name}_delete ON {table};
DROP TRIGGER {name}_update ON {table};
DROP FUNCTION {name}_row();
DROP FUNCTION {name}_update();
"""
    return migrations.RunSQL(forward, backward)
