"""Schema steps of the app `delivery`."""
