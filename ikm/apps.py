from django.apps import AppConfig


class IkmConfig(AppConfig):
    name = "ikm"

    def ready(self) -> None:
        from ikm import consents  # noqa: F401 (connects its receiver)
