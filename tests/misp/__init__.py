"""The TAXII face: what a machine asks and gets."""
