from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organisation
from matching.management.commands.import_bundle import DEFAULT_OFFICE
from matching.register import export_bundle
from web.written import write_whole


class Command(BaseCommand):
    help = "Write the register of an office in the exchange format (docs/exchange.md). FILE - writes stdout."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--office", default=DEFAULT_OFFICE, help="ref of the Dinas")

    def handle(self, *args, file: str, office: str, **options):
        found = Organisation.objects.offices().filter(ref=office).order_by("pk").first()
        if found is None:
            raise CommandError(f"Tidak ada Dinas dengan ref {office}. / No office of that ref.")
        write_whole(file, [export_bundle(found)], self.stdout)
