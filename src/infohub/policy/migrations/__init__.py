"""Schema steps of the app `policy`."""
