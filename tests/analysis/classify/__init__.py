"""Tests of what a text as a whole is."""
