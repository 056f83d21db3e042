"""Registers the app `delivery`."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "infohub.delivery"
    label = "delivery"
