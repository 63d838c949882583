from django.urls import path

from partnership_portal import data_views

urlpatterns = [
    path("data-pribadi/", data_views.privacy, name="privacy"),
    path("akun/data-saya/", data_views.own, name="own_data"),
    path("akun/data-saya/unduh/", data_views.download, name="own_data_download"),
    path("akun/data-saya/siapkan/", data_views.prepare, name="own_data_prepare"),
    path("akun/data-saya/minta/<slug:kind>/", data_views.ask, name="data_request_new"),
    path("akun/data-saya/permintaan/<int:pk>/batalkan/", data_views.cancel, name="data_request_cancel"),
    path("akun/data-saya/hapus/", data_views.delete, name="own_data_delete"),
    path("dinas/permintaan-data/", data_views.waiting, name="data_requests"),
    path("dinas/permintaan-data/<int:pk>/", data_views.answer, name="data_request"),
    path("dinas/permintaan-data/<int:pk>/hapus/", data_views.carry_out, name="data_request_carry_out"),
]
