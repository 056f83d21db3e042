"""What a text as a whole is: its kind and how bad it is, each with the words that say so."""
