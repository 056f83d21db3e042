"""OpenIOC 1.0 and 1.1, read and never written."""
