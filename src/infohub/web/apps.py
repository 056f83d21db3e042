"""Registers the app `web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "infohub.web"
    label = "web"
