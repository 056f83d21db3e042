"""Who and what a text names: malicious software, attackers, tools, organisations, places, sectors, dates."""
