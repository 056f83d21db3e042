"""The Public Zone: what anybody may read, from releases and published figures alone."""
