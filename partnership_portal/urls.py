"""Every address of the portal. Each app states its own paths in full, so that one page lists what one app serves."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from partnership_portal import views

urlpatterns = [
    path("", views.start, name="start"),
    path("beranda/", views.home, name="home"),
    path("dinas/antrean/", views.queue, name="queue"),
    path("sehat/", views.health, name="health"),
    path("bahasa/", views.set_language, name="set_language"),
    path("", include("partnership_portal.data_urls")),
    path("", include("catalogue.urls")),
    path("", include("accounts.login_urls")),
    path("", include("accounts.urls")),
    path("", include("ikm.urls")),
    path("", include("industry.urls")),
    path("", include("matching.urls")),
    path("kelola/", admin.site.urls),
]
if settings.IS_SAMPLE:
    urlpatterns.append(path("dev/", include("web.dev_urls")))

# What failed because the database was away is 503, wherever it failed.
handler500 = "web.views.server_error"
