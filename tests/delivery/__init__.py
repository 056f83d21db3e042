"""Telling people: what mail carries, to whom it goes, and that it goes once."""
