"""Figures of every kind of page beside their goals, for `script/pages`; the tests need only what judges them."""
