from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

CACHE = """
CREATE UNLOGGED TABLE web_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX web_cache_expires ON web_cache (expires);
"""


class Migration(migrations.Migration):
    """Extensions that the apps' indexes need, and the table of the cache (settings.CACHES)."""

    initial = True

    dependencies: list = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(CACHE, "DROP TABLE web_cache"),
    ]
