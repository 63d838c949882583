from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_remove_category_category_edition_and_more")]

    operations = [
        migrations.AddField(
            model_name="certificatekind",
            name="help_en",
            field=models.TextField(default="", verbose_name="keterangan Inggris"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="unit",
            name="name_en",
            field=models.CharField(default="", max_length=60, verbose_name="nama Inggris"),
            preserve_default=False,
        ),
    ]
