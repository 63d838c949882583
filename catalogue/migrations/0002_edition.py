from django.db import migrations

# What scoring reads of the catalogue (MATCHING.md): also the links, which are tables of their own.
TABLES = [
    "catalogue_unit",
    "catalogue_process",
    "catalogue_process_satisfies",
    "catalogue_category",
    "catalogue_certificatekind",
    "catalogue_certificatekind_satisfies",
]
FUNCTION = """
CREATE FUNCTION catalogue_raise_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue_edition SET version = version + 1 WHERE id = 1;
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_raise_edition();
"""


class Migration(migrations.Migration):
    """The single row whose version rises with every change of the catalogue, and what raises it."""

    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO catalogue_edition (id, version) VALUES (1, 1)", "DELETE FROM catalogue_edition"
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION catalogue_raise_edition()"),
        *(
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER {table}_edition ON {table}")
            for table in TABLES
        ),
    ]
