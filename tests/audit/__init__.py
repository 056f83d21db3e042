"""The audit: nobody changes it, and whoever does is found out."""
