"""The people, organisations and groups of the programme: tables and queries only."""
