"""Schema steps of the app `register`."""
