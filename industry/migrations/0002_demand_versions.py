from django.db import migrations

from web.versions import watch

# What scoring reads of a need (MATCHING.md).
OWNERS = {
    "industry_need": "SELECT id FROM changed",
    "industry_need_required_certificates": "SELECT need_id FROM changed",
    "industry_need_preferred_certificates": "SELECT need_id FROM changed",
    "industry_need_required_processes": "SELECT need_id FROM changed",
    "industry_company": "SELECT n.id FROM changed JOIN industry_need n ON n.company_id = changed.id",
}


class Migration(migrations.Migration):
    dependencies = [("industry", "0001_initial")]

    operations = [
        watch(table, versions="industry_demandversion", key="need_id", owners=owners)
        for table, owners in OWNERS.items()
    ]
