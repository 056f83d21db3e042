"""The pages of the programme office."""
