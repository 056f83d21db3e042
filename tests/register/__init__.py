"""The register: who may change what, and what it brings about."""
