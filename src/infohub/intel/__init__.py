"""Collections of STIX objects and what is placed in them."""
