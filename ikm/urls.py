from django.urls import URLPattern, URLResolver, path

from ikm.views import reviews

app_name = "ikm"

urlpatterns: list[URLPattern | URLResolver] = [
    path("dinas/ikm/<int:pk>/", reviews.review, name="review"),
]
