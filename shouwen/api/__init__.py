"""The one API under /api/v1."""
