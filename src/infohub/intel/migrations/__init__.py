"""Schema steps of the app `intel`."""
