"""`infohub bench`: figures that anybody can make again, each beside a baseline of the same run."""
