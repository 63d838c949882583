from django.db import migrations

from matching.facts import Policy

WEIGHTS = """
ALTER TABLE matching_scoringpolicy ADD CONSTRAINT policy_weights_1_to_1000
    CHECK (1 <= ALL (weights) AND 1000 >= ALL (weights));
"""


def put_defaults_in_force(apps, schema_editor):
    """The weights of MATCHING.md."""
    policy = Policy()
    apps.get_model("matching", "ScoringPolicy").objects.create(
        version=policy.version, weights=list(policy.weights), in_force=True, note="MATCHING.md"
    )


def put_first_rule_in_force(apps, schema_editor):
    """Three at a time, three interested are enough, three days to answer: the model's defaults."""
    apps.get_model("matching", "InvitationPolicy").objects.create(version=1, in_force=True)


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.RunSQL(
            WEIGHTS, "ALTER TABLE matching_scoringpolicy DROP CONSTRAINT policy_weights_1_to_1000"
        ),
        migrations.RunPython(put_defaults_in_force, migrations.RunPython.noop),
        migrations.RunPython(put_first_rule_in_force, migrations.RunPython.noop),
    ]
