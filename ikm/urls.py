from django.urls import URLPattern, URLResolver

app_name = "ikm"

urlpatterns: list[URLPattern | URLResolver] = []
