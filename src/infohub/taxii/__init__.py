"""The TAXII 2.1 face: HTTP in, STIX out."""
