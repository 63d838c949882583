from django.urls import URLPattern, URLResolver

app_name = "industry"

urlpatterns: list[URLPattern | URLResolver] = []
