"""What belongs to what: texts that say the same, pieces of one story, reports about the same things."""
