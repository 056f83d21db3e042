"""What analysis says of catalogue entries: stored, decided by people, never beyond who may read the entry."""
