import django.contrib.postgres.indexes
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION ikm_directory_said(tsvector) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000
AS 'BEGIN RETURN $1; END'
"""
# Documents and cards lie apart, what is counted and filtered by stays in narrow rows.
NARROW = """
ALTER TABLE ikm_directoryentry SET (toast_tuple_target = 128);
ALTER TABLE ikm_directoryentry ALTER codes SET STORAGE MAIN, ALTER kinds SET STORAGE MAIN,
    ALTER kinds_from SET STORAGE MAIN, ALTER kinds_until SET STORAGE MAIN;
TRUNCATE ikm_directoryentry, ikm_directoryoffer, ikm_directoryreading, ikm_directorycounts, ikm_directoryposting
"""
WIDE = """
ALTER TABLE ikm_directoryentry RESET (toast_tuple_target);
ALTER TABLE ikm_directoryentry ALTER codes SET STORAGE EXTENDED, ALTER kinds SET STORAGE EXTENDED,
    ALTER kinds_from SET STORAGE EXTENDED, ALTER kinds_until SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("ikm", "0011_directory_postings")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION ikm_directory_said(tsvector)"),
        migrations.RunSQL(NARROW, WIDE),
        migrations.RemoveIndex("directoryentry", "directory_document"),
        migrations.AddIndex(
            "directoryentry",
            django.contrib.postgres.indexes.GinIndex(
                models.Func("document", function="ikm_directory_said"),
                name="directory_said",
                fastupdate=False,
            ),
        ),
    ]
