from django.db import migrations


class Migration(migrations.Migration):
    """The single row whose version rises with the catalogue."""

    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO catalogue_edition (id, version) VALUES (1, 1)", "DELETE FROM catalogue_edition"
        )
    ]
