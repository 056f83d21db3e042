"""TAXII 2.1: media types, query parameters, cursors and answers; no HTTP, only what goes through it."""
