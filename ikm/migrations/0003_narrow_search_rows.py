from django.db import migrations

# Documents and cards lie apart, what is counted and filtered by stays in narrow rows.
NARROW = """
ALTER TABLE ikm_directoryentry SET (toast_tuple_target = 128);
ALTER TABLE ikm_directoryentry ALTER codes SET STORAGE MAIN, ALTER kinds SET STORAGE MAIN,
    ALTER kinds_from SET STORAGE MAIN, ALTER kinds_until SET STORAGE MAIN
"""
WIDE = """
ALTER TABLE ikm_directoryentry RESET (toast_tuple_target);
ALTER TABLE ikm_directoryentry ALTER codes SET STORAGE EXTENDED, ALTER kinds SET STORAGE EXTENDED,
    ALTER kinds_from SET STORAGE EXTENDED, ALTER kinds_until SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("ikm", "0002_supply_versions")]

    operations = [migrations.RunSQL(NARROW, WIDE)]
