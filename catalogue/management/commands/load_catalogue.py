from django.core.management.base import BaseCommand

from catalogue.loading import load_catalogue


class Command(BaseCommand):
    help = (
        "Load the shared words (categories, processes, certificate kinds, units, areas) from catalogue/data."
    )

    def handle(self, *args, **options):
        for name, count in load_catalogue().items():
            self.stdout.write(f"{name}: {count}")
