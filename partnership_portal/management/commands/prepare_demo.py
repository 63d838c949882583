from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Everything the demo needs in its database, in one process; the sample log-ins go to a file."

    def add_arguments(self, parser):
        parser.add_argument("--logins", type=Path, required=True)

    def handle(self, *args, logins: Path, **options):
        call_command("migrate", interactive=False, verbosity=0)
        for name in ("load_catalogue", "seed_demo"):
            with (logins.parent / "log" / f"{name}.log").open("w") as log:
                call_command(name, stdout=log)
        with logins.open("w") as lines:
            call_command("demo_logins", stdout=lines)
