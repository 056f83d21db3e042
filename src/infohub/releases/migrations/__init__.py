"""Schema steps of the app `releases`."""
