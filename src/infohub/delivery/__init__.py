"""Telling people: notices in the product and by e-mail, as the exit table allows."""
