"""The search index on each database."""
