from django.core.management.base import BaseCommand

from accounts.sample import LOGINS


class Command(BaseCommand):
    help = "Print the sample log-ins of the demo."

    def handle(self, *args, **options):
        for login in LOGINS:
            note = f"  ({login.note})" if login.note else ""
            self.stdout.write(f"{login.who!s:52} {login.name:32} {login.secret}{note}")
        self.stdout.write("Kode sekali pakai petugas: ./portal manage demo_code")
