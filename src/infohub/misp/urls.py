"""The addresses of MISP below `/misp/`: feeds as files, and what a pulling MISP asks."""

from django.urls import re_path

from infohub.misp import feed, reading

UUID = r"(?P<uuid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
COLLECTION = r"^collections/(?P<name>[^/\x00]+)"

urlpatterns = [
    re_path(rf"{COLLECTION}/manifest\.json$", feed.manifest),
    re_path(rf"{COLLECTION}/hashes\.csv$", feed.hashes),
    re_path(rf"{COLLECTION}/{UUID}\.json$", feed.event),
    re_path(r"^servers/getVersion(?:\.json)?/?$", reading.server),
    re_path(r"^servers/getPyMISPVersion\.json$", reading.library),
    re_path(r"^users/view/me(?:\.json)?/?$", reading.me),
    re_path(r"^attributes/describeTypes(?:\.json)?/?$", reading.types),
    re_path(r"^attributes/restSearch(?:\.json|/json)?/?$", reading.search_attributes),
    re_path(r"^events/index(?:\.json)?/?$", reading.index),
    re_path(r"^events/restSearch(?:\.json|/json)?/?$", reading.search_events),
    re_path(rf"^events/view/{UUID}(?:\.json)?(?P<more>(?:/[^/\x00]+)*)/?$", reading.event),
    re_path(r"^tags/index(?:\.json)?/?$", reading.tags),
    re_path(r"", feed.nothing),
]
