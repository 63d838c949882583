import django.contrib.postgres.fields
from django.db import migrations, models

# Search rows follow from the register: they are read again, in the new shape.
EMPTY = """
TRUNCATE ikm_directoryentry, ikm_directoryoffer, ikm_directoryreading, ikm_directorycounts, ikm_directoryposting
"""


def codes() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(models.IntegerField(), size=None, default=list)


class Migration(migrations.Migration):
    dependencies = [("ikm", "0004_search_without_workers")]

    operations = [
        migrations.RunSQL(EMPTY, EMPTY),
        migrations.AddField("directoryoffer", "first_in_kg", codes(), preserve_default=False),
        migrations.AddField("directoryoffer", "first", codes(), preserve_default=False),
    ]
