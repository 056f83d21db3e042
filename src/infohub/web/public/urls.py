"""Addresses of the Public Zone: English plain, Chinese behind its prefix, /en/… led back to the plain ones."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import path

from infohub.web.languages import with_query
from infohub.web.public import advisories, feeds, home, known
from infohub.web.public.guidance import guidance
from infohub.web.public.prefix import in_every_language

app_name = "public"


def plain_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """English has no prefix; the target is a path of this site whatever stands behind /en/."""
    return HttpResponsePermanentRedirect(with_query(request, "/" + rest.lstrip("/\\")))


urlpatterns = [
    path("en/", plain_address),
    path("en/<path:rest>", plain_address),
    path(".well-known/security.txt", known.security_txt, name="security_txt"),
    in_every_language(
        path("", home.home, name="home"),
        path("advisories", advisories.advisories, name="advisories"),
        path("advisories/<str:ref>", advisories.advisory, name="advisory"),
        path("advisories/<str:ref>/indicators.csv", advisories.indicators_csv, name="csv"),
        path("advisories/<str:ref>/stix.json", advisories.stix, name="stix"),
        path("advisories/<str:ref>/advisory.pdf", advisories.pdf, name="pdf"),
        path("statistics", home.statistics, name="statistics"),
        path("guidance", home.help_pages, name="guidance"),
        path("guidance/first-hour", guidance("first-hour"), name="first_hour"),
        path("guidance/scam", guidance("scam"), name="scam"),
        path("guidance/basics", guidance("basics"), name="basics"),
        path("about", guidance("about", nav="about"), name="about"),
        path("about/accessibility", guidance("accessibility", nav="about"), name="accessibility"),
        path("about/notices", guidance("notices", nav="about"), name="notices"),
        path("feeds/public.atom", feeds.atom, name="atom"),
        path("feeds/public.json", feeds.json_feed, name="jsonfeed"),
    ),
]
