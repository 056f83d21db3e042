"""Makes the shipped models again from the data they were made from, one module for each part."""
