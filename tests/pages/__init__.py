"""Pages that need more than one part."""
