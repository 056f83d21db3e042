"""Tests of what a text says of techniques."""
