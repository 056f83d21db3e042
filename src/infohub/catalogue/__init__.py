"""One labelled row per findable thing, and the search over it."""
