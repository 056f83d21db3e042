"""Schema steps of the app `audit`."""
