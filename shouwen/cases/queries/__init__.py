"""Reads about cases. Import each from its module."""
