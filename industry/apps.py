from django.apps import AppConfig


class IndustryConfig(AppConfig):
    name = "industry"

    def ready(self) -> None:
        from accounts.models import Organisation
        from ikm.certificates import take_companies_from
        from industry.models import Company

        reviewed = Company.objects.filter(status=Company.Status.REVIEWED).values("organisation")
        # A certificate that a buyer issues names that buyer; supply, to the left, asks here who may be named.
        take_companies_from(lambda: Organisation.objects.filter(pk__in=reviewed.all()))
