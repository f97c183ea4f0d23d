"""Pages and JSON of conversations, one module a subject."""
