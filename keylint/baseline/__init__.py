"""Remember accepted findings, and tell new ones from known ones."""
