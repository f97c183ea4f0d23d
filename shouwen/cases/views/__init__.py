"""Pages and fragments of cases. Import each view from its module."""
