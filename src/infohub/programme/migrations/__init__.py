"""Schema steps of the app `programme`."""
