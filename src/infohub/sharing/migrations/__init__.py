"""Schema steps of the app `sharing`."""
