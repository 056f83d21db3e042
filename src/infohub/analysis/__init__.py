"""What the hub reads out of a text: pure functions from text to findings, no Django, no network, no clock."""
