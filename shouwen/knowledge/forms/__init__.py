"""Input about knowledge, one module a noun."""
