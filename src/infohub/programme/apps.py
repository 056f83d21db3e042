"""Registers the app `programme`."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "infohub.programme"
    label = "programme"
