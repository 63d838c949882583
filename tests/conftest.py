"""What every test stands on: the catalogue is loaded once into the test database and survives the flushes."""

import os
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate

from tests.plugin import CHROMIUM_FLAGS, chromium
from tests.template import template_database

# Tables that a flush between tests with real transactions leaves alone: reference data that no test of that
# kind changes. Each table listed points to listed tables only.
KEPT = ("catalogue_", "django_content_type", "auth_permission")
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Every worker's test database is a copy of one that is migrated once."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from catalogue.loading import load_catalogue
    from matching.models import InvitationPolicy, ScoringPolicy

    with django_db_blocker.unblock():
        load_catalogue()
        policies = {model: list(model.objects.all()) for model in (ScoringPolicy, InvitationPolicy)}

    # A policy names who made it, so its table is flushed with the people; the first one comes back at once.
    def restore_policies(**options):
        for model, first in policies.items():
            model.objects.bulk_create(first, ignore_conflicts=True)

    post_migrate.connect(restore_policies, sender=apps.get_app_config("matching"), weak=False)
    # On the class: beside Playwright's loop Django makes another connection object for the same thread.
    introspection = type(connection.introspection)
    every_table = introspection.django_table_names

    def flushed_tables(self, **options):
        return [name for name in every_table(self, **options) if not name.startswith(KEPT)]

    introspection.django_table_names = flushed_tables


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # Here, not in the plugin: pytest-playwright is loaded after it, and only a conftest's fixture wins over its own.
    # Playwright's loop runs in the main thread from now on, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {"executable_path": chromium(), "args": CHROMIUM_FLAGS}
