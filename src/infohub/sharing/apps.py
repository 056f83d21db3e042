"""Registers the app `sharing`."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "infohub.sharing"
    label = "sharing"
