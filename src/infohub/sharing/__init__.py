"""Items, their revisions, comments and attachments."""
