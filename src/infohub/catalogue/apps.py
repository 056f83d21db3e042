"""Registers the app `catalogue`."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "infohub.catalogue"
    label = "catalogue"
