"""Small foundations: clock, references, Markdown, the due-row queue."""
