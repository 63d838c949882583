from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "partnership_portal"
