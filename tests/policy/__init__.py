"""Who may read what: an oracle written apart from the product, and the proof that both agree."""
