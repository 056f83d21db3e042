"""The REST API: what a member's programs read and send, as JSON, behind the same policy as the pages."""
