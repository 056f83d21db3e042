"""Registers the app `policy`."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "infohub.policy"
    label = "policy"
