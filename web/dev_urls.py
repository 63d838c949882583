"""Pages that only a demo or the tests have."""

from django.urls import path

from web import styles, views

urlpatterns = [
    path("mail", views.dev_mail, name="dev_mail"),
    path("gaya/", styles.styles, name="styles"),
    path("gaya/<int:code>/", styles.error_page, name="error_page"),
]
