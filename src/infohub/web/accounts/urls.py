"""Addresses of sign-in and set-up; allauth's others do not exist here."""

from django.urls import path, re_path

from infohub.web.accounts import views

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("2fa/authenticate/", views.show_second_step, name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.show_second_step_again, name="mfa_reauthenticate"),
    path("logout/", views.sign_out, name="account_logout"),
    path("password/reset/", views.forgotten, name="account_reset_password"),
    path("password/reset/done/", views.forgotten_sent, name="account_reset_password_done"),
    path("password/reset/key/done/", views.new_password_set, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.new_password,
        name="account_reset_password_from_key",
    ),
    path("password/change/", views.change_password, name="account_change_password"),
    path("set-up/<str:secret>/", views.set_up, name="accounts_set_up"),
    path("second-step/", views.set_up_second_step, name="accounts_second_step"),
    path("recovery-codes/", views.recovery_codes, name="accounts_recovery_codes"),
    path("recovery-codes/download/", views.download_recovery_codes, name="accounts_download_codes"),
    path("recovery-codes/renew/", views.renew_recovery_codes, name="accounts_renew_codes"),
    path("terms/", views.terms, name="accounts_terms"),
]
