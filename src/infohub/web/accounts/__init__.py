"""Sign-in, the second step and first set-up."""
