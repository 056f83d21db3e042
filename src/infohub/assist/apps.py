"""Registers the app `assist`."""

from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "infohub.assist"
    label = "assist"
