"""Input about cases. Import each form from its module."""
