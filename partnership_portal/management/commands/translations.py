from django.core.management.base import BaseCommand, CommandError

from partnership_portal import translations


class Command(BaseCommand):
    help = "Bring locale/en up to date with the source (--update), or refuse what is untranslated (--check)."

    def add_arguments(self, parser):
        parser.add_argument("--update", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, update: bool, check: bool, **options):
        catalog = translations.update() if update else translations.merged()
        missing = translations.untranslated(catalog)
        for message in missing:
            self.stdout.write(f"untranslated: {message.id!r} ({message.locations[0][0]})")
        self.stdout.write(f"{len(catalog)} strings, {len(missing)} untranslated")
        if check and missing:
            raise CommandError(
                "Translate them in locale/en/LC_MESSAGES/django.po, then run translations --update."
            )
        if check and not translations.is_current():
            raise CommandError("locale/en is behind the source: run ./portal manage translations --update.")
