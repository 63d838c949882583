"""Pages that only a demo or the tests have."""

from django.urls import path

from web import styles

urlpatterns = [
    path("gaya/", styles.styles, name="styles"),
    path("gaya/<int:code>/", styles.error_page, name="error_page"),
]
