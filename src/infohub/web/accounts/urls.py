"""Addresses of sign-in and set-up; allauth's others do not exist here."""

from django.urls import path, re_path

from infohub.web.accounts import recovery, setting_up, views

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
    path("passkey/", views.sign_in_with_passkey, name="accounts_passkey"),
    path("passkey/ask/", views.ask_for_passkey, name="accounts_passkey_ask"),
    path("2fa/ask/", views.ask_for_own_passkey, name="accounts_own_passkey_ask"),
    path("set-up/<str:secret>/", setting_up.set_up, name="accounts_set_up"),
    path("second-step/", setting_up.set_up_second_step, name="accounts_second_step"),
    path("second-step/passkey/", setting_up.add_passkey, name="accounts_passkey_new"),
    path("second-step/passkey/ask/", setting_up.ask_for_new_passkey, name="accounts_passkey_new_ask"),
    path("second-step/<int:pk>/rename/", setting_up.rename_passkey, name="accounts_passkey_rename"),
    path("second-step/<int:pk>/remove/", setting_up.remove_second_step, name="accounts_step_remove"),
    path("recovery/", recovery.ask, name="accounts_recovery"),
    path("recovery/stop/", recovery.stop, name="accounts_recovery_stop"),
    path("recovery/stop/<str:secret>/", recovery.stop_by_link, name="accounts_recovery_stop_link"),
    path("recovery-codes/", views.recovery_codes, name="accounts_recovery_codes"),
    path("recovery-codes/download/", views.download_recovery_codes, name="accounts_download_codes"),
    path("recovery-codes/renew/", views.renew_recovery_codes, name="accounts_renew_codes"),
    path("terms/", views.terms, name="accounts_terms"),
]
