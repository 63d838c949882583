"""The Celery application. Work is a state in PostgreSQL; Celery only carries hints (docs/architecture.md)."""

import os

from celery import Celery
from celery.signals import worker_process_init

from partnership_portal.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership_portal.settings")

app = Celery("partnership_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_the_worker(**kwargs: object) -> None:
    """A child of the prefork pool would outlive a worker that is killed in mid-task."""
    die_with_parent(os.getppid())
