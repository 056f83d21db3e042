"""Promises about names in texts."""
