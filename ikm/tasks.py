from celery import shared_task

from ikm import duplicates
from ikm.directory import refreshing
from ikm.register import imports


@shared_task
def refresh_directory() -> None:
    """A hint after each change, and the sweep of every 15 seconds."""
    refreshing.refresh()


@shared_task
def run_import(pk: int) -> None:
    """A hint after each task that an officer asks for."""
    imports.run(pk)


@shared_task
def sweep_imports() -> None:
    """Every 15 seconds: what no hint announced, and what a killed worker left."""
    imports.run_unfinished()


@shared_task
def find_duplicates() -> None:
    """Every minute: profiles that changed are compared with the others."""
    duplicates.refresh()


@shared_task
def forget_imports() -> None:
    """Nightly: tables that can no longer be undone."""
    imports.forget_old()
