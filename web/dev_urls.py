"""Pages that only a demo or the tests have."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
