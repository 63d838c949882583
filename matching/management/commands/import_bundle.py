import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from matching.bundle_problems import BundleRefused
from matching.exchange import import_bundle, office_of, read

DEFAULT_OFFICE = "impor"


class Command(BaseCommand):
    help = "Make the register of an office what an exchange file says (docs/exchange.md). FILE - reads stdin."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--office", default=DEFAULT_OFFICE, help="ref of the Dinas; created if absent")
        parser.add_argument("--by", help="log-in name of the officer whose word the imported facts are")

    def handle(self, *args, file: str, office: str, by: str | None, **options):
        try:
            text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        try:
            bundle = read(text)
        except BundleRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(f"{problem.path}: {problem.text()} / {problem.text('en')}")
            raise CommandError("Ditolak seluruhnya; tidak ada yang disimpan. / Refused as a whole.") from None
        written = import_bundle(bundle, office=office_of(office), by=self.officer(by))
        for name, count in sorted(written.items()):
            self.stdout.write(f"{name}: {count}")

    def officer(self, login: str | None) -> User | None:
        if login is None:
            return None
        try:
            return User.objects.get_by_natural_key(login)
        except User.DoesNotExist:
            raise CommandError(f"Tidak ada pengguna {login}. / No such user.") from None
