"""Registers the app `intel`."""

from django.apps import AppConfig


class IntelConfig(AppConfig):
    name = "infohub.intel"
    label = "intel"
