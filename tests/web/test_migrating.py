"""Models that point at each other, made and unmade in one operation."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from web.migrating import AllAtOnce


def operation():
    key = ("id", models.BigAutoField(primary_key=True))
    return AllAtOnce(
        [
            migrations.CreateModel(
                "Hen",
                [key, ("first", models.ForeignKey("web.Egg", models.CASCADE, null=True, related_name="+"))],
            ),
            migrations.CreateModel(
                "Egg",
                [
                    key,
                    ("weight", models.IntegerField()),
                    ("layer", models.ForeignKey("web.Hen", models.CASCADE)),
                ],
                options={
                    "indexes": [models.Index(fields=["weight"], name="egg_weight")],
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(weight__gt=0), name="egg_weighs_something")
                    ],
                },
            ),
        ]
    )


def constraints_of(table):
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, table)


@pytest.mark.django_db
def test_what_points_at_each_other_comes_and_goes_whole():
    before, after = ProjectState(), ProjectState()
    after.apps  # a cache that the operation must not trust  # noqa: B018
    once = operation()
    once.state_forwards("web", after)
    assert {name for _app, name in after.models} == {"hen", "egg"}
    with connection.schema_editor() as editor:
        once.database_forwards("web", editor, before, after)
    held = constraints_of("web_egg")
    assert {"egg_weight", "egg_weighs_something"} <= held.keys()
    assert {each["foreign_key"] for each in held.values()} == {None, ("web_hen", "id")}
    assert ("web_egg", "id") in {each["foreign_key"] for each in constraints_of("web_hen").values()}
    with connection.schema_editor() as editor:
        once.database_backwards("web", editor, after, before)
    assert not {"web_hen", "web_egg"} & set(connection.introspection.table_names())
