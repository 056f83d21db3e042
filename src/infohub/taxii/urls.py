"""The addresses of TAXII 2.1 below `/taxii2/`, with or without the closing slash (a redirect would lose the token)."""

from django.urls import re_path

from infohub.taxii import views

COLLECTION = r"^api/collections/(?P<name>[^/\x00]+)"
OBJECT = rf"{COLLECTION}/objects/(?P<stix_id>[^/\x00]+)"
UUID = r"(?P<uuid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"

urlpatterns = [
    re_path(r"^$", views.discovery),
    re_path(r"^api/?$", views.api_root),
    re_path(r"^api/collections/?$", views.collections),
    re_path(rf"{COLLECTION}/?$", views.collection),
    re_path(rf"{COLLECTION}/objects/?$", views.objects),
    re_path(rf"{COLLECTION}/manifest/?$", views.manifest),
    re_path(rf"{OBJECT}/?$", views.one_object),
    re_path(rf"{OBJECT}/versions/?$", views.versions),
    re_path(rf"^api/status/{UUID}/?$", views.status),
    re_path(r"", views.nothing),
]
