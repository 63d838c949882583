from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.sample import current_code


class Command(BaseCommand):
    help = "Print the current one-time code of the sample officers (demo and test only)."

    def handle(self, *args, **options):
        if not settings.IS_SAMPLE:
            raise CommandError("There are no sample officers outside the demo (PORTAL_MODE).")
        self.stdout.write(current_code())
