from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.bundle import match_lines
from matching.register import fresh_lists
from web.written import write_whole


class Command(BaseCommand):
    help = "Compute all kept matches afresh and write a JSON line per row (docs/exchange.md). FILE - writes stdout."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--as-of", help="the day of the computation, YYYY-MM-DD; today unless said")
        parser.add_argument("--side", choices=["need", "ikm"], default="need")

    def handle(self, *args, file: str, as_of: str | None, side: str, **options):
        try:
            day = date.fromisoformat(as_of) if as_of else timezone.localdate()
        except ValueError:
            raise CommandError(f"{as_of} bukan tanggal (YYYY-MM-DD). / Not a day.") from None
        write_whole(file, (line + "\n" for line in match_lines(fresh_lists(day, side))), self.stdout)
