"""Every address of the portal. Each app states its own paths in full, so that one page lists what one app serves."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from partnership_portal.views import own_data, pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("beranda/", pages.home, name="home"),
    path("dinas/antrean/", pages.queue, name="queue"),
    path("sehat/", pages.health, name="health"),
    path("bahasa/", pages.set_language, name="set_language"),
    path("data-pribadi/", own_data.privacy, name="privacy"),
    path("akun/data-saya/", own_data.own, name="own_data"),
    path("akun/data-saya/unduh/", own_data.download, name="own_data_download"),
    path("akun/data-saya/siapkan/", own_data.prepare, name="own_data_prepare"),
    path("akun/data-saya/minta/<slug:kind>/", own_data.ask, name="data_request_new"),
    path("akun/data-saya/permintaan/<int:pk>/batalkan/", own_data.cancel, name="data_request_cancel"),
    path("akun/data-saya/hapus/", own_data.delete, name="own_data_delete"),
    path("dinas/permintaan-data/", own_data.waiting, name="data_requests"),
    path("dinas/permintaan-data/<int:pk>/", own_data.answer, name="data_request"),
    path("dinas/permintaan-data/<int:pk>/hapus/", own_data.carry_out, name="data_request_carry_out"),
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
