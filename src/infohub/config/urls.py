"""All addresses of the service; tests check that each belongs to a channel."""

from django.urls import include, path

from infohub.api.rest import api
from infohub.taxii.views import discovery
from infohub.web import health
from infohub.web.mail_off import mail_off
from infohub.web.mark import mark
from infohub.web.member import personal_feed

handler404 = "infohub.web.errors.not_found"

urlpatterns = [
    # Those of machines first: looking through all others takes a sixth of the time that one object takes.
    path("taxii2", discovery),
    path("taxii2/", include("infohub.taxii.urls")),
    path("misp/", include("infohub.misp.urls")),
    path("mark/<str:name>", mark, name="mark"),
    path("", include("infohub.web.public.urls")),
    path("feeds/mine/<str:secret>.atom", personal_feed.atom, name="personal_atom"),
    path("feeds/mine/<str:secret>.json", personal_feed.json_feed, name="personal_json"),
    path("accounts/mail-off/<str:signed>/", mail_off, name="mail_off"),
    path("accounts/", include("infohub.web.accounts.urls")),
    path("member/", include("infohub.web.member.urls")),
    path("items/", include("infohub.web.items.urls")),
    path("office/", include("infohub.web.office.urls")),
    path("api/v1/", api.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
]
