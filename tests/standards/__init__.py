"""Promises of the codecs."""
