"""The foundations: the queue and the worker."""
