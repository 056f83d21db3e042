"""Collections for machines: what is placed where, when, and for whom."""
