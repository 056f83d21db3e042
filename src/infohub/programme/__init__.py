"""Moving in, the demonstration and the whole programme's figures."""
