"""ATT&CK techniques: the catalogue, what a text says of them, and the matrix of what was said."""
