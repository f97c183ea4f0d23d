"""Pages of knowledge, one module a noun."""
