"""`infohub bench`: a large invented programme, and how fast its pages are beside a baseline of the same run."""
