"""Writes: one function a verb. Import each from its module."""
