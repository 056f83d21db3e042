"""Schema steps of the app `members`."""
