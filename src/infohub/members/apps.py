"""Registers the app `members`."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "infohub.members"
    label = "members"
