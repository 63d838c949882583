import django.contrib.postgres.fields
from django.db import migrations, models

import ikm.visibility


class Migration(migrations.Migration):
    """Those that are there already have not been asked either."""

    dependencies = [("ikm", "0005_favourites_reports_hidden_fields")]

    operations = [
        migrations.AlterField(
            model_name=name,
            name="hidden_fields",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=ikm.visibility.hidden_at_first,
                size=None,
                verbose_name="tidak ditampilkan umum",
            ),
        )
        for name in ("ikm", "ikmevent")
    ] + [
        migrations.RunSQL(
            "UPDATE ikm_ikm SET hidden_fields = '{address}' WHERE hidden_fields = '{}'",
            migrations.RunSQL.noop,
        )
    ]
