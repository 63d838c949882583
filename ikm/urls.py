from django.urls import URLPattern, URLResolver, path

from ikm.views import (
    certificates,
    confirming,
    office,
    processes,
    products,
    profile,
    registration,
    reviews,
    sections,
    start,
)

app_name = "ikm"

urlpatterns: list[URLPattern | URLResolver] = [
    path("usaha/mulai/", start.start, name="start"),
    path("usaha/mulai/milik-saya/<str:token>/", start.claim, name="claim"),
    path("usaha/profil/", profile.profile, name="profile"),
    path("usaha/profil/<int:pk>/", profile.workshop, name="workshop"),
    path("usaha/profil/<int:pk>/periksa/", profile.check, name="check"),
    path("usaha/profil/<int:pk>/tarik-kembali/", profile.recall, name="recall"),
    path("usaha/profil/<int:pk>/masih-benar/", profile.confirm, name="confirm"),
    path("usaha/masih-benar/<str:token>/", confirming.still_correct, name="still_correct"),
    path("usaha/profil/<int:pk>/berhenti/", profile.withdraw, name="withdraw"),
    path("usaha/profil/bagian/<slug:section>/", sections.own_section, name="section"),
    path("usaha/profil/<int:pk>/bagian/<slug:section>/", sections.section, name="section"),
    path("usaha/profil/<int:pk>/mesin/", processes.machines, name="machines"),
    path("usaha/profil/<int:pk>/produk/baru/", products.new, name="product_new"),
    path("usaha/profil/<int:pk>/produk/<int:product>/", products.product, name="product"),
    path("usaha/profil/<int:pk>/produk/<int:product>/rincian/", products.details, name="product_details"),
    path("usaha/profil/<int:pk>/produk/<int:product>/kategori/", products.category, name="product_category"),
    path("usaha/profil/<int:pk>/produk/<int:product>/foto/", products.photo, name="product_photo"),
    path("usaha/profil/<int:pk>/produk/<int:product>/hapus/", products.retire, name="product_retire"),
    path("usaha/profil/<int:pk>/produk/<int:product>/kembalikan/", products.restore, name="product_restore"),
    path("usaha/profil/<int:pk>/sertifikat/baru/", certificates.new, name="certificate_new"),
    path("usaha/profil/<int:pk>/sertifikat/<int:certificate>/", certificates.certificate, name="certificate"),
    path(
        "usaha/profil/<int:pk>/sertifikat/<int:certificate>/berkas/",
        certificates.certificate_file,
        name="certificate_file",
    ),
    path(
        "usaha/profil/<int:pk>/sertifikat/<int:certificate>/hapus/",
        certificates.retire,
        name="certificate_retire",
    ),
    path(
        "usaha/profil/<int:pk>/sertifikat/<int:certificate>/kembalikan/",
        certificates.restore,
        name="certificate_restore",
    ),
    path("dinas/ikm/", office.of_the_office, name="of_the_office"),
    path("dinas/ikm/daftarkan/", registration.register_for_owner, name="register_for_owner"),
    path("dinas/ikm/<int:pk>/", reviews.review, name="review"),
]
