"""The ways out by which people are told."""
