"""The addresses of MISP below `/misp/`: feeds as files, and what a pulling MISP asks."""

from django.urls import re_path

from infohub.misp import feed

UUID = r"(?P<uuid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
COLLECTION = r"^collections/(?P<name>[^/\x00]+)"

urlpatterns = [
    re_path(rf"{COLLECTION}/manifest\.json$", feed.manifest),
    re_path(rf"{COLLECTION}/hashes\.csv$", feed.hashes),
    re_path(rf"{COLLECTION}/{UUID}\.json$", feed.event),
    re_path(r"", feed.nothing),
]
