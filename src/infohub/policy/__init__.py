"""Who may read and who may act: the one place that decides."""
