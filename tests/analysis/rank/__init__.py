"""Promises about what belongs together."""
