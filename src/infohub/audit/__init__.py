"""The append-only record of what was done, sealed into a hash chain."""
