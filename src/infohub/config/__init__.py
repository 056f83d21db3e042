"""Settings, URLs, the WSGI entry point and the command line."""
