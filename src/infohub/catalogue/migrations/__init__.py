"""Schema steps of the app `catalogue`."""
