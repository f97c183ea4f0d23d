"""A believable company, built through operations."""
