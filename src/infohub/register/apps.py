"""Registers the app `register`."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "infohub.register"
    label = "register"
