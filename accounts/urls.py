from django.urls import path

from accounts.views import account, alerts, cards, claims, members, notifications, privacy, security

app_name = "accounts"

urlpatterns = [
    path("akun/", account.settings_page, name="settings"),
    path("akun/data-diri/", account.revise_person, name="person"),
    path("akun/pilih/", account.choose, name="choose"),
    path("akun/langkah-kedua/", security.second_factor_needed, name="second_factor"),
    path("akun/persetujuan/", privacy.organisation_consent, name="consent"),
    path("akun/anggota/", members.members, name="members"),
    path("akun/anggota/satu-petugas/", members.same_person, name="same_person"),
    path("akun/anggota/<int:pk>/akhiri/", members.leave, name="leave"),
    path("akun/undangan/<int:pk>/batalkan/", members.withdraw_invitation, name="withdraw_invitation"),
    path("akun/undangan/<str:token>/", members.invitation, name="invitation"),
    path("akun/pemberitahuan/", notifications.notifications, name="notifications"),
    path("akun/pemberitahuan/terbaca/", notifications.read_all, name="read_all"),
    path("akun/pemberitahuan/<int:pk>/", notifications.open_notification, name="open_notification"),
    path("akun/kabar/<str:token>/", notifications.news, name="news"),
    path("kabar/berhenti/<str:token>/", alerts.unsubscribe, name="unsubscribe"),
    path("akun/whatsapp/", notifications.hand_over, name="hand_over"),
    path("akun/whatsapp/<int:pk>/", notifications.send, name="send"),
    path("akun/kartu/", cards.entry, name="card_entry"),
    path("akun/kartu/pin/", cards.pin, name="card_pin"),
    path("akun/kartu/<str:token>/", cards.scanned, name="card_scanned"),
    path("dinas/kartu/", cards.issued, name="cards"),
    path("dinas/kartu/baru/<int:organisation_pk>/", cards.issue, name="card_issue"),
    path("dinas/kartu/<int:pk>/", cards.print_card, name="card_print"),
    path("dinas/kartu/<int:pk>/batalkan/", cards.withdraw, name="card_withdraw"),
    path("dinas/pengakuan/", claims.waiting, name="claims"),
    path("dinas/pengakuan/<int:pk>/", claims.claim, name="claim"),
]
