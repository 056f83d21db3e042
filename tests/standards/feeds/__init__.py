"""Promises of the codecs of outside sources."""
