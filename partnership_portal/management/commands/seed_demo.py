from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from partnership_portal import reminders
from partnership_portal.seeding import seed


class Command(BaseCommand):
    help = "Load the sample register (invented firms, all named “(CONTOH)”) once. Only in demo and test mode."

    def handle(self, *args, **options):
        if not settings.IS_SAMPLE:
            raise CommandError("Sample data has no place in production (PORTAL_MODE).")
        if not seed():
            self.stdout.write("The sample register is already there.")
            return
        reminders.run()  # what the night before would have told
        self.stdout.write("Sample register loaded.")
