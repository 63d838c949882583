"""The pages of django-allauth that the portal uses, under its own addresses; allauth knows them by these names.

Its views for strangers say so themselves, but for two: a code by mail, and a log-in with a passkey.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from accounts.views import security

urlpatterns = [
    path("akun/masuk/", account.login, name="account_login"),
    path(
        "akun/masuk/kode/",
        login_not_required(account.request_login_code),
        name="account_request_login_code",
    ),
    path("akun/masuk/kode/isi/", account.confirm_login_code, name="account_confirm_login_code"),
    path("akun/masuk/langkah-kedua/", mfa.authenticate, name="mfa_authenticate"),
    path("akun/masuk/kunci/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("akun/keluar/", account.logout, name="account_logout"),
    path("akun/nonaktif/", account.account_inactive, name="account_inactive"),
    path("akun/daftar/", account.signup, name="account_signup"),
    path("akun/pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/pastikan/kode/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("akun/pastikan/kunci/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("akun/email/", account.email, name="account_email"),
    path("akun/email/terkirim/", account.email_verification_sent, name="account_email_verification_sent"),
    path("akun/email/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("akun/sandi/", account.password_change, name="account_change_password"),
    path("akun/sandi/buat/", account.password_set, name="account_set_password"),
    path("akun/sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("akun/sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "akun/sandi/baru/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^akun/sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",  # the key has hyphens, the number has none
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("akun/keamanan/", mfa.index, name="mfa_index"),
    path("akun/keamanan/aplikasi/", totp.activate_totp, name="mfa_activate_totp"),
    path("akun/keamanan/aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("akun/keamanan/kunci/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("akun/keamanan/kunci/tambah/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("akun/keamanan/kunci/<int:pk>/ubah/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("akun/keamanan/kunci/<int:pk>/hapus/", security.remove_key, name="mfa_remove_webauthn"),
    path("akun/keamanan/kode-cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "akun/keamanan/kode-cadangan/buat/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/keamanan/kode-cadangan/unduh/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
