"""Which texts answer a query, the best first, and by which of their sentences."""
