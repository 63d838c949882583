from django.urls import path

from catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("kata/<slug:sort>/", views.options, name="options"),
]
