"""What staff type about conversations, one module a subject."""
