from django.db import migrations, models

# Validities are asked for on other days than today only: they lie out of line like documents and cards.
NARROWER = """
ALTER TABLE ikm_directoryentry ALTER kinds SET STORAGE EXTENDED, ALTER kinds_from SET STORAGE EXTENDED,
    ALTER kinds_until SET STORAGE EXTENDED, ALTER name SET STORAGE MAIN, ALTER ref SET STORAGE MAIN
"""
WIDER = """
ALTER TABLE ikm_directoryentry ALTER kinds SET STORAGE MAIN, ALTER kinds_from SET STORAGE MAIN,
    ALTER kinds_until SET STORAGE MAIN, ALTER name SET STORAGE EXTENDED, ALTER ref SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("ikm", "0005_first_offers")]

    operations = [
        migrations.RunSQL(NARROWER, WIDER),
        migrations.RemoveIndex("directoryoffer", "directory_offer_base"),
        migrations.RemoveIndex("directoryoffer", "directory_offer_kg"),
        migrations.AddIndex(
            "directoryoffer",
            models.Index(
                fields=["base", "dimension", "free"],
                include=["entry", "codes", "first"],
                name="directory_offer_own",
            ),
        ),
        migrations.AddIndex(
            "directoryoffer",
            models.Index(
                fields=["kg"], include=["entry", "codes", "first_in_kg"], name="directory_offer_in_kg"
            ),
        ),
        migrations.AddIndex(
            "directoryoffer",
            models.Index(
                fields=["kg", "unit_mass_kg"],
                include=["entry", "codes", "first"],
                name="directory_offer_weighed",
                condition=models.Q(("dimension", "mass"), ("unit_mass_kg__isnull", False)),
            ),
        ),
    ]
