from django.db import migrations

from web.versions import watch

# What scoring reads of a workshop (MATCHING.md). The organisation lies to the left and knows nothing of this:
# the trigger on its table belongs here.
OWNERS = {
    "ikm_ikm": "SELECT id FROM changed",
    "ikm_product": "SELECT ikm_id FROM changed",
    "ikm_processcapability": "SELECT ikm_id FROM changed",
    "ikm_certificate": "SELECT ikm_id FROM changed",
    "ikm_reservation": "SELECT p.ikm_id FROM changed JOIN ikm_product p ON p.id = changed.product_id",
    "accounts_organisation": "SELECT i.id FROM changed JOIN ikm_ikm i ON i.organisation_id = changed.id",
}


class Migration(migrations.Migration):
    dependencies = [("ikm", "0001_initial")]

    operations = [
        watch(table, versions="ikm_supplyversion", key="ikm_id", owners=owners)
        for table, owners in OWNERS.items()
    ]
