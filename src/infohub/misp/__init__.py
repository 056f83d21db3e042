"""The MISP face: what a pulling MISP and its Python library call."""
