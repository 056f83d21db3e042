"""Registers the app `releases`."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "infohub.releases"
    label = "releases"
