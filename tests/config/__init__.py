"""The pages: what people see, and what their parts promise."""
