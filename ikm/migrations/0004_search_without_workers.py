from django.db import migrations


class Migration(migrations.Migration):
    """Its price is there to prefer the index, not to start workers."""

    dependencies = [("ikm", "0003_narrow_search_rows")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION ikm_directory_said(tsvector) PARALLEL UNSAFE",
            "ALTER FUNCTION ikm_directory_said(tsvector) PARALLEL SAFE",
        )
    ]
