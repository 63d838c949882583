from django.urls import path

from industry.views import attachments, companies, many, needs, office, reviews, topics

app_name = "industry"

urlpatterns = [
    path("perusahaan/daftar/", companies.start, name="start"),
    path("perusahaan/", companies.company, name="company"),
    path("perusahaan/milik-saya/<str:token>/", companies.claim, name="company_claim"),
    path("perusahaan/kirim/", companies.submit, name="company_submit"),
    path("perusahaan/tarik/", companies.recall, name="company_recall"),
    path("perusahaan/<slug:section>/", companies.section, name="company_section"),
    path("dinas/perusahaan/", office.of_the_office, name="of_the_office"),
    path("dinas/perusahaan/<int:pk>/", reviews.review, name="review"),
    path("kebutuhan/", needs.needs_list, name="needs"),
    path("kebutuhan/baru/", topics.new, name="need_new"),
    path("kebutuhan/banyak/", many.many, name="many"),
    path("kebutuhan/banyak/contoh.<slug:extension>", many.template, name="many_template"),
    path("kebutuhan/<int:pk>/", needs.need, name="need"),
    path("kebutuhan/<int:pk>/ubah/<slug:topic>/", topics.topic, name="need_topic"),
    path("kebutuhan/<int:pk>/terbaca/", topics.amount_words, name="amount_words"),
    path("kebutuhan/<int:pk>/buka/", needs.open_need, name="need_open"),
    path("kebutuhan/<int:pk>/tutup/", needs.close_need, name="need_close"),
    path("kebutuhan/<int:pk>/buka-lagi/", needs.reopen_need, name="need_reopen"),
    path("kebutuhan/<int:pk>/salin/", needs.copy_need, name="need_copy"),
    path("kebutuhan/<int:pk>/hapus/", needs.discard_need, name="need_discard"),
    path("kebutuhan/<int:pk>/lampiran/", attachments.attached, name="attachments"),
    path("kebutuhan/<int:pk>/kerahasiaan/", attachments.promise, name="promise"),
    path("kebutuhan/lampiran/<int:pk>/", attachments.attachment, name="attachment"),
    path("kebutuhan/lampiran/<int:pk>/hapus/", attachments.detach, name="attachment_remove"),
]
