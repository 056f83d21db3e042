"""Registers the app `audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "infohub.audit"
    label = "audit"
