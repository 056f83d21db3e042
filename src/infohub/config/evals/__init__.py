"""What the analysis is worth: every task of the target table, measured on pinned data with fixed seeds."""
