"""All addresses of the service; tests check that each belongs to a channel."""

from django.urls import include, path

from infohub.web import health
from infohub.web.mail_off import mail_off

handler404 = "infohub.web.errors.not_found"

urlpatterns = [
    path("", include("infohub.web.public.urls")),
    path("accounts/mail-off/<str:signed>/", mail_off, name="mail_off"),
    path("accounts/", include("infohub.web.accounts.urls")),
    path("member/", include("infohub.web.member.urls")),
    path("items/", include("infohub.web.items.urls")),
    path("office/", include("infohub.web.office.urls")),
    path("taxii2/", include("infohub.taxii.urls")),
    path("healthz", health.alive),
    path("readyz", health.ready),
]
