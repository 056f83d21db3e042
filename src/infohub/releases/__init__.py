"""Sanitised copies for the public and the desk that makes them."""
