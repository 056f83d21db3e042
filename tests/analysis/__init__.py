"""Promises of the pure text analysis."""
