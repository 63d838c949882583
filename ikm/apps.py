from django.apps import AppConfig


class IkmConfig(AppConfig):
    name = "ikm"

    def ready(self) -> None:
        from ikm import consents, receivers  # noqa: F401 (connect their receivers)
