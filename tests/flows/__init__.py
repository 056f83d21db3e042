"""Walks through a running instance, as people and programs take them."""
