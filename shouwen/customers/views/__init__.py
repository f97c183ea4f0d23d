"""Pages and fragments about customers."""
